"""A note or a letter for the registrar, and who may read it; the address of a merged record."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Institution
from tests import factories as make
from tests.office.browsing import page, signed_in
from tests.standing.acts import merge

pytestmark = pytest.mark.usefixtures("on_top")

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n0\n%%EOF\n"


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def sent(content=PDF, name="letter.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture(scope="module")
def institution(kept):
    return make.institution("Fjord Academy")


def test_a_letter_is_read_by_registrars_and_its_own_people_alone(institution, tmp_path):
    own = signed_in(make.manager(institution))
    answer = own.post("/institutions/fjord-academy/evidence/", {"letter": sent(), "claim": "one"})
    assert answer.status_code == 303
    given = institution.evidence.get()
    address = f"/institutions/fjord-academy/letters/{given.pk}/"
    for who in (make.manager(institution), make.registrar()):
        read = signed_in(who).get(address)
        assert b"".join(read.streaming_content) == PDF
        assert read["Content-Disposition"] == 'attachment; filename="letter.pdf"'
        assert read["X-Content-Type-Options"] == "nosniff"
        assert read["Cache-Control"] == "private, no-store"
    assert signed_in(make.person()).get(address).status_code == 404
    assert signed_in(make.manager(make.institution())).get(address).status_code == 404
    assert Client().get(address).status_code == 404
    assert [each.name for each in (tmp_path / "private").glob("*/*")] == [given.sha256]


@pytest.mark.parametrize("content", [b"<html>", b"%PDF-1.7\nno end", b"startxref %%EOF"])
def test_what_is_no_pdf_is_refused_and_the_note_is_kept(institution, content):
    client = signed_in(make.manager(institution))
    form = {"letter": sent(content), "note": "On page 3.", "claim": "one"}
    answer = client.post("/institutions/fjord-academy/evidence/", form)
    assert (answer.status_code, "This is not a whole PDF." in page(answer)) == (400, True)
    assert "On page 3." in answer.content.decode()
    assert not institution.evidence.exists()


def test_a_file_over_ten_megabytes_is_refused(institution):
    big = sent(PDF.replace(b"1 0 obj", b" " * 10 * 1024 * 1024))
    client = signed_in(make.manager(institution))
    answer = client.post("/institutions/fjord-academy/evidence/", {"letter": big, "claim": "one"})
    assert (answer.status_code, "at most 10 MB" in page(answer)) == (400, True)


def test_only_those_who_manage_it_give_evidence_and_only_while_it_waits(institution):
    address = "/institutions/fjord-academy/evidence/"
    for who in (make.person(), make.representative(institution), make.registrar()):
        assert signed_in(who).get(address).status_code == 404
    client = signed_in(make.manager(institution))
    assert client.get(address).status_code == 200
    assert client.post(address, {"note": " ", "claim": "one"}).status_code == 400
    make.verify(institution)
    assert client.post(address, {"note": "More.", "claim": "two"}).status_code == 404


def test_a_letter_comes_with_the_registration():
    form = {"name": "Hill Society", "country": "NO", "type": "academy", "note": "Page 3.", "claim": "one"}
    answer = signed_in(make.person()).post("/institutions/new/", {**form, "letter": sent()})
    assert answer.status_code == 303
    given = Institution.objects.latest("pk").evidence.get()
    assert (given.note, given.filename, given.bytes) == ("Page 3.", "letter.pdf", len(PDF))


def test_the_address_of_a_merged_record_leads_to_the_kept_one():
    kept, merged = make.verified_institution("Fjord Academy"), make.verified_institution("Hill Society")
    merge(merged, kept)
    for client in (Client(), signed_in(make.registrar())):
        answer = client.get("/institutions/hill-society/")
        assert (answer.status_code, answer.url) == (301, f"/institutions/{kept.slug}/")
        answer = client.get("/api/v1/institutions/hill-society/")
        assert answer.status_code == 301
        assert answer["Location"].endswith(f"/api/v1/institutions/{kept.slug}/")
