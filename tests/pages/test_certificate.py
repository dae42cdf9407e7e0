"""The certificate of an institution's positions: what it says, in print too, and whether its code holds."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from consultation.endorsements import certificates
from consultation.endorsements.actions import Choice, take_positions, withdraw_endorsement
from consultation.kit import clock
from consultation.standing.actions import merge_institutions
from tests import factories as make
from tests.moderation.acts import judge
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def address(home, institution) -> str:
    return f"{home}endorsements/certificates/{institution.slug}"


@pytest.fixture(scope="module")
def held(consultation, institution):
    """An endorsement of principle 1, and a reservation on principle 2 that moderation released."""
    one = make.endorsement(consultation, institution, principle=1)
    other = make.endorsement(
        consultation,
        institution,
        principle=2,
        position="endorse_with_reservation",
        statement="As far as rivers go 😀.",
    )
    judge(other, "approve")
    return one


def code_of(consultation, institution) -> str:
    made = certificates.certify(consultation, institution)
    return f"{made.as_of}-{made.code}"


def test_a_certificate_says_which_exact_words_and_its_code_holds(
    client, consultation, institution, address, held
):
    make.endorsement(consultation, make.verified_institution("Another"), principle=3)
    page = read(client.get(f"{address}/"))
    for words in (
        "Lakeshore University",
        held.version.text_hash,
        "As far as rivers go",
        "Endorse with a reservation",
    ):
        assert words in page.text
    assert "Title 3" not in page.text
    code = code_of(consultation, institution)
    assert code in page.text
    answer = read(client.get(f"{address}/", {"code": f" {code[:20].upper()} {code[20:]}"})).text
    assert "The code holds" in answer
    assert "Nothing in it has changed since." in answer


@pytest.mark.parametrize(
    "forge",
    [
        lambda code: code[:-1] + ("0" if code[-1] != "0" else "1"),
        lambda _code: "1-abc",
        lambda code: "99999999" + code,
    ],
)
def test_a_code_that_the_record_does_not_know_is_told_so(
    client, consultation, institution, address, held, forge
):
    page = read(client.get(f"{address}/", {"code": forge(code_of(consultation, institution))}))
    assert "The record knows no such certificate" in page.text
    assert "The code holds" not in page.text


def test_what_changed_since_is_told_one_by_one(client, consultation, institution, address, held):
    code = code_of(consultation, institution)
    withdraw_endorsement(make.manager(institution), endorsement_id=held.pk, at=clock.now())
    make.new_version(consultation, 2)
    make.endorsement(consultation, institution, principle=3)
    text = read(client.get(f"{address}/", {"code": code})).text
    assert "The code holds" in text
    assert "Principle 1: the position was withdrawn" in text
    assert "Principle 2: the text changed in substance" in text
    assert "Principle 3: a position took effect" in text
    assert code_of(consultation, institution) != code


def test_a_code_holds_after_the_institution_was_suspended_and_verified_again_or_merged(
    client, consultation, institution, address, held
):
    code = code_of(consultation, institution)
    make.suspend(institution)
    assert client.get(f"{address}/", {"code": code}).status_code == 404
    make.verify(institution)
    assert "The code holds" in read(client.get(f"{address}/", {"code": code})).text
    kept = make.verified_institution("Lakeshore University of Science")
    merge_institutions(
        make.registrar(), kept_id=kept.pk, merged_id=institution.pk, reason="Twice.", at=clock.now()
    )
    moved = client.get(f"{address}/", {"code": code})
    assert (moved.status_code, moved.headers["Location"]) == (
        301,
        f"{address.rsplit('/', 1)[0]}/{kept.slug}/?code={code}",
    )
    text = read(client.get(moved.headers["Location"])).text
    assert "The code holds" in text
    assert "took effect" in text


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_the_certificate_in_print_holds_hashes_code_and_address(
    client, consultation, institution, address, held, language
):
    response = client.get(f"/{language}{address}.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    bare = "".join(told.split())
    assert held.version.text_hash in bare
    assert code_of(consultation, institution) in bare
    assert "Asfarasriversgo" in bare
    assert b"pdfuaid" in response.content or "pdfuaid" in str(
        PdfReader(io.BytesIO(response.content)).xmp_metadata
    )
    # The same record, the same bytes.
    assert client.get(f"/{language}{address}.pdf").content == response.content


def test_without_a_position_there_is_a_page_and_no_paper(client, home):
    silent = make.verified_institution("Silent Society")
    address = f"{home}endorsements/certificates/{silent.slug}"
    assert "It holds no position in effect" in read(client.get(f"{address}/")).text
    assert client.get(f"{address}.pdf").status_code == 404
    assert client.get(f"{home}endorsements/certificates/nobody/").status_code == 404
    assert client.get(f"{home}endorsements/certificates/nobody.pdf").status_code == 404


def test_names_stand_on_it_only_where_the_signatory_said_so(client, consultation, institution, address):
    person = make.manager(institution)
    shown = {"office": "Secretary-General", "name_shown": True}
    for principle, hand in ((1, {}), (3, shown)):
        take_positions(
            person,
            consultation_id=consultation.pk,
            institution_id=institution.pk,
            choices=[Choice(principle, 1, "decline")],
            language="en",
            at=clock.now(),
            **hand,
        )
    page = read(client.get(f"{address}/"))
    assert page.text.count(person.name) == 1
    assert f"Signed by {person.name} , Secretary-General" in page.text
    paper = PdfReader(io.BytesIO(client.get(f"{address}.pdf").content))
    told = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    assert told.count(person.name) == 1
    assert f"For the institution: {person.name}, Secretary-General" in told


@pytest.mark.parametrize("number", [1, 3])
def test_a_certificate_takes_as_many_queries_for_three_as_for_one(
    client, consultation, institution, address, number, django_assert_num_queries
):
    for principle in range(1, number + 1):
        make.endorsement(consultation, institution, principle=principle)
    client.get(f"{address}/")
    with django_assert_num_queries(11):
        client.get(f"{address}/")
