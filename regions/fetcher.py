"""What a PDF may draw on: ``data:`` addresses and the portal's own packaged files, nothing else.

With WeasyPrint's own fetcher a child's name could embed any file of the machine in the Camat's
PDF (security.md §1.4). Imported by ``paper.pdf`` alone: WeasyPrint takes half a second to load.
"""

import mimetypes

from django.conf import settings
from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "asset:"
STATIC = settings.BASE_DIR / "static"
# Files by name, found once: nothing in an address can lead out of this list.
ASSETS = {
    path.relative_to(STATIC).as_posix(): path
    for path in sorted([STATIC / "css" / "paper.css", *(STATIC / "img").glob("*.svg")])
}


class PackagedOnly(URLFetcher):
    """Refuse every other address, and keep it: a refusal inside an SVG is swallowed on its way."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), fail_on_errors=True)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        path = ASSETS.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if path is None:
            self.refused.append(url)
            raise PermissionError("not a packaged file")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
