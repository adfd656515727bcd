"""How an Indonesian name sounds: its words without titles, and a short code for each word.

Words that are written differently and read alike share one code: ``Nurkhasanah``, ``Nurhasana``;
``Soenarjo``, ``Sunaryo``; ``Djoko``, ``Joko``; ``Ahmad``, ``Achmat``; ``Muh.``, ``Mochammad``.
Made for this portal; no published code (Soundex, Metaphone) knows old spelling or Arabic names.
"""

import re
import unicodedata
from functools import lru_cache

from registry.names import MUHAMMAD, TITLES, folded

# Before or behind a name; ``names.TITLES`` are shared with what is stored as ``name_key``.
_BEFORE = {"h", "hj", "haji", "hajah", "r", "rr", "ra", "rd", "raden", "kh", "drs", "dra", "dr",
           "drg", "ir", "prof", "ust", "ustadz", "ustadzah", "nyi", "an", "almarhum",
           "almarhumah"}  # fmt: skip
_DEGREES = {"sh", "se", "st", "spd", "spdi", "sag", "ssos", "skom", "skep", "skm", "sst", "sip",
            "sp", "ssi", "spt", "sgz", "sfarm", "stp", "mm", "mpd", "msi", "mkes", "mag", "mh",
            "mkom", "ma", "amd", "amdkeb", "amdkep", "amkeb", "skeb", "trkeb", "ners", "ns",
            "bin", "binti"}  # fmt: skip
_UNNAMED = {"bayi", "by"}  # "Bayi Ny. Siti": a newborn without a name yet
_NO_NAMES = TITLES | _UNNAMED
_WHOLE = MUHAMMAD | {"abd": "abdul", "abdoel": "abdul"}

_ABDUL = re.compile(r"abdu(?:l|r(?=r)|s(?=[shy])|n(?=n))?(?=.{4})")
_GLUED = tuple((first, least) for first, least in
               (("nur", 3), ("siti", 4), ("dwi", 4), ("tri", 4), ("sri", 4)))  # fmt: skip


@lru_cache(5_000)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in plain small letters, in order, without titles and degrees.

    ``H. Moch. Rizki, S.Pd`` gives ``("muhammad", "rizki")``; an initial stays one letter.
    """
    found: list[str] = []
    tokens = _plain(name).split(",")[0].split()
    for token in tokens:
        joined = token.replace(".", "")
        if joined in _NO_NAMES or joined in (_DEGREES if found else _BEFORE):
            continue
        pieces = [piece for piece in token.split(".") if piece]
        found += pieces if len(pieces) > 1 and joined not in _WHOLE else [joined]
    found = [word for word in found if word] or re.findall(r"[a-z0-9]+", _plain(name))
    return tuple([_whole(word, place) for place, word in enumerate(found)])


def _plain(name: str) -> str:
    text = name.lower()
    if name.isascii():
        if name.replace(" ", "").isalpha():
            return text  # as most names are
    else:
        text = unicodedata.normalize("NFKD", folded(name).lower())
        text = "".join(ch for ch in text if not unicodedata.combining(ch))
    return _NO_LETTER.sub(" ", _APOSTROPHE.sub("", text))


_APOSTROPHE, _NO_LETTER = re.compile(r"['’`ʼ]"), re.compile(r"[^a-z0-9., ]")


def _whole(word: str, place: int) -> str:
    """An abbreviated word in full; ``M`` is Muhammad only where a name begins."""
    if word == "m" and place:
        return word
    return _WHOLE.get(word, "muhammad" if sound(word) == _MUHAMMAD else word)


def is_unnamed(name: str) -> bool:
    """Whether this is a newborn called after its mother: ``By. Ny. Siti``."""
    return bool(_UNNAMED & set(_plain(name).replace(".", " ").split()[:1]))


@lru_cache(5_000)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name with those taken apart that are as often written as one:
    ``Nurkhasanah`` gives ``("nur", "khasanah")``, ``Abdurrahman`` ``("abdul", "rahman")``."""
    return tuple(part for word in words(name) for part in _apart(word))


@lru_cache(50_000)
def _apart(word: str) -> tuple[str, ...]:
    if found := _ABDUL.match(word):
        return "abdul", word[found.end() :]
    for first, least in _GLUED:
        if word.startswith(first) and len(word) >= len(first) + least:
            return first, word[len(first) :]
    return (word,)


# --- One word ----------------------------------------------------------------------------------

