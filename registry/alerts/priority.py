"""Who is helped first: the factors that give points, as one table that users see too.

A child's factors are conditions in SQL, so that points, order and reasons come from one query
however many children there are; a pregnant woman's are weighed in Python by the one function that
makes her alert (registry/mothers/alert.py), since a kecamatan has a few hundred of them.

The points are the project's own proposal, in the order of the alert table (domain.md §1.8): no
source ranks these signs by number.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils import timezone

from accounts.paging import Order
from growth.classify import ALERT_RANK
from regions.models import Programme
from registry.alerts.answers import ANSWERABLE, standing_rows, with_answer_key
from registry.models import AlertAnswer, Child, Measurement, Mother, PregnancyCheck
from registry.models.children import LAST, months_before, told_by, unweighed
from registry.models.families import Household
from registry.mothers.alert import STALE_AFTER, Carried, MotherAlert, carried_by, mother_alert
from registry.mothers.pregnancy import ANAEMIA, HIGH_RISK, KEK
from registry.standards import limit, pregnancy_limits

ANSWER_WITHIN = timedelta(days=7)
NEWS = timedelta(days=7)
LOW_BIRTH_WEIGHT_G = 2500
TERM_WEEKS = 37
URGENT = ("merah", "oranye")
UNSAFE_WATER = (Household.Water.TIDAK_LAYAK, Household.Water.TIDAK_ADA)
UNSAFE_LATRINE = (Household.Latrine.BELUM_LAYAK, Household.Latrine.TERBUKA)


class Factor(NamedTuple):
    """One reason: its points, its words on a row, and what the table says of it.

    ``cause``: it puts somebody on the list. The others only add points to who is on it.
    """

    code: str
    points: int
    words: str
    rule: str
    of: str  # "anak", "ibu" or "anak, ibu"
    cause: bool = False


BOTH, CHILD, MOTHER = "anak, ibu hamil", "anak", "ibu hamil"
FACTORS = (
    Factor("merah", 100, "Tanda merah belum dijawab",
           "Tanda MERAH pada ukuran atau pemeriksaan terakhir, belum dijawab", BOTH, True),
    Factor("oranye", 50, "Tanda oranye belum dijawab", "Tanda ORANYE, belum dijawab", BOTH, True),
    Factor("belum_diukur", 25, "Belum pernah diukur", "Belum pernah diukur, belum dijawab",
           CHILD, True),
    Factor("belum_diperiksa", 25, "Kehamilan belum pernah diperiksa",
           "Kehamilan ini belum pernah diperiksa", MOTHER, True),
    Factor("lewat_hpl", 25, "HPL sudah lewat", "Hari perkiraan lahir sudah lewat", MOTHER, True),
    Factor("kuning", 20, "Tanda kuning belum dijawab",
           "Tanda KUNING (ukur ulang atau lengkapi data), belum dijawab", BOTH, True),
    Factor("tidak_ditimbang", 20, "Tidak ditimbang {months} bulan",
           "Pernah diukur, tetapi tidak ditimbang {months} bulan atau lebih", CHILD, True),
    Factor("lama_tak_periksa", 20, f"Tidak diperiksa {STALE_AFTER.days} hari",
           f"Pemeriksaan terakhir lebih dari {STALE_AFTER.days} hari lalu", MOTHER, True),
    Factor("belum_lengkap", 10, "LiLA atau Hb perlu diperiksa",
           "LiLA atau Hb belum diperiksa pada kehamilan ini", MOTHER, True),
    Factor("dijawab", 0, "Tanda sudah dijawab",
           "Tanda sudah dijawab: angka tandanya tidak dihitung lagi", BOTH, True),
    Factor("lama", 15, "Lebih dari 7 hari belum dijawab",
           "Tanda MERAH atau ORANYE lebih dari 7 hari belum dijawab", BOTH),
    Factor("bgm", 15, "Di bawah garis merah", "Berat di bawah garis merah (BB/U < −3 SD)", CHILD),
    Factor("2t", 15, "Berat tidak naik 2 kali", "Berat tidak naik 2 kali berturut-turut (2T)",
           CHILD),
    Factor("t", 8, "Berat tidak naik", "Berat tidak naik 1 kali (T)", CHILD),
    Factor("memburuk", 10, "Memburuk sejak kunjungan lalu",
           "Tandanya lebih berat daripada kunjungan sebelumnya", CHILD),
    Factor("kek", 15, "KEK atau risiko KEK", "KEK atau risiko KEK", MOTHER),
    Factor("anemia", 15, "Anemia", "Anemia", MOTHER),
    Factor("risiko", 10, "Kehamilan risiko tinggi", "4T atau ibu pendek", MOTHER),
    Factor("baduta", 10, "Di bawah 2 tahun", "Umur di bawah 2 tahun (1.000 hari pertama)", CHILD),
    Factor("bblr", 5, "Berat lahir rendah", "Berat lahir di bawah 2.500 gram", CHILD),
    Factor("prematur", 5, "Lahir prematur", "Lahir sebelum 37 minggu", CHILD),
    Factor("air", 5, "Air minum tidak layak", "Air minum keluarga tidak layak atau tidak ada",
           BOTH),
    Factor("jamban", 5, "Tanpa jamban layak", "Jamban belum layak atau BABS terbuka", BOTH),
)  # fmt: skip
BY_CODE = {factor.code: factor for factor in FACTORS}
CAUSES = tuple(factor.code for factor in FACTORS if factor.cause)
POINTED = tuple(factor.code for factor in FACTORS if factor.cause and factor.points)
# The most points first; of equal points children before pregnant women, then by name.
ORDER = Order("prioritas", ("less", "kind", "name_key", "id"))
CHILDREN, WOMEN = 0, 1
# The alias of a factor's column: a code may begin with a digit, an alias may not.
_COLUMN = "is_{}".format


def table(programme: Programme) -> list[Factor]:
    """The factors with the programme's own limits in their words, as users read them."""
    months = f"{limit(programme, 'unweighed_months'):.0f}"
    return [
        factor._replace(
            words=factor.words.format(months=months), rule=factor.rule.format(months=months)
        )
        for factor in FACTORS
    ]


