"""Alerts are answered, and the priority list says who comes first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from growth.classify import SCREENING
from registry import exports, measuring
from registry.alerts import answers
from registry.alerts.priority_list import BACK, PriorityList
from registry.children.cards import NOT_MEASURED
from registry.exports import Offer
from registry.forms.alerts import AnswerForm
from registry.models import AlertAnswer, Child, Mother
from registry.mothers.alert import carried_in, mother_alert
from registry.standards import pregnancy_limits
from registry.views.people import asked, seen, told

FILES = (
    Offer(exports.EXCEL, "registry:priority-export", "xlsx"),
    Offer(exports.CSV, "registry:priority-export", "csv"),
)
NOT_PREGNANT = "Ibu ini tidak tercatat hamil, jadi tidak ada tanda yang perlu dijawab."


@allowed("see_children")
@require_safe
def priority(request: HttpRequest) -> HttpResponse:
    """Children and pregnant women of the area, the most points first, with the reasons."""
    chosen = PriorityList(request.GET, request.user)
    page = chosen.page()
    why = f"n={len(page.rows)} of {page.count}"
    record(request.user, "list_priority", fields=chosen.used, why=why, action="see_children")
    context = {
        "rows": [chosen.row(found) for found in page.rows],
        "chosen": chosen,
        "count": page.count,
        "form": chosen.form(),
        "pager": chosen.pager(page),
        "downloads": exports.offers(chosen, *FILES),
        "factors": chosen.factors.values(),
        "screening": SCREENING,
        "today": chosen.today,
    }
    return render(request, "registry/alerts/priority.html", context)


@allowed("answer_alert")
@require_http_methods(["GET", "HEAD", "POST"])
def child_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the alert of a child's latest visit."""
    rows = Child.objects.in_scope(request.user, "answer_alert")
    found = get_object_or_404(rows.select_related("programme", "mother"), code=code)
    visit = answers.latest_visit(found)
    alert = measuring.visit_of(visit).alert if visit else NOT_MEASURED
    if visit and visit.alert == answers.GOOD:
        messages.info(request, answers.NOTHING_TO_ANSWER)
        return redirect("registry:child", code=code)
    return _answer(request, found, found, "registry:child", alert)


@allowed("answer_alert")
@require_http_methods(["GET", "HEAD", "POST"])
def mother_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the alert of the pregnancy a mother carries."""
    rows = Mother.objects.in_scope(request.user, "answer_alert")
    found = get_object_or_404(rows.select_related("programme"), code=code)
    carried = found.pregnancies.filter(ended_on__isnull=True).order_by("-hpht").first()
    if carried is None:
        messages.error(request, NOT_PREGNANT)
        return redirect("registry:mother", code=code)
    checks = carried.checks.current().order_by("-checked_on", "-id")
    limits = pregnancy_limits(found.programme)
    alert = mother_alert(carried_in(carried, checks), found.programme.today(), limits)
    return _answer(request, found, carried, "registry:mother", alert)


def _answer(request: HttpRequest, person: Any, about: Any, card: str, alert: Any) -> HttpResponse:
    form = AnswerForm(asked(request), today=person.programme.today())
    status = 200 if not form.is_bound else 422
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = answers.answer(
                request.user, about, given["kind"], given["done_on"], given["note"]
            )
        except Refused as refused:
            status = told(form, refused)
        else:
            messages.success(request, _thanks(made))
            return redirect(_after(request, made) or reverse(card, args=[person.code]))
    seen(request, person, "answer_alert")
    context = {
        "person": person,
        "form": form,
        "alert": alert,
        "back": reverse(card, args=[person.code]),
    }
    return render(request, "registry/alerts/answer.html", context, status=status)


def _after(request: HttpRequest, made: AlertAnswer) -> str:
    """The page of the priority list somebody came from; "" where the card is the next step."""
    if BACK not in request.GET or made.kind == AlertAnswer.Kind.DIUKUR_ULANG:
        return ""
    return f"{reverse('registry:priority')}?{QueryDict(request.GET[BACK]).urlencode()}".rstrip("?")


def _thanks(made: AlertAnswer) -> str:
    said = f"Tindak lanjut tercatat: {answers.said(made).sentence}."
    if made.kind == AlertAnswer.Kind.DIUKUR_ULANG:
        said += " Masukkan juga hasil ukurnya."
    return said
