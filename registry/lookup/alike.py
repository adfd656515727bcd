"""How alike two names are: words that agree, that are written alike, that one of them lacks.

What agreement is worth is counted in bits: a word that one child in a hundred has is worth
between six and seven, Siti or Muhammad two or three.
"""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, Indel

from registry.lookup.sound import COMMON, is_unnamed, modern, parts, sound

RARE_BITS, COMMON_BITS, INITIAL_BITS = 6.5, 2.5, 1.5
SAME, SPELLING, SLIP, ENDING, INITIAL = "same", "spelling", "slip", "ending", "initial"
# What an agreement loses that is not letter for letter.
_LOSS = {SAME: 0.0, SPELLING: 0.5, SLIP: 2.5, ENDING: 3.5}
_RANK = {SAME: 0, SPELLING: 1, SLIP: 2, ENDING: 3, INITIAL: 4}
_VOWELS = frozenset("aiueo")


class Word(NamedTuple):
    text: str
    code: str
    bits: float


class Alike(NamedTuple):
    """``bits`` speaks for one name (below 0: against it); ``worst`` is the kind of the worst
    agreement; ``lacking`` words stand in one name only, ``clashing`` pairs are others in each."""

    bits: float
    worst: str
    agreeing: int
    lacking: int
    clashing: int

    @property
    def is_same(self) -> bool:
        """Nothing differs but spelling."""
        return bool(self.agreeing) and not self.clashing and _RANK[self.worst] < _RANK[SLIP]

    @property
    def is_known(self) -> bool:
        return bool(self.agreeing or self.clashing)


UNKNOWN = Alike(0.0, SAME, 0, 0, 0)


@lru_cache(50_000)
def read(name: str) -> tuple[Word, ...]:
    """The words of a name that can be compared; none of a newborn called after its mother."""
    if is_unnamed(name):
        return ()
    return tuple(Word(modern(part), sound(part), _bits(part)) for part in parts(name))


def _bits(text: str) -> float:
    if len(text) == 1:
        return INITIAL_BITS
    return COMMON_BITS if sound(text) in COMMON else RARE_BITS


def compare(a: str, b: str) -> Alike:
    """Two names, whatever the order of their words."""
    ours, theirs = read(a), read(b)
    if not ours or not theirs:
        return UNKNOWN
    if len(ours) != len(theirs) and (how := _joined(ours, theirs)):
        return Alike(sum(w.bits for w in ours) - _LOSS[how], how, len(ours), 0, 0)
    return _paired(list(ours), list(theirs))


def _joined(ours: tuple[Word, ...], theirs: tuple[Word, ...]) -> str:
    """How two names agree when they are read in one: ``Bima Setiawan`` and ``Bimasetiawan``."""
    x, y = ("".join(word.text for word in words) for words in (ours, theirs))
    if x == y:
        return SAME
    off = OSA.distance(x, y)
    if off > min(3, len(x) // 4):
        return ""
    return SPELLING if sound(x) == sound(y) else SLIP


def _paired(ours: list[Word], theirs: list[Word]) -> Alike:
    """Pair the words, the best agreement first, and weigh what is left on either side."""
    bits, worst, count = 0.0, SAME, 0
    for _, how, x, y in _agreeing(ours, theirs):
        if x in ours and y in theirs:
            ours.remove(x)
            theirs.remove(y)
            bits += min(x.bits, y.bits) - _LOSS.get(how, 0.0)
            worst, count = how, count + 1
    clashing = min(len(ours), len(theirs))
    lacking = max(len(ours), len(theirs)) - clashing
    if lacking or clashing:
        bits -= _missing(ours, theirs)
    return Alike(bits, worst, count, lacking, clashing)


def _agreeing(ours: list[Word], theirs: list[Word]) -> list[tuple[int, str, Word, Word]]:
    found = []
    for x in ours:
        for y in theirs:
            if how := kind(x.text, y.text, x.code, y.code):
                found.append((_RANK[how], how, x, y))
    return sorted(found) if len(found) > 1 else found


def _missing(ours: list[Word], theirs: list[Word]) -> float:
    """What speaks against: words only one name has, and much more, other words in each."""
    less, more = sorted((_weights(ours), _weights(theirs)), key=len)
    pairs = zip(less, more, strict=False)
    return sum([1.2 * min(pair) for pair in pairs]) + 0.2 * sum(more[len(less) :])


def _weights(words: list[Word]) -> list[float]:
    return sorted((word.bits for word in words), reverse=True)


@lru_cache(100_000)
def kind(x: str, y: str, x_code: str, y_code: str) -> str:
    """How two words with their sounds agree, "" when they are two words."""
    if x == y:
        return SAME
    if len(x) == 1 or len(y) == 1:
        return INITIAL if x_code[:1] == y_code[:1] or x[0] == y[0] else ""
    if _other_ending(x, y):
        return ENDING
    off = OSA.distance(x, y)
    if x_code == y_code and off <= max(1, len(x) // 3):
        return SPELLING
    return SLIP if _slipped(off, max(len(x), len(y)), x_code, y_code) else ""


def _other_ending(x: str, y: str) -> bool:
    """Rizki and Rizka, and of short names also Eka and Eko: two names more often than a slip.

    But i and e, u and o are written for each other, and Javanese says ``Citro`` for ``Citra``.
    """
    ends = {x[-1], y[-1]}
    if x[:-1] != y[:-1] or not ends <= _VOWELS or ends in ({"i", "e"}, {"u", "o"}):
        return False
    return ends == {"a", "i"} or len(x) < 5


def _slipped(off: int, longest: int, x_code: str, y_code: str) -> bool:
    """One letter in four or more; two in seven or more, when the sound hardly differs."""
    if off == 1:
        return longest >= 4 or x_code == y_code
    return off == 2 and longest >= 7 and OSA.distance(x_code, y_code) <= 2


def differing(asked: str, known: str) -> list[tuple[str, bool]]:
    """The known name in pieces, each with whether the asked one is written otherwise there."""
    pieces = []
    for step in Indel.opcodes(asked.lower(), known.lower()):
        if text := known[step.dest_start : step.dest_end]:
            pieces.append((text, step.tag != "equal"))
    return pieces