def counted(codes: list[str]) -> list[str]:
    """The factors that count: without a cause that has points (all is answered) nothing is added,
    so that who is answered sinks below everybody who waits."""
    waits = any(code in POINTED for code in codes)
    return [code for code in codes if waits or code in CAUSES]


def points_of(codes: Iterable[str]) -> int:
    return sum(BY_CODE[code].points for code in codes)


# --- Children, in SQL --------------------------------------------------------------------------

# What falls with an answer to the alert; the rest stays as long as somebody is on the list.
ASKING = ("merah", "oranye", "kuning", "belum_diukur", "lama", "bgm", "2t", "t", "memburuk")
ON_THE_LIST = max(ALERT_RANK[level] for level in ANSWERABLE)


def visit_tests(today: date) -> dict[str, Q]:
    """code -> the condition on the visit a child stands by, a row of ``_seen``."""
    worse = Q(alert="merah", before__in=("oranye", "biru", "hijau")) | Q(
        alert="oranye", before__in=("biru", "hijau")
    )
    return {
        "lama": Q(alert__in=URGENT, measured_on__lt=today - ANSWER_WITHIN),
        "bgm": Q(waz__lt=-3, waz_flag=False),
        "2t": Q(t_run__gte=2),
        "t": Q(t_run=1),
        "memburuk": worse,
    }


HOME_TESTS = {"air": Q(water__in=UNSAFE_WATER), "jamban": Q(latrine__in=UNSAFE_LATRINE)}


def own_tests(programme: Programme, today: date) -> dict[str, Q]:
    """code -> the condition on the child's own row; answered alerts are taken out later."""
    months = round(limit(programme, "unweighed_months"))
    measured = Q(last_visit__isnull=False)
    return {
        "merah": Q(rank=ALERT_RANK["merah"]),
        "oranye": Q(rank=ALERT_RANK["oranye"]),
        "kuning": Q(rank=ALERT_RANK["kuning"]) & measured,
        "belum_diukur": ~measured,
        "tidak_ditimbang": measured & unweighed(today, months),
        "dijawab": Q(rank__lte=ON_THE_LIST, answer_pk__isnull=False),
        "baduta": Q(birth_date__gt=months_before(today, 24)),
        "bblr": Q(birth_weight_g__lt=LOW_BIRTH_WEIGHT_G),
        "prematur": Q(gestation_weeks__lt=TERM_WEEKS),
    }


