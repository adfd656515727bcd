"""Alerts of the demo that were answered, so that the lists show what an answer looks like."""

from datetime import timedelta

from accounts.models import User
from growth.classify import ALERT_RANK
from regions.models import Programme
from registry.alerts import answers, priority
from registry.models import AlertAnswer, Child, Mother, Pregnancy

K = AlertAnswer.Kind
# who answers for the first child of their list, what was done, note
CHILDREN = (
    ("bidan", K.DIRUJUK, "Diantar kader, diterima petugas gizi (contoh)"),
    ("kader", K.DIKUNJUNGI, "Rumah dikunjungi, ibu diberi tahu hasilnya (contoh)"),
    ("puskesmas", K.DIRUJUK, "Dipastikan tenaga gizi puskesmas (contoh)"),
    ("petugas", K.DIUKUR_ULANG, ""),
)


def load(programme: Programme, cast: dict[str, User]) -> None:
    """A few children, and the thin mother; each answered by somebody who may see them."""
    for role, kind, note in CHILDREN:
        child = _open(programme, cast[role])
        if child:
            _answer(cast[role], child, kind, note)
    thin = _thin(programme, cast["bidan"])
    if thin:
        _answer(cast["bidan"], thin, K.DIRUJUK, "Dirujuk ke puskesmas, diusulkan PMT (contoh)")


def _open(programme: Programme, user: User) -> Child | None:
    """The first child of this person's list that waits with an orange sign."""
    rows = priority.scored(Child.objects.in_scope(user), programme, programme.today())
    found: Child | None = priority.unanswered(rows).filter(rank=ALERT_RANK["oranye"]).first()
    return found


def _thin(programme: Programme, user: User) -> Pregnancy | None:
    women = priority.weighed(Mother.objects.in_scope(user), programme, programme.today())
    thin = [one.mother for one in women if "kek" in one.codes]
    return Pregnancy.objects.filter(mother__in=thin, ended_on__isnull=True).first()


def _answer(user: User, about: Child | Pregnancy, kind: str, note: str) -> None:
    today = about.programme.today()
    answers.answer(user, about, kind, today - timedelta(days=1), note)
