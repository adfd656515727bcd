"""The priority list: what its URL asks for, one page of children and pregnant women, its rows.

Children come sorted from SQL; pregnant women are a few hundred and are sorted here. A page is read
of both from the same place of their one order.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.http import QueryDict
from django.urls import reverse

from accounts.paging import PARAMETER, Keyed, Merged
from growth.classify import ALERT_LABELS
from regions.models import Region
from registry import measuring
from registry.alerts import priority
from registry.alerts.answers import ANSWERABLE, Said, with_answer
from registry.alerts.priority import BY_CODE, CAUSES, Factor, Woman
from registry.area import places_within
from registry.children.cards import NOT_MEASURED
from registry.lists import Asked
from registry.lookup import search
from registry.models import AlertAnswer, Child, Measurement, Mother
from registry.mothers.pregnancy import gestation

BACK = "daftar"  # carries the query of the list from which somebody came to answer
WHO = {"anak": "Anak", "ibu": "Ibu hamil"}
MINE = "saya"
ANSWERED = {
    "belum": "Belum dijawab",
    "sudah": "Sudah dijawab",
    MINE: "Saya ukur, dijawab orang lain minggu ini",
}
# What to do beside the alert's own next step.
STEPS = {
    "tidak_ditimbang": "Timbang dan ukur lagi; kunjungi rumahnya kalau tidak datang.",
    "belum_diperiksa": "Ajak ibu memeriksakan kehamilannya.",
    "lama_tak_periksa": "Ajak ibu memeriksakan kehamilannya.",
    "lewat_hpl": "Tanyakan apakah sudah bersalin, lalu catat.",
}
# What a visit's alert is made of, read along with the child.
VISIT = tuple(
    field.attname
    for field in Measurement._meta.concrete_fields
    if field.name not in {"id", "child", "created_by", "created_at", "reason"}
)
_KINDS = dict(AlertAnswer.Kind.choices)
ANSWER = {
    "answer_kind": "kind", "answer_on": "done_on", "answer_note": "note",
    "answer_by": "created_by__full_name",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Somebody on the list: how many points and why, what to do, and what was done."""

    name: str
    url: str
    about: str  # age, or weeks of pregnancy
    mother: str
    desa: str
    posyandu: str
    points: int
    factors: tuple[Factor, ...]
    tone: str
    label: str
    reasons: tuple[str, ...]
    steps: tuple[str, ...]
    answer: Said | None
    answer_url: str