def scored(children: Any, programme: Programme, today: date) -> Any:
    """The balita with a cause, ``less``: their points as a negative number.

    ``children`` is any ChildQuerySet; the heaviest stand first. No large table is joined: each is
    asked for one row by its key, so that this costs what the children of the area cost.
    """
    own, open_ = own_tests(programme, today), Q(answer_pk__isnull=True)
    rows = with_answer_key(children.balita(today).here(today))
    # Answered or not, who asks for an answer stands on the list; and who was not weighed.
    rows = rows.filter(Q(rank__lte=ON_THE_LIST) | own["tidak_ditimbang"])
    asking = _points(own, ASKING) + _points_of(_seen(), visit_tests(today))
    always = _points(own, own.keys() - set(ASKING)) + _points_of(_home(), HOME_TESTS)
    points = Case(When(open_, then=asking), default=Value(0)) + always
    waits = (open_ & Q(rank__lte=ON_THE_LIST)) | own["tidak_ditimbang"]
    less = Case(When(waits, then=Value(0) - points), default=Value(0))
    return ORDER.sorted(rows.annotate(less=less, kind=Value(CHILDREN)))


def with_factors(children: Any, programme: Programme, today: date) -> Any:
    """Each factor as a boolean column ``is_…``."""
    children = with_answer_key(children)
    own = {code: Q(test) for code, test in own_tests(programme, today).items()}
    seen = {code: Q(told_by(_seen(), test)) for code, test in visit_tests(today).items()}
    home = {code: Q(told_by(_home(), test)) for code, test in HOME_TESTS.items()}
    tests = own | seen | home
    open_ = Q(answer_pk__isnull=True)
    for code in ASKING:
        tests[code] = open_ & tests[code]
    return children.annotate(**{_COLUMN(code): test for code, test in tests.items()})


def _seen() -> Any:
    """The visit a child stands by, ``before`` it the alert of the one before."""
    earlier = Measurement.objects.current().filter(
        child=OuterRef("child"), measured_on__lt=OuterRef("measured_on")
    )  # fmt: skip
    return LAST.annotate(before=Subquery(earlier.order_by("-measured_on").values("alert")[:1]))


def _home() -> Any:
    return Household.everyone.filter(pk=OuterRef("household")).order_by()


def _points(tests: dict[str, Q], codes: Iterable[str]) -> Any:
    """The points of those that hold, added up in SQL."""
    total: Any = Value(0)
    for code in codes:
        if code in tests and (points := BY_CODE[code].points):
            total = total + Case(When(tests[code], then=Value(points)), default=Value(0))
    return total


def _points_of(rows: Any, tests: dict[str, Q]) -> Any:
    """The same, of one row of another table; 0 where there is none."""
    added = rows.annotate(points=_points(tests, tests)).values("points")[:1]
    return Coalesce(Subquery(added), Value(0))


def codes_of(child: Any) -> list[str]:
    """The factors that hold for a row of ``with_factors``, in the order of the table."""
    return counted([f.code for f in FACTORS if getattr(child, _COLUMN(f.code), False)])


def having(children: Any, code: str, programme: Programme, today: date) -> Any:
    """The rows of ``scored`` for which the factor holds."""
    return with_factors(children, programme, today).filter(**{_COLUMN(code): True})


def unanswered(children: Any) -> Any:
    """The rows of ``scored`` that ask for an answer and have none."""
    return children.filter(rank__lte=ON_THE_LIST, answer_pk__isnull=True)


def answered_by_others(children: Any, user: Any) -> Any:
    """The rows of ``scored`` whose last visit this person made and whose alert somebody else
    answered this week."""
    rows = children.filter(rank__lte=ON_THE_LIST).of_visit(LAST, Q(created_by=user))
    this_week = Q(created_at__gte=timezone.now() - NEWS) & ~Q(created_by=user.pk)
    return rows.filter(told_by(standing_rows(), this_week))


# --- Pregnant women, in Python -----------------------------------------------------------------


class Woman(NamedTuple):
    """A pregnant woman with her points, before anybody asks for her row."""

    mother: Any
    carried: Carried
    alert: MotherAlert
    codes: list[str]
    points: int

    # Her place in the list, beside the children's columns.
    @property
    def kind(self) -> int:
        return WOMEN

    @property
    def less(self) -> int:
        return -self.points

    @property
    def name_key(self) -> str:
        return self.mother.name_key

    @property
    def id(self) -> int:
        return self.mother.pk


