"""Courtesy translations, and five hundred drafts sent at once, by API."""

import pytest

from consultation.comments.models import Comment, CommentDraft
from consultation.kit import clock
from tests import factories as make
from tests.contract.calls import by, problem, results, visitor

pytestmark = pytest.mark.usefixtures("on_top")

PATH = "consultations/rivers/comments/"
FRENCH = {"language": "fr", "body": "Nous demandons un registre.", "proposed_text": ""}


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("rivers")


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution("Academy of Springs")


@pytest.fixture(scope="module")
def owner(institution):
    return by(make.manager(institution))


def words(**changes):
    said = {"institution": "academy-of-springs", "principle": 1, "kind": "general"}
    return {**said, "body": "We ask for a register.", "language": "en", **changes}


def test_a_courtesy_translation_is_sent_changed_taken_out_and_found_with_its_comment(text, owner):
    given = {name: FRENCH[name] for name in ("language", "body")}
    sent = owner.post(PATH, words(translation=given))
    assert (sent.status_code, sent.json()["translation"]) == (201, FRENCH)
    assert results(visitor().get(f"{PATH}?q=registre")) == []
    make.decide(Comment.objects.get(), "approve")
    [found] = results(visitor().get(f"{PATH}?q=registre"))
    assert (found["reference"], found["translation"]) == ("P1-1", FRENCH)
    [first] = results(visitor().get("comments/rivers/P1-1/revisions/"))
    assert first["translation"] == FRENCH
    changed = owner.patch("comments/rivers/P1-1/", {"translation": None})
    assert (changed.json()["latest_revision"], changed.json()["translation"]) == (2, None)
    assert visitor().get("comments/rivers/P1-1/").json()["translation"] == FRENCH
    same = {"translation": {**FRENCH, "language": "en"}}
    problem(owner.patch("comments/rivers/P1-1/", same), 400, "invalid", "translation.language")
    empty = words(translation={"language": "fr", "body": ""})
    problem(owner.post(PATH, empty), 400, "invalid", "translation.body")


@pytest.mark.long
def test_five_hundred_drafts_are_sent_at_once(text, institution, owner):
    at, by_hand = clock.now(), make.manager(institution)
    rows = [
        Comment(
            consultation=text,
            round=text.rounds.get(),
            principle=text.principles.get(number=1 + number % 3),
            version=text.principles.get(number=1 + number % 3).current,
            institution=institution,
            author=by_hand,
            made_at=at,
        )
        for number in range(500)
    ]
    Comment.objects.bulk_create(rows)
    CommentDraft.objects.bulk_create(
        CommentDraft(comment=each, body=f"Remark {number}.", language="en", saved_by=by_hand, saved_at=at)
        for number, each in enumerate(rows)
    )
    answer = owner.post(f"{PATH}submit/", {"ids": [str(each.pk) for each in rows]})
    sent = answer.json()
    assert {each["status"] for each in sent} == {200}
    assert [each["id"] for each in sent] == [str(each.pk) for each in rows]
    given = {each["reference"] for each in sent}
    assert given == {f"P{1 + number % 3}-{1 + number // 3}" for number in range(500)}
