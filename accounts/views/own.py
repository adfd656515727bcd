"""One's own account: taking up an invitation, changing the programme worked in."""

from allauth.account import views as account
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import workflow
from accounts.access import who
from accounts.forms import AcceptForm
from accounts.middleware import LIST_COOKIE
from accounts.models import Invitation
from accounts.transitions import Refused
from accounts.views.phone import asks_for_pin


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time address: the person invited sets name, user name and password."""
    invitation = Invitation.objects.open_for(token.lower())
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    form = AcceptForm(invitation.user, request.POST or None)
    done = _take_up(request, token.lower(), form) if form.is_valid() else None
    if done:
        return done
    context = {"form": form, "person": invitation.user, "title": "Siapkan akun Anda"}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/accept.html", context, status=status)


@sensitive_variables("token")
def _take_up(request: HttpRequest, token: str, form: AcceptForm) -> HttpResponse | None:
    """On to the sign-in page; None, with the sentence in the form, when refused."""
    given = form.cleaned_data
    try:
        user = workflow.accept(
            token, given["full_name"], given["password1"], given.get("username", "")
        )
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None
    messages.success(request, f"Akun Anda siap. Masuk dengan nama pengguna {user.username}.")
    return redirect("account_login")


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """A bound phone asks for its PIN; every other browser for user name and password."""
    if asks_for_pin(request):
        wanted = request.GET.urlencode(safe="/")
        return redirect(reverse("pin") + (f"?{wanted}" if wanted else ""))
    response: HttpResponse = account.login(request)
    return response


def change_password(request: HttpRequest) -> HttpResponse:
    """Not for a kader who has only ever had a PIN: there is no password to change."""
    if not who(request).has_usable_password():
        return redirect("home")
    response: HttpResponse = account.password_change(request)
    return response


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and what the browser kept of the pages with it (security.md §1.12).

    Whose session has ended and who then presses "Keluar" is already out: no sign-in first. What
    the phone stores by itself stays: a kader's unsent reports wait there.
    """
    response: HttpResponse = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
        response.delete_cookie(LIST_COOKIE)
    return response


@require_POST
def switch_programme(request: HttpRequest) -> HttpResponseRedirect:
    """Work in another programme of one's own grants; there is no page that shows both."""
    programme = workflow.switch_programme(who(request), request.POST.get("code", ""))
    request.session["programme_id"] = programme.pk
    messages.success(request, f"Sekarang Anda bekerja di {programme.short_name}.")
    return redirect("home")
