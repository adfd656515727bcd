"""The forms of sign-in, of invitations and of grants, in our words."""

import unicodedata
from datetime import date
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm as MfaAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from accounts.models import Grant, User
from accounts.roles import Role
from regions.models import Posyandu, Programme

MISSING = "Isi dahulu bagian ini."
# On a phone the keyboard would begin a user name with a capital and mend its spelling.
PLAIN_TYPING = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
PASSWORD_HINT = "Paling sedikit 10 huruf atau angka, dan bukan kata yang mudah ditebak."  # noqa: S105


def _reword(form: forms.Form, **labels: str) -> None:
    """Give an allauth form our labels; no placeholder stands in for a label."""
    form.hide_optional = True  # type: ignore[attr-defined]
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.error_messages["required"] = MISSING
        field.widget.attrs.pop("placeholder", None)


# --- Sign-in ------------------------------------------------------------------------------------


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, login="Nama pengguna", password="Kata sandi")  # noqa: S106
        self.fields["login"].widget.attrs |= PLAIN_TYPING

    def clean_login(self) -> str:
        """User names are lower case (``invite``), however a phone wrote them."""
        return super().clean_login().lower()


class ConfirmForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, password="Kata sandi Anda")  # noqa: S106


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(
            self,
            oldpassword="Kata sandi yang sekarang",  # noqa: S106
            password1="Kata sandi baru",  # noqa: S106
            password2="Ketik kata sandi baru sekali lagi",  # noqa: S106
        )
        self.fields["password1"].help_text = PASSWORD_HINT

    def clean(self) -> dict[str, Any]:
        """The two new ones must be the same; allauth says so in words that are not ours."""
        given = forms.Form.clean(self) or {}
        _same_twice(self, given)
        return given


def _same_twice(form: forms.Form, given: dict[str, Any]) -> None:
    if given.get("password1") and given["password1"] != given.get("password2"):
        form.add_error("password2", "Kedua kata sandi tidak sama. Ketik sekali lagi.")


def _code_box(form: forms.Form) -> None:
    _reword(form, code="Kode 6 angka")
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", **PLAIN_TYPING}


