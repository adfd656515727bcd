"""Form of a partner."""

from interventions.forms.plain import PlainForm, chosen
from interventions.models import Partner
from registry.fields import NameField


class PartnerForm(PlainForm):
    name = NameField(label="Nama mitra")
    kind = chosen("Jenis", Partner.Kind.choices)
