"""The kader's style sheet in a programme's colours: its address, and in the page itself."""

from typing import Any

from django import template
from django.urls import reverse

from kempling import brand
from regions.models import Programme

register = template.Library()


@register.filter
def kader_css(programme: Programme) -> str:
    """``/merek/<code>.css?kader=<version>``; may be kept for ever, a change has another address."""
    version = brand.version(brand.whole_sheet(programme))
    return f"{reverse('brand', args=[programme.code])}?kader={version}"


class _Sheet(template.Node):
    """The one inline sheet of the portal, with the nonce the policy of its answer names.

    Only a file of ours and two colours that a check lets in (kempling/programmes.py) stand in it.
    """

    def render(self, context: template.Context) -> str:
        sheet = brand.whole_sheet(context.get("programme"))
        return f'<style nonce="{context["request"].csp_nonce}">\n{sheet}</style>'


@register.tag
def kader_sheet(_parser: Any, _token: Any) -> _Sheet:
    return _Sheet()