class PriorityList(Asked):
    """``/prioritas/?desa=&posyandu=&siapa=anak|ibu&sebab=<code>&jawaban=belum|sudah&q=``."""

    name = "registry:priority"
    action = "see_children"
    labels = {
        "desa": ("Desa/kelurahan", "Semua"),
        "posyandu": ("Posyandu", "Semua"),
        "siapa": ("Siapa", "Semua"),
        "sebab": ("Sebab", "Semua"),
        "jawaban": ("Tindak lanjut", "Semua"),
    }

    def __init__(self, query: QueryDict, user: Any, action: str = "") -> None:
        self.factors = {factor.code: factor for factor in priority.table(user.programme)}
        super().__init__(query, user, action)

    def places(self) -> list[Region]:
        """The desa of the user; ``posyandu_of`` names the posyandu of each. One query."""
        found = places_within(self.user, self.action)
        self.posyandu_of = {desa.code: rows for desa, rows in found}
        return [desa for desa, _ in found]

    def choices(self) -> dict[str, dict[str, str]]:
        """Posyandu are offered once a desa is chosen, or when there is but one."""
        asked = self.query.get("desa", "") if len(self.desa_list) > 1 else ""
        code = asked or (self.desa_list[0].code if len(self.desa_list) == 1 else "")
        return {
            "desa": {desa.code: desa.title for desa in self.desa_list},
            "posyandu": dict(self.posyandu_of.get(code, [])),
            "siapa": WHO,
            "sebab": {code: self.factors[code].words for code in CAUSES if code != "dijawab"},
            "jawaban": ANSWERED,
        }

    @property
    def noun(self) -> str:
        return {"anak": "anak", "ibu": "ibu hamil"}.get(self.values["siapa"], "anak dan ibu hamil")

    @property
    def state(self) -> str:
        done = self.values["jawaban"] in ("sudah", MINE)
        return "sudah ditindaklanjuti" if done else "perlu ditindaklanjuti"

    @property
    def where_and_when(self) -> str:
        """`` di Posyandu Melati, Desa Ledug`` behind the number of the lead."""
        found = dict(self.choices()["posyandu"]).get(self.values["posyandu"], "")
        place = [f"Posyandu {found}" if found else "", self.desa.title if self.desa else ""]
        said = ", ".join(word for word in place if word)
        return f" di {said}" if said else ""

    order = priority.ORDER

    def rows(self) -> Merged:
        """Children and pregnant women with a cause, as filtered, the most points first."""
        return Merged((Keyed(self.children(), self._shown), self.women()))

    def row(self, found: Any) -> Row:
        return self._of_woman(found) if isinstance(found, Woman) else self._of_child(found)

    @cached_property
    def _people(self) -> tuple[Any, Any]:
        """The children and the mothers asked for, whatever their state; both are searched in one
        question."""
        user, who = self.user, self.values["siapa"]
        action = "see_mothers" if self.action == type(self).action else self.action
        children = self._placed(Child.objects.in_scope(user, self.action))
        mothers = self._placed(Mother.objects.in_scope(user, action))
        children = children.none() if who == "ibu" else children
        mothers = mothers.none() if who == "anak" or not user.may(action) else mothers
        if q := self.values["q"]:
            return search.people(children, mothers, q, user.programme)
        return children, mothers

    # --- Children ---

    def children(self) -> Any:
        """Every child with a cause, as filtered."""
        rows = priority.scored(self._people[0], self.user.programme, self.today)
        if sebab := self.values["sebab"]:
            rows = self._having(rows, sebab)
        match self.values["jawaban"]:
            case "belum":
                rows = priority.unanswered(rows)
            case "sudah":
                rows = self._having(rows, "dijawab")
            case "saya":
                rows = priority.answered_by_others(rows, self.user)
        return rows

    def _shown(self, rows: Any) -> Any:
        """A few of these children with what a row shows."""
        rows = priority.scored(rows, self.user.programme, self.today)
        rows = priority.with_factors(rows, self.user.programme, self.today)
        answer = {name: F(f"answer__{column}") for name, column in ANSWER.items()}
        visit = {f"visit_{name}": F(f"visit__{name}") for name in VISIT}
        rows = with_answer(rows.with_last()).annotate(**answer, **visit)
        return rows.select_related("desa", "posyandu", "mother").defer("nik", "mother__nik")

    def _having(self, rows: Any, code: str) -> Any:
        if "anak" not in BY_CODE[code].of:
            return rows.none()
        return priority.having(rows, code, self.user.programme, self.today)

    def _of_child(self, child: Any) -> Row:
        codes = priority.codes_of(child)
        child.programme = self.user.programme  # in scope: there is no other
        seen = child.visit_measured_on is not None
        numbers = {name: getattr(child, f"visit_{name}") for name in VISIT}
        alert = (
            measuring.visit_of(Measurement(child=child, **numbers)).alert if seen else NOT_MEASURED
        )
        acute = child.latest_alert in ANSWERABLE or not seen
        return Row(
            name=child.name,
            url=reverse("registry:child", args=[child.code]),
            about=child.age_text(self.today),
            mother=child.mother.name if child.mother else "",
            tone=child.latest_alert or "netral",
            label=ALERT_LABELS.get(child.latest_alert, "Belum diukur"),
            reasons=alert.reasons if acute else (),
            steps=_steps(alert.next_step if acute else "", codes),
            answer=_said(child),
            answer_url=self._answer_url("registry:alert-answer", child.code, acute),
            **self._common(child, codes),
        )

    # --- Pregnant women ---

    def women(self) -> list[Woman]:
        """Every pregnant woman with a cause, as filtered, the most points first."""
        found = priority.weighed(self._people[1], self.user.programme, self.today)
        return [woman for woman in found if self._is_asked(woman)]

    def _is_asked(self, woman: Woman) -> bool:
        sebab, jawaban = self.values["sebab"], self.values["jawaban"]
        if jawaban == MINE:  # about children one has measured
            return False
        if jawaban and (jawaban == "sudah") != ("dijawab" in woman.codes):
            return False
        if jawaban == "belum" and woman.alert.level not in ANSWERABLE:
            return False
        return not sebab or sebab in woman.codes

    def _of_woman(self, woman: Woman) -> Row:
        mother, alert = woman.mother, woman.alert
        weeks = gestation(woman.carried.begun, self.today)
        acute = alert.level in ANSWERABLE
        return Row(
            name=mother.name,
            url=reverse("registry:mother", args=[mother.code]),
            about=f"hamil {weeks[0]} minggu" if weeks else "hamil",
            mother="",
            tone=alert.level,
            label=alert.label,
            reasons=alert.reasons,
            steps=_steps(alert.next_step, woman.codes),
            answer=_said(mother),
            answer_url=self._answer_url("registry:mother-alert-answer", mother.code, acute),
            **self._common(mother, woman.codes),
        )

    # --- Both ---

    def _placed(self, rows: Any) -> Any:
        rows = rows.in_desa(self.desa)
        chosen = self.values["posyandu"]
        return rows.filter(posyandu__code=chosen) if chosen else rows

    def _common(self, person: Any, codes: list[str]) -> dict[str, Any]:
        return {
            "desa": person.desa.name,
            "posyandu": str(person.posyandu or ""),
            "points": priority.points_of(codes),
            "factors": tuple(self.factors[code] for code in codes),
        }

    def _answer_url(self, name: str, code: str, acute: bool) -> str:
        """Where an alert is answered; the way back to this page of the list goes with it."""
        if not (acute and self.user.may("answer_alert")):
            return ""
        here = self.url(hal=self.query.get(PARAMETER, "")).partition("?")[2]
        return f"{reverse(name, args=[code])}?{urlencode({BACK: here})}"


def _steps(first: str, codes: list[str]) -> tuple[str, ...]:
    found = [first, *(STEPS[code] for code in codes if code in STEPS)]
    return tuple(dict.fromkeys(step for step in found if step))


def _said(person: Any) -> Said | None:
    if not person.answer_kind:
        return None
    on: date = person.answer_on
    return Said(_KINDS[person.answer_kind], on, person.answer_note, person.answer_by or "")