class CodeForm(MfaAuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_box(self)
        self.fields["code"].help_text = "Atau salah satu kode cadangan Anda."


class ConfirmCodeForm(MfaReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_box(self)


class ActivateSecondFactorForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_box(self)


# --- Invitations --------------------------------------------------------------------------------

USERNAME = RegexValidator(
    r"\A[a-z0-9](?:[a-z0-9._-]{1,28})[a-z0-9]\Z",
    "Pakai 3 sampai 30 huruf kecil, angka, titik, atau garis; misalnya siti.melati.",
)


class PersonNameField(forms.CharField):
    """A person's name: NFC, no control characters, single spaces."""

    def __init__(self) -> None:
        super().__init__(label="Nama lengkap", max_length=120)
        self.error_messages["required"] = MISSING

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(value or ""))
        kept = (" " if c.isspace() else c for c in text if c.isspace() or c.isprintable())
        return " ".join("".join(kept).split())


class AcceptForm(forms.Form):
    """What somebody invited sets: name, user name, password. A known user name stays."""

    hide_optional = True
    full_name = PersonNameField()
    username = forms.CharField(
        label="Nama pengguna",
        help_text="Dipakai untuk masuk. Huruf kecil, tanpa spasi; misalnya siti.melati.",
        widget=forms.TextInput({"autocomplete": "username", **PLAIN_TYPING}),
    )
    password1 = forms.CharField(
        label="Kata sandi",
        strip=False,
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Ketik kata sandi sekali lagi",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"full_name": user.full_name}
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            field.error_messages["required"] = MISSING
        if user.has_chosen_name:
            del self.fields["username"]

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).lower()
        USERNAME(name)
        if name.startswith(User.UNNAMED):
            raise ValidationError("Nama pengguna ini tidak dapat dipakai. Pilih yang lain.")
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError("Nama pengguna ini sudah dipakai. Pilih yang lain.")
        return name

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        _same_twice(self, given)
        if given.get("password1"):
            self._check_password(given)
        return given

    def _check_password(self, given: dict[str, Any]) -> None:
        """Not like the name, not common, long enough; the user itself is not touched yet."""
        person = User(
            username=given.get("username", self.user.username), full_name=given.get("full_name", "")
        )
        try:
            validate_password(given["password1"], person)
        except ValidationError as error:
            self.add_error("password1", error)


# --- Grants -------------------------------------------------------------------------------------

# The area a role needs besides its programme; the others work in the whole kecamatan.
AREA_OF_ROLE = {
    Role.KADER: "posyandu",
    Role.BIDAN: "desa",
    Role.PUSKESMAS: "puskesmas",
    Role.MITRA: "partner",
}
WITH_DEPUTY = {Role.CAMAT, Role.SEKCAM, Role.KASI}


class GrantForm(forms.Form):
    """One role for one person: the area it needs, the deputy's title, and how long."""

    hide_optional = True
    posyandu = forms.ModelChoiceField(Posyandu.objects.none(), label="Posyandu")
    desa = forms.ModelMultipleChoiceField(
        Posyandu.objects.none(), label="Desa", widget=forms.CheckboxSelectMultiple
    )
    puskesmas = forms.ModelChoiceField(Posyandu.objects.none(), label="Puskesmas")
    partner = forms.ModelChoiceField(Posyandu.objects.none(), label="Mitra")
    acting = forms.ChoiceField(
        label="Pejabat", choices=[("", "Definitif"), *Grant.Acting.choices[1:]], required=False
    )
    valid_from = forms.DateField(
        label="Berlaku dari", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label="Berlaku sampai",
        required=False,
        help_text="Kosongkan bila tidak ada batasnya.",
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    def __init__(self, programme: Programme, role: str, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": timezone.localdate()}
        super().__init__(*args, **kwargs)
        needed = AREA_OF_ROLE.get(Role(role))
        for name in AREA_OF_ROLE.values():
            if name != needed:
                del self.fields[name]
        if role not in WITH_DEPUTY:
            del self.fields["acting"]
        self._offer(programme, needed)
        for name in ("valid_from", "valid_until"):
            self.fields[name].error_messages |= {
                "required": "Isi tanggalnya.",
                "invalid": "Tanggal ini tidak ada di kalender.",
            }

    def _offer(self, programme: Programme, needed: str | None) -> None:
        """Only what belongs to this programme can be chosen."""
        if needed:
            # Partner belongs to an app above this one: reached through the programme's own rows.
            choices = {
                "posyandu": programme.posyandu.active().select_related("desa"),
                "desa": programme.desa(),
                "puskesmas": programme.puskesmas.all(),
                "partner": programme.partners.filter(is_active=True),
            }[needed]
            self.fields[needed].queryset = choices  # type: ignore[attr-defined]
            # No primary key goes out or comes in (security.md §1.2); a puskesmas has its name.
            self.fields[needed].to_field_name = (  # type: ignore[attr-defined]
                "name" if needed == "puskesmas" else "code"
            )
            self.fields[needed].error_messages |= dict.fromkeys(
                ("required", "invalid_choice", "invalid_list", "invalid_pk_value"),
                "Pilih dahulu dari daftarnya.",
            )
        if needed == "posyandu":
            self.fields[needed].label_from_instance = _posyandu_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("valid_from"), given.get("valid_until")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("valid_until", "Tanggal akhirnya sebelum tanggal mulainya.")
        return given


class InviteForm(GrantForm):
    """A new person and their first role."""

    full_name = PersonNameField()
    field_order = ("full_name",)


def _posyandu_label(posyandu: Posyandu) -> str:
    return f"{posyandu.name}, {posyandu.desa.title}"
