"""Hostile lines through every field of a comment: kept exactly, or a problem that names the field."""

import json
from urllib.parse import quote

import pytest

from consultation.comments.models import Comment
from consultation.kit.text import BODY_LIMIT
from tests import factories as make
from tests import naughty
from tests.contract.calls import by, problem, results, visitor

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("rivers")


@pytest.fixture(scope="module")
def neighbour(text):
    return make.comment(text, body="The neighbour's words.")


@pytest.fixture(scope="module")
def institution(text):
    return make.verified_institution()


@pytest.fixture(scope="module")
def ours(institution):
    return by(make.manager(institution))


@pytest.fixture(autouse=True)
def any_number_of_calls(settings):
    settings.API_CALLS_A_MINUTE = {"person": 10**6, "visitor": 10**6}


def told(ours, /, **changes):
    plain = {"institution": ours.slug, "principle": 1, "kind": "general", "body": "Words."}
    return {**plain, "language": "en", "draft": True, **changes}


def is_kept(ours, institution, line):
    """As the free words of a comment, and of its author's own translation. The id of the draft, if any."""
    translation = {"language": "fr", "body": line, "proposed_text": line}
    answer = ours.post(
        "consultations/rivers/comments/",
        told(institution, body=line, proposed_text=line, translation=translation),
    )
    if answer.status_code == 400:
        # Only a translation may not be blank.
        assert not line.strip(), (line, answer.content)
        return None
    written = answer.json()
    assert answer.status_code == 201, (line, written)
    words = naughty.kept(line)
    assert (written["body"], written["proposed_text"]) == (words, words)
    # Blanks are no translation.
    assert (written["translation"] or {"body": ""})["body"] == (words if words.strip() else "")
    return written["id"]


def goes_through(ours, institution, line):
    """Kept, read again and changed."""
    if (key := is_kept(ours, institution, line)) is None:
        return
    words = naughty.kept(line)
    read = ours.get(f"comments/id/{key}/").json()
    assert (read["body"], read["proposed_text"]) == (words, words)
    changed = ours.patch(f"comments/id/{key}/", {"body": f"{line}!"}).json()
    assert changed["body"] == naughty.kept(f"{line}!")


WRONG = ("institution", "principle", "kind", "language", "visibility", "draft")


def is_refused(ours, institution, line):
    """As every field that is no free words, all at once."""
    answer = ours.post("consultations/rivers/comments/", told(institution, **dict.fromkeys(WRONG, line)))
    document = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), (line, document)
    assert set(document["errors"]) >= {"principle", "kind", "visibility", "draft"}, (line, document)


def is_no_place(ours, institution, line):
    """As a passage, a parent, a translation: what only the text and its comments can tell."""
    passage = {"exact": line, "prefix": line, "suffix": line}
    for fields in ({"passage": passage}, {"parent": line}, {"passage": line}, {"translation": line}):
        answer = ours.post("consultations/rivers/comments/", told(institution, **fields))
        if answer.status_code == 201:
            # Words without signs are no passage and no parent.
            assert not line.strip() or line in make.texts.BODY.format(number=1), (line, answer.content)
        else:
            assert answer.status_code == 400, (line, answer.content)
            assert answer.json()["errors"]


def finds_nothing_broken(line, reference):
    names = ("q", "kind", "institution", "country", "region", "language", "parent", "principle", "cursor")
    for name in names:
        answer = visitor().get(
            f"consultations/rivers/comments/?{name}={quote(line, safe='', errors='replace')}"
        )
        assert answer.status_code in (200, 400), (name, line, answer.content)
    place = quote(line, safe="", errors="replace")
    for path in (f"comments/rivers/{place}/", f"comments/{place}/P1-1/", f"institutions/{place}/"):
        assert visitor().get(path).status_code in (200, 400, 404, 405), (path, line)
    listed = results(visitor().get("consultations/rivers/comments/"))
    assert [(each["reference"], each["body"]) for each in listed] == [(reference, "The neighbour's words.")]


