"""The pages on the kader's own phone: binding it, its PIN, another PIN, and what became of it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts import devices as phones
from accounts import phone_sessions
from accounts.access import who
from accounts.device_forms import ChangePinForm, NewPinForm, PinForm
from accounts.models import Device, Enrolment
from accounts.transitions import Refused

WITH_PASSWORD = "sandi"  # noqa: S105  the word in the address of the page without the PIN


@login_not_required
@never_cache
@sensitive_post_parameters("pin", "pin_again")
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time address on the kader's phone: she chooses a PIN and is in."""
    known = Enrolment.objects.open_for(token.lower())
    if known is None:
        return render(request, "accounts/enrolment_gone.html", status=404)
    form = NewPinForm(request.POST or None)
    done = _bind(request, token.lower(), form) if form.is_valid() else None
    if done:
        return done
    context = {"form": form, "person": known.user, "programme": known.programme}
    return render(request, "accounts/enrol.html", context, status=422 if form.is_bound else 200)


@sensitive_variables("token", "secret")
def _bind(request: HttpRequest, token: str, form: NewPinForm) -> HttpResponse | None:
    """Home, signed in; None, with the sentence in the form, when refused."""
    name = phone_sessions.phone_name(request.headers.get("User-Agent", ""))
    carried = phone_sessions.carried(request)
    try:
        device, secret = phones.enrol(token, name, form.cleaned_data["pin"], carried)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None
    phone_sessions.begin(request, device)
    response = redirect("home")
    phone_sessions.give_cookie(response, secret)
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """What a bound phone asks instead of a password; on a revoked one, what to do now."""
    device = phone_sessions.carried(request)
    if device is None:
        return redirect(_to_password(request))
    if request.user.is_authenticated:
        return redirect(_wanted(request))
    if device.revoked_at:
        return _gone(request, device)
    form = PinForm(request.POST or None)
    if request.method == "POST":
        done = _open(request, device, form)
        if done:
            return done
    context = {
        "form": form, "person": device.user, "programme": device.programme,
        "next": _wanted(request, ""), "to_password": _to_password(request),
    }  # fmt: skip
    return render(request, "accounts/pin.html", context, status=422 if form.errors else 200)


def _open(request: HttpRequest, device: Device, form: PinForm) -> HttpResponse | None:
    """In; the page of a revoked phone; or None, with the sentence in the form."""
    if not form.is_valid():
        return None
    try:
        phones.unlock(device, form.cleaned_data["pin"])
    except Refused as refused:
        device.refresh_from_db(fields=["revoked_at", "wiped_at"])
        if device.revoked_at:
            return _gone(request, device)
        form.add_error("pin", refused.sentence)
        return None
    phone_sessions.begin(request, device)
    response = redirect(_wanted(request))
    phone_sessions.renew_cookie(request, response)
    return response


def _gone(request: HttpRequest, device: Device) -> HttpResponse:
    """The script on this page hands over what waits, and wipes (static/js/hp.js)."""
    context = {"programme": device.programme, "device": device, "home": _to_password(request)}
    return render(request, "accounts/device_gone.html", context)


@login_not_required
@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """For the script: ``{"state": "bound" | "revoked" | "wiped" | "none", "csrf": token}``."""
    device = phone_sessions.carried(request)
    word = "none"
    if device:
        word = "wiped" if device.wiped_at else "revoked" if device.revoked_at else "bound"
    return JsonResponse({"state": word, "csrf": get_token(request)})


@never_cache
@sensitive_post_parameters("old_pin", "pin", "pin_again")
@require_http_methods(["GET", "HEAD", "POST"])
def change_pin(request: HttpRequest) -> HttpResponse:
    """Another PIN; only in a session that this phone opened."""
    user, device = who(request), phone_sessions.carried(request)
    if device is None or device.user_id != user.pk or request.session.get("device") != device.code:
        raise Http404
    form = ChangePinForm(request.POST or None)
    if form.is_valid():
        try:
            phones.change_pin(device, form.cleaned_data["old_pin"], form.cleaned_data["pin"])
        except Refused as refused:
            form.add_error("old_pin", refused.sentence)
        else:
            return _with_new_pin(request, device)
    context = {"form": form, "title": "Ganti PIN"}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/change_pin.html", context, status=status)


def _with_new_pin(request: HttpRequest, device: Device) -> HttpResponse:
    """A new session id: a copy of the old one is dead."""
    request.session.cycle_key()
    device.session_key = ""
    phone_sessions.bind(request, device)
    return redirect("home")


def asks_for_pin(request: HttpRequest) -> bool:
    """Whether the sign-in page of this browser is the one with the PIN."""
    if request.method != "GET" or WITH_PASSWORD in request.GET or request.user.is_authenticated:
        return False
    device = phone_sessions.carried(request)
    return device is not None and device.wiped_at is None


def _wanted(request: HttpRequest, otherwise: str = "/") -> str:
    """The page one came for, when it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else otherwise


def _to_password(request: HttpRequest) -> str:
    kept = {WITH_PASSWORD: "1"}
    wanted = _wanted(request, "")
    return reverse("account_login") + "?" + urlencode(kept | ({"next": wanted} if wanted else {}))
