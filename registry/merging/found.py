"""The other card of a person, looked for by hand; and merges as people read them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from registry.merging.hanging import label_of, model_of
from registry.merging.journal import cells, removed
from registry.merging.pairs import ACTION
from registry.merging.review import KIND_WORDS, MODELS
from registry.merging.undoing import WORDS
from registry.models import Merge
from registry.models.placed import Known
from registry.names import name_key

MOST = 20
CARDS = {"child": "registry:child", "mother": "registry:mother"}


def others(user: Any, person: Known, typed: str) -> list[Any]:
    """The cards in the person's area that answer to a name, an address or a code."""
    key = name_key(typed)
    if not key:
        return []
    model: Any = type(person)
    columns, related = _BY[str(model._meta.model_name)]
    alike = Q(code=typed.lower())
    for column in columns:
        alike |= Q(**{column: key if column.endswith("key__contains") else typed})
    rows = model.objects.in_scope(user, ACTION).exclude(pk=person.pk).filter(alike)
    return list(rows.select_related("desa", "posyandu", *related).distinct()[:MOST])


# kind → what is searched, what a line shows
_BY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "child": (("name_key__contains", "mother__name_key__contains"), ("mother", "household")),
    "mother": (("name_key__contains",), ("household",)),
    "household": (("head_name__icontains", "address__icontains"), ()),
}


def card_url(kind: str, code: str) -> str:
    """The address of a card; "" for a kind that has none."""
    return reverse(CARDS[kind], args=[code]) if kind in CARDS else ""


def rows(merges: Iterable[Merge]) -> list[dict[str, Any]]:
    """Merges as lines of a list: who became one, when, by whom, and whether it still stands."""
    merges = list(merges)
    names = _names(merges)
    return [
        {"merge": merge, "word": KIND_WORDS[merge.kind].capitalize(),
         "kept": names.get(merge.kept_code, "–"), "gone": names.get(merge.gone_code, "–"),
         "url": reverse("registry:merge", args=[merge.code])}
        for merge in merges
    ]  # fmt: skip


def _names(merges: list[Merge]) -> dict[str, str]:
    """Code → what the card is called; one query a kind."""
    found: dict[str, str] = {}
    for kind, model in MODELS.items():
        codes = {code for m in merges if m.kind == kind for code in (m.kept_code, m.gone_code)}
        known: Any = model
        secret = "kk" if kind == "household" else "nik"
        people = known.everyone.filter(code__in=codes).defer(secret)
        found |= {person.code: str(person) for person in people}
    return found


def done(merge: Merge) -> dict[str, list[str]]:
    """What a merge did, in words: ``moved`` to the kept card, ``aside`` kept with the merge."""
    pairs = {(label, gone): kept for label, kept, gone in merge.moved["pairs"]}
    moved: Counter[str] = Counter()
    for (label, _, name), (before, after) in cells(merge.moved["steps"]).items():
        field: Any = model_of(label)._meta.get_field(name)
        owner = label_of(field.related_model) if field.is_relation else ""
        if pairs.get((owner, before)) == after and name != "merged_into_id":
            moved[_word(label)] += 1
    aside = Counter(_word(label_of(row)) for row in removed(merge.moved["steps"]))
    return {
        "moved": [f"{n} {word}" for word, n in moved.items() if word],
        "aside": [f"{n} {word}" for word, n in aside.items() if word],
    }


def _word(label: str) -> str:
    return WORDS.get(label.rpartition(".")[2], "")