def through_other_doors(people, neighbour, case, line):
    """As what else people write here, and as what no door knows: an answer, and never a failure."""
    other, moderator = people
    comment, endorsing = f"comments/rivers/{neighbour.reference}", "consultations/rivers/endorsements/"
    position = {"institution": other.institution, "principle": 2, "version": 1}
    doors = [
        (other, f"{comment}/flags/", {"reason": "1", "note": line}),
        (other, f"{comment}/flags/", {"reason": line, "note": line}),
        (other, f"{comment}/cosign/", {"institution": line, "position": line}),
        (other, f"{comment}/cosign/", {"institution": other.institution, "position": line}),
        (other, endorsing, {**position, "position": "endorse_with_reservation", "statement": line}),
        (other, endorsing, {**position, "position": line, "version": line}),
        (other, "institutions/", {"name": line, "country": "NO", "type": "academy", "names": {"fr": line}}),
        (other, "institutions/", dict.fromkeys(("name", "country", "type", "website", "ror"), line)),
        (moderator, f"moderation/cases/{case}/decide/", dict.fromkeys(("action", "clause", "message"), line)),
        (moderator, "moderation/claim/", {"consultation": line, "language": line}),
    ]
    for who, address, words in doors:
        answer = who.post(address, words)
        assert answer.status_code < 500, (address, line, answer.content)
        assert not answer.content or answer.json()


@pytest.fixture(scope="module")
def people(text):
    institution = make.verified_institution()
    other = by(make.manager(institution))
    other.institution = institution.slug
    return other, by(make.moderator(text))


@pytest.fixture(scope="module")
def case(text):
    waiting = make.pending_comment(text)
    return waiting.item.cases.get().pk


def test_no_hostile_line_breaks_another_door(people, neighbour, case):
    for line in (*naughty.OWN[:9:2], *naughty.UNFIT[:2]):
        through_other_doors(people, neighbour, case, line)


def test_a_hostile_line_is_kept_exactly_or_refused_by_field(ours, institution, neighbour):
    for line in naughty.OWN[::2]:
        goes_through(ours, institution, line)
    for line in naughty.OWN[::4]:
        is_refused(ours, institution, line)
        is_no_place(ours, institution, line)
    for line in naughty.OWN[::10]:
        finds_nothing_broken(line, neighbour.reference)


@pytest.mark.long
@pytest.mark.skipif(not naughty.HAS_DATA, reason="ACCORD_DATA is not set")
def test_every_hostile_line_is_kept_exactly_or_refused_by_field(ours, institution, caplog):
    # Each is logged with its request, and pytest keeps what is logged.
    caplog.set_level("CRITICAL", "django.request")
    assert len(naughty.lines()) > 7000
    for line in naughty.lines():
        is_kept(ours, institution, line)
        is_refused(ours, institution, line)


@pytest.mark.long
@pytest.mark.skipif(not naughty.HAS_DATA, reason="ACCORD_DATA is not set")
def test_hostile_lines_from_everywhere_break_no_door(ours, institution, neighbour, people, case):
    for line in naughty.some(250):
        goes_through(ours, institution, line)
        is_no_place(ours, institution, line)
        through_other_doors(people, neighbour, case, line)
        finds_nothing_broken(line, neighbour.reference)


@pytest.mark.parametrize("line", naughty.UNFIT, ids=ascii)
def test_what_no_database_holds_is_refused_by_name(ours, institution, line):
    words = told(institution, body=line, proposed_text=line, parent=line)
    words["passage"] = {"exact": line, "prefix": line, "suffix": line}
    words["translation"] = {"language": "fr", "body": line, "proposed_text": line}
    answer = ours.post("consultations/rivers/comments/", words)
    document = answer.json()
    assert answer.status_code == 400
    assert {path.split(".")[0] for path in document["errors"]} >= {
        "body",
        "proposed_text",
        "parent",
        "passage",
        "translation",
    }
    for name in ("institution", "kind", "language", "visibility"):
        assert ours.post("consultations/rivers/comments/", told(institution, **{name: line})).status_code in (
            400,
            404,
        )
    assert not Comment.objects.filter(institution=institution).exists()


def test_one_character_too_many_is_told_beside_its_field(ours, institution):
    for most in ("a", "\U0001f469", "\u0651"):
        exact = ours.post(
            "consultations/rivers/comments/",
            told(institution, body=most * BODY_LIMIT, proposed_text=most * BODY_LIMIT, draft=False),
        )
        assert (exact.status_code, exact.json()["body"]) == (201, most * BODY_LIMIT)
        over = told(institution, body=most * (BODY_LIMIT + 1), proposed_text=most * (BODY_LIMIT + 1))
        answer = ours.post("consultations/rivers/comments/", over)
        problem(answer, 400, "invalid", "body", "proposed_text")
        assert "20,000" in json.dumps(answer.json()["errors"]["body"])


def test_ten_megabytes_are_a_problem_and_no_failure(ours, institution):
    body = json.dumps(told(institution, body="a" * 10_000_000)).encode()
    answer = ours.raw("consultations/rivers/comments/", body)
    assert (answer.status_code, answer["Content-Type"]) in {
        (400, "application/problem+json"),
        (413, "application/problem+json"),
    }
    assert answer.json()["detail"]
