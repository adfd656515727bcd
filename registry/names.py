"""Names and other short texts: one rule for cleaning, one for comparing (security.md §1.11)."""

import re
import unicodedata
from functools import lru_cache

MAX_NAME = 120
TITLES = {"ny", "nyonya", "tn", "tuan", "bu", "ibu", "bpk", "bapak", "sdr", "sdri", "almh", "alm"}


def clean_text(typed: str) -> str:
    """NFC, without control, format and lone surrogate characters, white space squeezed."""
    if typed.isascii() and typed.isprintable():
        return " ".join(typed.split())  # nothing else can be in it, and lists are long
    text = unicodedata.normalize("NFC", typed)
    spaced = (" " if ch.isspace() else ch for ch in text)
    kept = (ch for ch in spaced if unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return " ".join("".join(kept).split())


def folded(text: str) -> str:
    """The text in the letters it looks like: Cyrillic and Greek look-alikes, fullwidth, styled.

    Accents stay (they are Latin); a letter that looks like none of ours stays too. What differs
    from its folded form is shown to the verifier with a mark (security.md T1).
    """
    seen = (ch if ch in _ORDINARY else unicodedata.normalize("NFKC", ch) for ch in text)
    return "".join(seen).translate(_LOOK_ALIKE)


_ORDINARY = frozenset("…²³½¼¾°–—")  # signs people do type, which NFKC would take apart
_LOOK_ALIKE = str.maketrans(
    # Cyrillic, Greek, and Latin letters that only pretend
    "АВЕЅІЈКМНОРСТУХԛԜаеѕіјорсухһԁԝӏкмнтвьгпΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχıɑɡɩʏꞏ",
    "ABESIJKMHOPCTYXqWaesijopcyxhdwlkmhtbbrnABEZHIKMNOPTYXaikvoptuxiagiy.",
)


@lru_cache(5_000)
def name_key(name: str) -> str:
    """The name as it is compared: lower case, no accents, titles, dots or doubled letters.

    ``Muh.`` and ``Muhammad`` meet, and so do ``Siti Nurkhasanah`` and ``SITI NURKHASANNAH``;
    look-alikes of another script are read as what they look like.
    """
    plain = unicodedata.normalize("NFKD", folded(name).lower())
    plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    words = [MUHAMMAD.get(word, word) for word in words if word not in TITLES]
    return re.sub(r"([a-z])\1+", r"\1", " ".join(words))[:MAX_NAME]


MUHAMMAD = dict.fromkeys(
    "m mu muh moh mohd mhd muhd moch much mokh mukh mochd md mochamad mohammad muhamad mohamad "
    "muhammad".split(),
    "muhammad",
)
