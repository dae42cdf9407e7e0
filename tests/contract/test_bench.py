"""The bench for programs: narrowing and taking, languages, notes, opinions."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from consultation.kit import clock
from consultation.moderation.models import Case
from consultation.post.models import Message
from tests import factories as make
from tests.contract.calls import by, problem, results
from tests.moderation.acts import claim, decide, open_case

pytestmark = pytest.mark.django_db
CASES, TAKE, LANGUAGES = "moderation/cases/", "moderation/claim/", "moderation/languages/"


def put(caller, body):
    """The caller states languages."""
    return caller.client.put(f"/api/v1/{LANGUAGES}", json.dumps(body), content_type="application/json")


def test_cases_are_narrowed_and_taken_as_asked_and_from_ones_own_languages_first():
    consultation = make.consultation(principles=2)
    moderator = make.moderator(consultation)
    kenya, japan = make.verified_institution(country="KE"), make.verified_institution(country="JP")
    first = open_case(make.pending_comment(consultation, kenya))
    second = open_case(make.pending_comment(consultation, japan, principle=2, language="ja"))
    third = open_case(make.pending_comment(consultation, kenya, principle=None))
    Case.objects.filter(pk=first.pk).update(opened_at=clock.now() - timedelta(days=8))
    api = by(moderator)

    def found(**asked):
        return [each["id"] for each in results(api.get(f"{CASES}?{urlencode(asked)}"))]

    assert found() == [str(first.pk), str(second.pk), str(third.pk)]
    assert found(country="JP") == found(principle=2) == found(language="ja") == [str(second.pk)]
    assert (found(principle=0), found(age="week")) == ([str(third.pk)], [str(first.pk)])
    assert (found(age="late"), found(mine="true"), found(reason="edited")) == ([], [], [])
    for wrong in ({"principle": "one"}, {"age": "old"}, {"country": "Kenya"}, {"mine": "perhaps"}):
        problem(api.get(f"{CASES}?{urlencode(wrong)}"), 400, "invalid", *wrong)

    assert api.get(LANGUAGES).json() == {"languages": ["en"]}
    stated = put(api, {"languages": ["ja", "zh-Hant"]})
    assert (stated.status_code, stated.json()) == (200, {"languages": ["ja", "zh"]})
    assert put(api, {"languages": ["not a language"]}).status_code == 400
    assert api.post(TAKE, {}).json()["id"] == str(second.pk)
    assert api.post(TAKE, {"principle": 0}).json()["id"] == str(third.pk)
    assert api.post(TAKE, {"country": "JP"}).status_code == 204
    assert sorted(found(mine="true")) == sorted([str(second.pk), str(third.pk)])


def test_notes_are_written_once_and_read_by_those_who_decide():
    consultation = make.consultation()
    case = open_case(make.pending_comment(consultation))
    notes = f"{CASES}{case.pk}/notes/"
    api = by(make.with_role(consultation, "moderator", make.person(name="M. Sato")))
    sent = [api.post(notes, {"words": "Ask them."}, **{"Idempotency-Key": "one"}) for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    [read] = by(make.secretariat(consultation)).get(notes).json()
    assert (read["person"], read["words"]) == ("M. Sato", "Ask them.")
    assert api.post(notes, {"words": " "}).json()["errors"]["words"]
    assert by(make.observer(consultation)).get(notes).status_code == 403


def test_somebody_asked_by_name_reads_one_text_and_answers_once():
    consultation = make.consultation()
    case = open_case(make.pending_comment(consultation, body="Words that wait."))
    reader, secretariat = make.person("reader@test.example"), by(make.secretariat(consultation))
    asking = f"{CASES}{case.pk}/opinions/"
    problem(secretariat.post(asking, {"person": "nobody@test.example"}), 400, "invalid", "person")
    asked = secretariat.post(asking, {"person": reader.email, "question": "Is it polite?"})
    assert (asked.status_code, asked.json()["given_at"]) == (201, None)
    assert Message.objects.get(kind="opinion-asked").person == reader
    place = f"moderation/opinions/{asked.json()['id']}/"
    own = by(reader)
    assert own.get(place).json()["subject"]["text"] == "Words that wait."
    assert secretariat.get(place).status_code == 404
    assert own.get(f"{CASES}{case.pk}/").status_code == 404
    given = own.post(place, {"words": "It is."})
    assert (given.status_code, given.json()["words"], given.json()["subject"]) == (200, "It is.", None)
    problem(own.post(place, {"words": "It is not."}), 409, "already-given")
    assert [each["words"] for each in secretariat.get(asking).json()] == ["It is."]
    moderator = make.moderator(consultation)
    assert by(moderator).post(asking, {"person": reader.email}).status_code == 403
    decide(moderator, claim(moderator, case))
    assert secretariat.post(asking, {"person": "reader@test.example"}).status_code == 409
