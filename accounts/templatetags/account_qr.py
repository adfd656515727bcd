"""``{% qr_path totp_url as qr %}``: a QR as one SVG path; the CSP allows no ``data:`` picture."""

from typing import Any

import segno
from django import template

register = template.Library()
MARGIN = 4  # modules of white around, as the standard asks


@register.simple_tag
def qr_path(address: str) -> dict[str, Any]:
    """``{"side": modules with the margin, "path": the dark modules}``."""
    rows = segno.make(address, error="m").matrix
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return {"side": len(rows) + 2 * MARGIN, "path": "".join(dark)}