def weighed(mothers: Any, programme: Programme, today: date) -> list[Woman]:
    """The pregnant women of a MotherQuerySet who have a cause, the most points first."""
    living = mothers.here(today).with_state(today)
    rows = with_mother_answer(living.filter(carried_hpht__isnull=False))
    rows = rows.select_related("desa", "posyandu", "household").defer("nik", "household__kk")
    limits = pregnancy_limits(programme)
    women = []
    for mother in rows:
        carried = carried_by(mother)
        found = mother_alert(carried, today, limits)
        codes = mother_codes(mother, carried, found, today)
        if any(BY_CODE[code].cause for code in codes):
            women.append(Woman(mother, carried, found, codes, points_of(codes)))
    return ORDER.arranged(women)


def with_mother_answer(mothers: Any) -> Any:
    """Add the last answer since the last examination: ``answer_kind``, ``answer_on``,
    ``answer_note``, ``answer_by``; after ``Mother.objects.with_state``."""
    checks = PregnancyCheck.objects.current().filter(pregnancy=OuterRef("carried__pk"))
    rows = mothers.annotate(
        written_at=Subquery(checks.order_by("-checked_on", "-id").values("created_at")[:1])
    )
    unchecked = Q(IsNull(OuterRef("written_at"), True))
    answers = AlertAnswer.objects.filter(pregnancy=OuterRef("carried__pk")).filter(
        unchecked | Q(created_at__gte=OuterRef("written_at"))
    )
    last = answers.order_by("-done_on", "-id")
    return rows.annotate(
        answer_kind=Subquery(last.values("kind")[:1]),
        answer_on=Subquery(last.values("done_on")[:1]),
        answer_note=Subquery(last.values("note")[:1]),
        answer_by=Subquery(last.values("created_by__full_name")[:1]),
    )


def mother_codes(mother: Any, carried: Carried, found: MotherAlert, today: date) -> list[str]:
    """The factors that hold for a row of ``with_mother_answer``, in the order of the table."""
    answered = mother.answer_kind is not None
    urgent, checked = found.level in URGENT, carried.checked_on
    tests = {
        **{level: found.level == level and not answered for level in (*URGENT, "kuning")},
        "belum_diperiksa": checked is None,
        "lewat_hpl": today > carried.hpl,
        "lama_tak_periksa": checked is not None and today - checked > STALE_AFTER,
        "belum_lengkap": checked is not None and None in (carried.lila, carried.hb),
        "dijawab": answered and found.level in ANSWERABLE,
        "lama": urgent and not answered and checked is not None
        and today - checked > ANSWER_WITHIN,
        "kek": KEK in found.kinds and not answered,
        "anemia": ANAEMIA in found.kinds and not answered,
        "risiko": HIGH_RISK in found.kinds and not answered,
        "air": mother.household.water in UNSAFE_WATER,
        "jamban": mother.household.latrine in UNSAFE_LATRINE,
    }  # fmt: skip
    return counted([factor.code for factor in FACTORS if tests.get(factor.code)])


# --- What waits --------------------------------------------------------------------------------


def waiting(user: Any) -> dict[str, int]:
    """How many children and pregnant women wait for an answer of this person, for the home page:
    ``merah``, ``oranye``, and ``unweighed`` children; three queries."""
    programme, today = user.programme, user.programme.today()
    months = round(limit(programme, "unweighed_months"))
    rows = Child.objects.in_scope(user, "answer_alert").balita(today).here(today)
    ranks = {ALERT_RANK[level]: level for level in URGENT}
    open_ = with_answer_key(rows.filter(rank__in=ranks)).filter(answer_pk__isnull=True)
    found = dict.fromkeys(URGENT, 0)
    for rank, count in open_.order_by().values_list("rank").annotate(Count("pk")):
        found[ranks[rank]] = count
    found["unweighed"] = rows.unweighed(today, months).count()
    for woman in weighed(Mother.objects.in_scope(user, "answer_alert"), programme, today):
        for level in URGENT:
            found[level] += level in woman.codes
    return found
