"""A stored document is opened only through the view that checks permission (case 22)."""

import io
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Event
from registry import documents
from registry.models import Document
from tests.cast import a_submission, signed_in


def upload(content: bytes, name: str = "kk.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **options)
    return out.getvalue()


def a_paper(place: SimpleNamespace) -> Document:
    report = a_submission(place)
    clean = documents.accept(upload(picture()))
    return documents.store(
        clean, programme=report.programme, desa=report.desa, posyandu=report.posyandu,
        submission=report,
    )  # fmt: skip


def test_it_works(cast: SimpleNamespace) -> None:
    paper = a_paper(cast)
    client = signed_in(cast.petugas)
    response = client.get(reverse("registry:document", args=[paper.code]))
    assert response.status_code == 200 and response.content[:3] == b"\xff\xd8\xff"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    beside = client.get(reverse("registry:document", args=[paper.code]) + "?lihat=1")
    assert beside["Content-Disposition"].startswith("inline")
    assert Event.objects.filter(verb="open_document", object_code=paper.code).count() == 2


def test_strangers_and_the_signed_out_see_nothing(cast: SimpleNamespace) -> None:
    url = reverse("registry:document", args=[a_paper(cast).code])
    assert Client().get(url).status_code == 302
    assert signed_in(cast.gasken.petugas).get(url).status_code == 404
    for user in (cast.kader, cast.mitra, cast.bidan, cast.camat):
        assert signed_in(user).get(url).status_code == 403
    client = signed_in(cast.petugas)
    client.post(reverse("account_logout"))
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("path", ["/media/", "/data/documents/", "/static/../data/", "/documents/"])
def test_no_file_is_reached_without_the_view(cast: SimpleNamespace, path: str) -> None:
    name = a_paper(cast).file_name
    assert Client().get(path + name).status_code in {302, 404}
    assert signed_in(cast.petugas).get(path + name).status_code == 404


def test_a_photo_keeps_its_pixels_and_nothing_else() -> None:
    """No GPS, no comment, and upright by its orientation (case 40)."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif.get_ifd(0x8825)[1] = "S"
    raw = picture(size=(60, 40), exif=exif, comment=b"rahasia")
    clean = documents.accept(upload(raw))
    kept = Image.open(io.BytesIO(clean.content))
    assert kept.size == (40, 60)
    assert not kept.getexif() and b"rahasia" not in clean.content


def test_a_large_photo_is_made_smaller() -> None:
    clean = documents.accept(upload(picture(size=(3200, 1200))))
    assert Image.open(io.BytesIO(clean.content)).size == (1600, 600)


def test_a_bomb_is_refused_from_its_header() -> None:
    bomb = picture("PNG", size=(6000, 5000))
    with pytest.raises(ValidationError, match="Ukuran gambar terlalu besar"):
        documents.accept(upload(bomb, "bom.png"))


def test_a_plain_pdf_is_kept_and_one_that_runs_is_refused() -> None:
    import pikepdf

    def pdf(unsafe: bool) -> bytes:
        made = pikepdf.new()
        made.add_blank_page()
        if unsafe:
            made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()

    assert documents.accept(upload(pdf(unsafe=False), "kk.pdf")).media_type == "application/pdf"
    with pytest.raises(ValidationError, match="program atau lampiran"):
        documents.accept(upload(pdf(unsafe=True), "kk.pdf"))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n%%EOF", "kk.jpg"),  # a PDF named .jpg
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "kk.jpg"),
        (b"<html><script>1</script></html>", "kk.html"),
        (b"MZ\x90\x00" + b"\0" * 100, "kk.jpg"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "kk.jpg"),
        (b"II*\x00" + b"\0" * 100, "kk.jpg"),
        (picture() + b"<script>1</script>", "kk.html"),
        (picture()[:200], "kk.jpg"),  # cut off
        (b"GIF89a" + b"\0" * 50, "kk.gif"),
    ],
)
def test_what_is_no_photo_and_no_pdf_is_refused(content: bytes, name: str) -> None:
    before = set(settings.DOCUMENTS_DIR.glob("*")) if settings.DOCUMENTS_DIR.exists() else set()
    with pytest.raises(ValidationError):
        documents.accept(upload(content, name))
    after = set(settings.DOCUMENTS_DIR.glob("*")) if settings.DOCUMENTS_DIR.exists() else set()
    assert before == after


def test_what_hides_behind_a_photo_does_not_stay() -> None:
    clean = documents.accept(upload(picture() + b"<script>alert(1)</script>"))
    assert b"script" not in clean.content


def test_a_20_mb_photo_is_told_how_large_it_may_be() -> None:
    with pytest.raises(ValidationError, match="8 MB"):
        documents.accept(upload(b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024)))
