"""What a stranger can ask without signing in, about somebody who is there and somebody who is not.

security.md case 5: the answers are the same bytes (``tests/test_name_scraping.py``) and take the
same time (``benchmarks/scraping.py``). ``{words}`` stand for what is asked, ``{link}`` and
``{open}`` for a poster that hangs and a report that may be put right.
"""

import re
from typing import Any, NamedTuple

from tests.access import api
from tests.cast import answers

NIK = "3302201507240001"
# As long as what they stand beside, so that nothing but the question differs.
NOBODY = {
    "child_name": "Belumada", "mother_name": "Ibu Lain", "nik": "3302201507249999",
    "username": "bukan.siapa", "phone_only": "bukan.kader", "receipt": "7K2M-9QXD-4T8PA",
    "token": "0123456789abcdef", "correction": "x" * 24, "invitation": "a" * 32,
    "enrolment": "a" * 32, "child": "k" * 16, "document": "d" * 16, "person": "o" * 16,
}  # fmt: skip
_PERSON = {"child_name": "{child_name}", "mother_name": "{mother_name}", "address": "{nik}"}
_BACK = {"client_id": "hp-tebak", "receipt": "{receipt}"}


class Probe(NamedTuple):
    """One question. ``row``: of the access table; ``data``: a POST; ``form``: a whole report."""

    row: str
    path: str
    data: dict[str, str] | None = None
    form: bool = False
    json: bool = False

    def asked(self, words: dict[str, str], client_id: str) -> tuple[str, dict[str, Any] | None]:
        """The path, and what is sent."""
        data = None if self.data is None else {k: v.format(**words) for k, v in self.data.items()}
        if data is not None and self.form:
            data = answers(client_id=client_id) | data
        return self.path.format(**words), data

    @property
    def name(self) -> str:
        kind = "GET" if self.data is None else "POST"
        more = [f"{k}={v}" for k, v in (self.data or {}).items() if v != _PERSON.get(k)]
        return " ".join([kind, self.path, *more, *(["(JSON)"] if self.json else [])])


PROBES = [
    Probe("registry:report", "/l/{link}/", _PERSON, form=True, json=True),
    Probe("registry:report", "/l/{link}/", _PERSON, form=True),
    Probe("registry:report", "/l/{link}/", _PERSON | {"sex": ""}, form=True, json=True),
    Probe("registry:report", "/l/{link}/", _PERSON | {"weight_kg": "5"}, form=True, json=True),
    Probe("registry:report", "/l/{link}/?child_name={child_name}&nik={nik}"),
    Probe("registry:report", "/l/{token}/"),
    Probe("registry:photo", "/l/{link}/foto/", _BACK | {"part": "a"}, json=True),
    Probe("registry:status-search", "/status/?kode={nik}&q={child_name}"),
    Probe("registry:status", "/status/{nik}/?q={child_name}"),
    Probe("registry:correction", "/perbaikan/{correction}/"),
    Probe("registry:correction", "/perbaikan/{nik}/?q={child_name}"),
    Probe("registry:correction", "/perbaikan/{open}/", _PERSON | {"sex": ""}, form=True),
    Probe("registry:hand-over", "/hp/titip/", _BACK | {"fields": "{{}}", "url": "/"}, json=True),
    Probe("accounts:accept", "/undangan/{invitation}/"),
    Probe("accounts:enrol", "/hp/daftar/{enrolment}/"),
    Probe("account_login", "/masuk/", {"login": "{username}", "password": "salah-sekali"}),
    Probe("account_login", "/masuk/", {"login": "{phone_only}", "password": "salah-sekali"}),
    Probe("account_login", "/masuk/?next=/anak/{child}/"),
    Probe("reports:check", "/cek/{nik}/?q={child_name}"),
    Probe("reports:check-any", "/cek/?kode={nik}"),
    Probe("registry:child", "/anak/{child}/"),
    Probe("registry:children", "/anak/?q={child_name}"),
    Probe("registry:document", "/dokumen/{document}/"),
    Probe("accounts:person", "/orang/{person}/"),
]
# Anybody may open these, and they are asked about nobody: without an argument and without a POST,
# or with a programme's public code, or only by a phone or a session that is known already.
ABOUT_NOBODY = {
    "home", "healthz", "programme", "privacy", "brand", "account_logout",
    "mfa_authenticate", "pin", "accounts:device-state", "registry:phone-reports",
    "registry:outbox", "registry:outbox-mark", "registry:service-worker",
    "registry:posyandu-offline", *api.NAMES,
}  # fmt: skip


def bare(text: str, words: dict[str, str]) -> str:
    """An answer without what differs between any two: receipts, ids, stamps, tokens, and what was
    asked itself."""
    for word in sorted(words.values(), key=len, reverse=True):
        text = text.replace(word, "KATA")
    text = re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", "KODE", text)
    text = re.sub(r'name="(csrfmiddlewaretoken|client_id|stamp)" value="[^"]*"', r'"\1"', text)
    text = re.sub(r'nonce="[^"]*"', "nonce", text)
    return re.sub(r'"client_id": "[^"]*"', "ID", text)
