"""Setujui yang wajar: the harmless reports on one page, then each verified by its own act."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import allowed
from accounts.models import record
from registry.desk import harmless
from registry.models import Submission
from registry.queue import ReportList

NAMED = 5  # receipts named in a sentence; of more only the reasons are counted


@allowed("verify_report")
@require_http_methods(["GET", "HEAD", "POST"])
def harmless_reports(request: HttpRequest) -> HttpResponse:
    """Show exactly what will be verified; then verify what was ticked."""
    chosen = ReportList(request.GET, request.user)
    if request.method == "POST":
        _approve(request)
        return HttpResponseRedirect(reverse("registry:queue") + chosen.kept)
    rows = list(harmless.candidates(chosen.waiting)[: harmless.LOOKED_AT])
    everything = Submission.objects.in_scope(request.user).waiting()
    found = harmless.sort(request.user, rows, harmless.twins_among(everything))
    shown = found.harmless[: harmless.MOST]
    why = f"n={len(shown)} of {len(rows)}"
    record(request.user, "list_reports", fields=chosen.used, why=why, action="verify_report")
    context = {
        "rows": shown,
        "more": len(found.harmless) - len(shown),
        "others": Counter(said for _, said in found.others).most_common(),
        "left": len(found.others),
        "chosen": chosen,
        "most": harmless.MOST,
    }
    return render(request, "registry/harmless.html", context)


def _approve(request: HttpRequest) -> None:
    """Verify what was ticked, and say what was done and what was left out."""
    ticked = request.POST.getlist("report")
    if not ticked:
        messages.warning(request, "Belum ada yang dicentang, jadi tidak ada yang diverifikasi.")
        return
    done = harmless.approve(request.user, ticked)
    if done.harmless:
        messages.success(request, f"{len(done.harmless)} laporan terverifikasi.")
    if done.others:
        messages.warning(request, _left_out(done))


def _left_out(done: harmless.Sorted) -> str:
    """``2 laporan tidak ikut: 7K2M-… sudah ditangani petugas lain; …``."""
    if len(done.others) <= NAMED:
        said = [f"{report.receipt_text} {why}" for report, why in done.others]
    else:
        counts = Counter(why for _, why in done.others)
        said = [f"{number} {why}" for why, number in counts.most_common()]
    return f"{len(done.others)} laporan tidak ikut: {'; '.join(said)}."