LONGEST = 8
LETTERS = "ABDGKLMNPRSTW"  # the letters a code is made of; A stands for any vowel in front
# Spelling before 1972, then groups of letters read as one, then single letters.
_OLD = tuple(pair.split(">") for pair in "oe>u tj>c dj>j sj>sy".split())
_IS_OLD = re.compile(r"oe|[dt]j")  # then every j left is a y: Soenarjo, Widjaja
_GROUPS = tuple(
    pair.split(">") for pair in
    "sy>s sh>s dz>s ts>s ch>k kh>k ck>k gh>g dh>d th>t bh>b ph>p ny>n x>ks".split()
)  # fmt: skip
_SINGLE = str.maketrans("cqhfvzj", "kkkppss")
_FIRST = ((re.compile(r"^([rw])h"), r"\1"), (re.compile(r"^y"), "s"))
_SILENT = re.compile(r"(?<=.)h+$|(?<=[aeiou])w(?=[^aeiouwy])|(?<=.)y")
_LAST = str.maketrans("bd", "pt")


@lru_cache(50_000)
def modern(word: str) -> str:
    """A word as it has been spelt since 1972: ``Soenarjo`` is ``sunaryo``, ``Tjandra`` ``candra``.

    A ``nj`` is old in front only (``Njoman``): ``Anjani`` is not ``Anyani``.
    """
    text = re.sub("(?<![dtns])j", "y", word) if _IS_OLD.search(word) else word
    for old, new in _OLD:
        text = text.replace(old, new)
    return re.sub("^nj", "ny", text)


@lru_cache(50_000)
def sound(word: str) -> str:
    """The code of one word of ``words``: at most eight capitals, or the digits of a number.

    Consonants that are mixed up share a letter (K: kh h k q c; S: s z j sy dz and y in front;
    P: f v p), vowels are left out but for one in front, and for the last of a very short word,
    which else says too little (``Eka`` and ``Eko`` differ).
    """
    if word.isdigit():
        return word[:LONGEST]
    if len(word) == 1:
        return "A" if word in "aeiou" else word.translate(_SINGLE).replace("y", "s").upper()
    text = _heard(word)
    text = text[:-1] + text[-1].translate(_LAST)
    code = _consonants(text)
    if len(code) < 3 and text[-1] in "aeiou":
        code += {"e": "i", "o": "u"}.get(text[-1], text[-1])
    return code.upper()[:LONGEST]


def beginning(word: str) -> str:
    """The code with which that of every word begins that begins with these letters."""
    return word[:LONGEST] if word.isdigit() else _consonants(_heard(word)).upper()[:LONGEST]


def _heard(word: str) -> str:
    """The word in the letters it is heard by, each once."""
    text = modern(word)
    for first, read in _FIRST:
        text = first.sub(read, text)
    text = _SILENT.sub(_mute, text)
    for group, read in _GROUPS:
        text = text.replace(group, read)
    return re.sub(r"(.)\1+", r"\1", text.translate(_SINGLE))


def _consonants(text: str) -> str:
    return ("a" if text[0] in "aeiou" else text[0]) + re.sub(r"[aeiou]", "", text[1:])


def _mute(found: re.Match[str]) -> str:
    """A y behind a letter is an i (``Sity``), or a glide; a final h and a w of ``aw`` are none."""
    return "i" if found.group() == "y" else ""


_MUHAMMAD = sound("muhammad")
# How the words sound that are given to so many that sharing them says little.
COMMON = frozenset(
    sound(word) for word in
    "muhammad ahmad abdul siti nur nurul sri dwi tri eka putri putra ayu dewi al adi agus rizki "
    "aulia dian indah wahyu kurniawan saputra lestari pratama ibu anak".split()
)  # fmt: skip


def neighbours(code: str) -> set[str]:
    """The codes one mistake away: a letter too many, too few, another, or two swapped.

    Short codes have few letters to tell them apart: below three none, with three the first stays.
    """
    if len(code) < 3 or code.isdigit():
        return set()
    first = 1 if len(code) == 3 else 0
    cuts = range(first, len(code))
    found = {code[:i] + code[i + 1 :] for i in cuts}
    found |= {code[:i] + letter + code[i + 1 :] for i in cuts for letter in LETTERS}
    found |= {
        code[:i] + letter + code[i:] for i in range(first, len(code) + 1) for letter in LETTERS
    }
    found |= {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in cuts[:-1]}
    return {one[:LONGEST] for one in found} - {code}
