"""Synthetic families, and second records of their children as people really write them.

``world(seed)`` gives children who are known and records that come in: some of them are known
children written down once more, with the mistakes of ``NOISE``; the others are new (``OTHERS``):
twins, brothers and sisters, namesakes, strangers. All names are drawn from lists of words; every
person is made up. The search for duplicates was tuned on seed 1 alone.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from tests.name_words import BOYS, FATHERS, GIRLS, MOTHERS, SECOND_BOY, SECOND_GIRL

# How often a second record differs, and how. Several at once are usual.
NOISE = {
    "typo": 0.08,  # a letter beside the right one, one too many, two swapped
    "missing letter": 0.05,
    "double letter": 0.06,  # doubled, or no longer doubled
    "other spelling": 0.15,  # kh/h/k, q/k, f/v/p, z/s/j, sy/s, y/i, dz, th
    "old spelling": 0.03,  # oe, tj, dj, j for y, nj, sj
    "swapped words": 0.04,
    "joined words": 0.04,  # Nur Hasanah, Nurhasanah
    "only one word": 0.04,
    "initial": 0.04,  # Rizki S.
    "abbreviated Muhammad": 0.50,  # of those who are called so
    "title": 0.04,  # An., H.
    "letter case": 0.30,
    "day and month swapped": 0.02,  # where both are twelve at most
    "one day off": 0.03,
    "month precision": 0.08,  # an age in months instead of a date
    "mother's name missing": 0.08,
    "mother's name abbreviated": 0.06,
    "mother's name misspelt": 0.12,
    "father's name missing": 0.35,
    "father's name misspelt": 0.08,
    "NIK missing": 0.50,
    "one digit of the NIK wrong": 0.02,
    "wrong sex": 0.005,
    "moved to another posyandu": 0.06,  # half of them to another desa
}
# Who comes in besides: parts of those who are not known yet.
OTHERS = {"twin": 0.06, "brother or sister": 0.40, "namesake": 0.24, "stranger": 0.30}
KNOWN_ALREADY = 0.6  # of the records that come in
HAVE_NIK = 0.7
TODAY = date(2026, 11, 1)
DAYS = 1800
DESA = 8


KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = {
    letter: "".join(row[max(0, at - 1) : at] + row[at + 1 : at + 2])
    for row in KEYS
    for at, letter in enumerate(row)
}
SPELLINGS = (("kh", "h"), ("kh", "k"), ("h", "kh"), ("q", "k"), ("f", "p"), ("f", "v"), ("v", "f"),
             ("z", "s"), ("z", "j"), ("sy", "s"), ("dh", "d"), ("d", "dh"), ("dz", "z"),
             ("th", "t"), ("y", "i"), ("i", "y"), ("ie", "i"), ("o", "u"), ("a", "o"),
             ("h", ""))  # fmt: skip
OLD = (("u", "oe"), ("j", "dj"), ("y", "j"), ("c", "tj"), ("ny", "nj"), ("sy", "sj"))
MUHAMMAD = ("Muh.", "M.", "Moh.", "Mohammad", "Muhamad", "Mochamad", "Mohamad", "Moch.", "M")


@dataclass(frozen=True)
class Record:
    """A child as one list has it; ``truth`` numbers the real child, ``noise`` is what was done."""

    truth: int
    name: str
    sex: str
    birth_date: date
    precision: str
    desa: int
    posyandu: int
    mother_name: str
    father_name: str
    nik: str
    birth_order: int | None
    family: int
    noise: tuple[str, ...] = ()


@dataclass
class World:
    """Who is known, and what comes in; ``is_new`` of those whom no known record tells of."""

    known: list[Record] = field(default_factory=list)
    asked: list[Record] = field(default_factory=list)

    def is_new(self, record: Record) -> bool:
        return record.truth >= len(self.known)


@cache
def _weights(count: int) -> list[float]:
    return list(accumulate(1 / (place + 4) for place in range(count)))


class Maker:
    """Draws families and their second records, the same for the same seed."""

    def __init__(self, seed: int, desa: int = DESA) -> None:
        self.desa = desa
        self.chance = random.Random(f"keluarga {seed}")
        self.number = 0
        self.families = 0
        self.serials: dict[str, int] = {}

    # --- Families ---

    def word(self, pool: list[str]) -> str:
        """A few words are borne by many, most by few."""
        return self.chance.choices(pool, cum_weights=_weights(len(pool)))[0]

    def name(self, first: list[str], second: list[str], *, single: float = 0.06) -> str:
        count = self.chance.choices((1, 2, 3), (single, 0.5, 0.44 - single + 0.06))[0]
        words = [self.word(first), *(self.word(second) for _ in range(count - 1))]
        if count == 3 and self.chance.random() < 0.5:
            words[1] = self.word(first)
        return " ".join(dict.fromkeys(words))

    def child_name(self, sex: str) -> str:
        return self.name(*((BOYS, SECOND_BOY) if sex == "L" else (GIRLS, SECOND_GIRL)))

    def nik(self, born: date, sex: str, desa: int) -> str:
        day = born.day + (40 if sex == "P" else 0)
        stem = f"3302{20 if self.chance.random() < 0.85 else 17:02d}{day:02d}{born:%m%y}"
        self.serials[stem] = self.serials.get(stem, 0) + 1
        return f"{stem}{self.serials[stem]:04d}"

    def family(self) -> list[Record]:
        """One to three children of one mother, now and then twins."""
        self.families += 1
        mother = self.name(MOTHERS, MOTHERS, single=0.15)
        father = self.name(FATHERS, FATHERS, single=0.2)
        desa = self.chance.randrange(self.desa)
        count = self.chance.choices((1, 2, 3), (0.62, 0.33, 0.05))[0]
        place = (desa, desa * 5 + self.chance.randrange(5), mother, father, self.families)
        born = TODAY - timedelta(days=self.chance.randrange(DAYS))
        children: list[Record] = []
        for order in range(1, count + 1):
            children.append(self.child(place, born, order))
            if self.chance.random() < 0.012:
                children.append(self.twin(children[-1]))
            born -= timedelta(days=self.chance.randrange(330, 1500))
        return [child for child in children if (TODAY - child.birth_date).days < DAYS]

    def child(self, place: tuple[Any, ...], born: date, order: int, name: str = "") -> Record:
        desa, posyandu, mother, father, family = place
        sex = self.chance.choice("LP")
        return Record(
            -1, name or self.child_name(sex), sex, born, "day", desa, posyandu, mother, father,
            self.nik(born, sex, desa) if self.chance.random() < HAVE_NIK else "",
            order if self.chance.random() < 0.5 else None, family,
        )  # fmt: skip

    def place_of(self, child: Record) -> tuple[Any, ...]:
        return child.desa, child.posyandu, child.mother_name, child.father_name, child.family

    def twin(self, child: Record) -> Record:
        """Born on the same day; in half of the families with a name that rhymes."""
        other = self.child(self.place_of(child), child.birth_date, (child.birth_order or 1) + 1)
        first, *rest = child.name.split()
        if self.chance.random() < 0.5:
            other = replace(other, name=" ".join([self.rhyme(first, other.sex), *rest]))
        return other

    def rhyme(self, word: str, sex: str) -> str:
        """A name that sounds like this one, or at least begins with the same letter."""
        pool = BOYS if sex == "L" else GIRLS
        near = [other for other in pool if other[0] == word[0] and other != word]
        return RHYMES.get(word) or self.chance.choice(near or pool)

    def sibling(self, child: Record) -> Record:
        """Another year, often with a word of the name in common."""
        apart = timedelta(days=self.chance.randrange(330, 1300))
        before, after = child.birth_date - apart, child.birth_date + apart
        born = after if after <= TODAY and self.chance.random() < 0.7 else before
        other = self.child(self.place_of(child), born, (child.birth_order or 1) + 1)
        if self.chance.random() < 0.4:
            kept = self.chance.choice(child.name.split())
            other = replace(other, name=" ".join(dict.fromkeys([*other.name.split()[:1], kept])))
        return other

    def namesake(self, child: Record) -> Record:
        """The same name in another family, mostly in the same desa."""
        mother, father = (self.name(pool, pool) for pool in (MOTHERS, FATHERS))
        desa = child.desa if self.chance.random() < 0.7 else self.chance.randrange(self.desa)
        self.families += 1
        place = (desa, desa * 5 + self.chance.randrange(5), mother, father, self.families)
        born = TODAY - timedelta(days=self.chance.randrange(DAYS))
        if self.chance.random() < 0.05:
            born = child.birth_date
        return replace(self.child(place, born, 1, child.name), sex=child.sex)

    def stranger(self, child: Record) -> Record:
        while not (children := self.family()):
            pass
        return children[0]

    # --- Second records ---

    def again(self, record: Record) -> Record:
        """The record written down once more, by somebody else."""
        for kind, rate in NOISE.items():
            if self.chance.random() < rate:
                noisy = self.spoil(kind, record)
                if noisy != record:
                    record = replace(noisy, noise=(*record.noise, kind))
        return record

    def spoil(self, kind: str, record: Record) -> Record:
        if kind in ON_NAMES:
            return replace(record, name=ON_NAMES[kind](self, record.name))
        match kind:
            case "day and month swapped" if record.birth_date.day <= 12:
                born = record.birth_date
                return replace(record, birth_date=date(born.year, born.day, born.month))
            case "one day off":
                step = timedelta(days=self.chance.choice((-1, 1)))
                return replace(record, birth_date=record.birth_date + step)
            case "month precision":
                return replace(record, birth_date=self.from_age(record.birth_date),
                               precision="month")  # fmt: skip
            case "mother's name missing":
                return replace(record, mother_name="")
            case "mother's name abbreviated":
                return replace(record, mother_name=self.shortened(record.mother_name))
            case "mother's name misspelt":
                return replace(record, mother_name=self.misspelt(record.mother_name))
            case "father's name missing":
                return replace(record, father_name="")
            case "father's name misspelt":
                return replace(record, father_name=self.misspelt(record.father_name))
            case "NIK missing":
                return replace(record, nik="")
            case "one digit of the NIK wrong" if record.nik:
                return replace(record, nik=self.wrong_digit(record.nik))
            case "wrong sex":
                return replace(record, sex="P" if record.sex == "L" else "L")
            case "moved to another posyandu":
                desa = self.chance.choice((record.desa, self.chance.randrange(self.desa)))
                return replace(record, desa=desa, posyandu=desa * 5 + self.chance.randrange(5))
        return record

    def from_age(self, born: date) -> date:
        """The birth date reckoned from an age in completed months, as the portal does; one age
        in five is told a month wrong."""
        asked = max(TODAY, born) - timedelta(days=self.chance.randrange(120))
        months = max(0, (asked.year - born.year) * 12 + asked.month - born.month
                     - (asked.day < born.day))  # fmt: skip
        months = max(0, months + self.chance.choices((0, -1, 1), (0.8, 0.1, 0.1))[0])
        return asked - timedelta(days=round((months + 0.5) * 30.4375))

    def wrong_digit(self, nik: str) -> str:
        at = self.chance.randrange(6, 16)
        other = self.chance.choice([d for d in "0123456789" if d != nik[at]])
        return nik[:at] + other + nik[at + 1 :]

    def misspelt(self, name: str) -> str:
        kinds = ("typo", "missing letter", "double letter", "other spelling", "other spelling")
        return ON_NAMES[self.chance.choice(kinds)](self, name) if name else name

    def shortened(self, name: str) -> str:
        words = name.split()
        if len(words) < 2:
            return name
        return words[0] if self.chance.random() < 0.5 else self.initial(name)

    # --- Names ---

    def on_word(self, name: str, change: Callable[[str], str], least: int = 4) -> str:
        words = name.split()
        long = [at for at, word in enumerate(words) if len(word) >= least]
        if long:
            at = self.chance.choice(long)
            words[at] = change(words[at])
        return " ".join(words)

    def typo(self, name: str) -> str:
        return self.on_word(name, self.typed_wrongly)

    def typed_wrongly(self, word: str) -> str:
        at = self.chance.randrange(1, len(word))
        near = self.chance.choice(BESIDE.get(word[at].lower(), word[at]) or word[at])
        match self.chance.randrange(3):
            case 0:
                return word[:at] + near + word[at + 1 :]
            case 1:
                return word[:at] + near + word[at:]
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]

    def missing_letter(self, name: str) -> str:
        def shorter(word: str) -> str:
            at = self.chance.randrange(1, len(word))
            return word[:at] + word[at + 1 :]

        return self.on_word(name, shorter)

    def double_letter(self, name: str) -> str:
        def doubled(word: str) -> str:
            twice = [at for at in range(1, len(word)) if word[at] == word[at - 1]]
            if twice:
                return word[: twice[0]] + word[twice[0] + 1 :]
            at = self.chance.randrange(1, len(word))
            return word[:at] + word[at] + word[at:]

        return self.on_word(name, doubled)

    def other_spelling(self, name: str) -> str:
        return self.respelt(name, SPELLINGS)

    def old_spelling(self, name: str) -> str:
        return self.respelt(name, OLD)

    def respelt(self, name: str, pairs: tuple[tuple[str, str], ...]) -> str:
        """One rule that fits, applied once, not to the first letter of the whole name."""
        fitting = [pair for pair in pairs if pair[0] in name[1:]]
        if not fitting:
            return name
        old, new = self.chance.choice(fitting)
        return name[0] + name[1:].replace(old, new, 1)

    def swapped_words(self, name: str) -> str:
        first, *rest = name.split()
        return " ".join([*rest, first])

    def joined_words(self, name: str) -> str:
        first, *rest = name.split()
        return " ".join([first + rest[0].lower(), *rest[1:]]) if rest else name

    def one_word(self, name: str) -> str:
        """What a child is called by, seldom Muhammad."""
        words = name.split()
        first = next((w for w in words if w not in ("Muhammad", "Siti", "Ahmad", "Nur")), words[0])
        return first if len(words) > 1 else name

    def initial(self, name: str) -> str:
        words = name.split()
        if len(words) == 1:
            return name
        at = self.chance.choices(range(len(words)), [1] + [4] * (len(words) - 1))[0]
        words[at] = words[at][0] + self.chance.choice((".", ""))
        return " ".join(words)

    def muhammad(self, name: str) -> str:
        first, *rest = name.split()
        return " ".join([self.chance.choice(MUHAMMAD), *rest]) if first == "Muhammad" else name

    def title(self, name: str) -> str:
        return self.chance.choice(("An. ", "An ", "Sdr. ", "H. ")) + name

    def letter_case(self, name: str) -> str:
        return self.chance.choice((name.upper(), name.lower()))


ON_NAMES: dict[str, Callable[[Maker, str], str]] = {
    "typo": Maker.typo,
    "missing letter": Maker.missing_letter,
    "double letter": Maker.double_letter,
    "other spelling": Maker.other_spelling,
    "old spelling": Maker.old_spelling,
    "swapped words": Maker.swapped_words,
    "joined words": Maker.joined_words,
    "only one word": Maker.one_word,
    "initial": Maker.initial,
    "abbreviated Muhammad": Maker.muhammad,
    "title": Maker.title,
    "letter case": Maker.letter_case,
}
RHYMES = {"Hasan": "Husein", "Husein": "Hasan", "Fahri": "Fahmi", "Fahmi": "Fahri", "Rafa": "Rafi",
          "Aisyah": "Aisha", "Naila": "Nabila", "Kayla": "Keisha", "Zahra": "Zahira",
          "Rizki": "Rizka", "Rizka": "Rizki", "Alya": "Aliya", "Raka": "Riki"}  # fmt: skip


def world(seed: int, families: int = 2000, asked: int = 1500) -> World:
    """The same world for the same numbers, on every machine."""
    maker, made = Maker(seed), World()
    for _ in range(families):
        made.known += maker.family()
    made.known = [replace(child, truth=at) for at, child in enumerate(made.known)]
    others = list(OTHERS)
    for _ in range(asked):
        child = maker.chance.choice(made.known)
        if maker.chance.random() < KNOWN_ALREADY:
            made.asked.append(maker.again(child))
            continue
        kind = maker.chance.choices(others, list(OTHERS.values()))[0]
        new = {"twin": maker.twin, "brother or sister": maker.sibling,
               "namesake": maker.namesake, "stranger": maker.stranger}[kind](child)  # fmt: skip
        new = replace(maker.again(new), truth=len(made.known) + len(made.asked))
        made.asked.append(replace(new, noise=(kind, *new.noise)))
    return made
