"""Where the kader's style sheet in a programme's colours is, and the form's script."""

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


@register.simple_tag
def form_js() -> str:
    """``/merek/formulir.js?v=<version>``."""
    return f"{reverse('form-script')}?v={brand.version(brand.form_script())}"
