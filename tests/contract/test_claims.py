"""The Idempotency-Key: sent again, a call acts once."""

import pytest
from django.db import connection
from django.urls import get_resolver

from consultation.comments.models import Comment
from consultation.digests.models import Digest
from consultation.kit import claims
from consultation.kit.models import Claim
from tests import factories as make
from tests.contract.calls import by, problem, visitor
from tests.together import at_once

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "9d1c"}


@pytest.fixture
def text():
    return make.consultation("rivers")


@pytest.fixture
def institution():
    return make.verified_institution("Academy of Springs")


@pytest.fixture
def owner(institution):
    return by(make.manager(institution))


def comment(**changes):
    given = {"institution": "academy-of-springs", "principle": 1, "kind": "general", "body": "We ask."}
    return {**given, **changes}


def test_the_same_again_is_the_same_comment_under_the_same_status(text, owner):
    path = "consultations/rivers/comments/"
    first, second = owner.post(path, comment(), **KEY), owner.post(path, comment(), **KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert (second["Location"], second["ETag"]) == (first["Location"], first["ETag"])
    assert Comment.objects.count() == 1


def test_the_subject_is_rendered_anew(text, owner):
    path = "consultations/rivers/comments/"
    owner.post(path, comment(), **KEY)
    make.decide(Comment.objects.get(), "approve")
    answer = owner.post(path, comment(), **KEY)
    assert (answer.status_code, answer.json()["state"]) == (201, "published")


def test_the_order_of_fields_does_not_matter_but_their_values_do(text, owner):
    path = "consultations/rivers/comments/"
    owner.post(path, comment(), **KEY)
    turned = dict(reversed(comment().items()))
    assert owner.post(path, turned, **KEY).json()["reference"] == "P1-1"
    for changed in (comment(body="We demand."), comment(draft=False), comment(principle=2)):
        problem(owner.post(path, changed, **KEY), 422, "key-reused")
    assert Comment.objects.count() == 1


def test_a_key_is_one_persons_at_one_address(text, institution, owner):
    path = "consultations/rivers/comments/"
    owner.post(path, comment(), **KEY)
    assert by(make.representative(institution)).post(path, comment(), **KEY).json()["reference"] == "P1-2"
    make.consultation("lakes")
    assert owner.post("consultations/lakes/comments/", comment(), **KEY).status_code == 201
    assert owner.post(path, comment()).json()["reference"] == "P1-3"


def test_a_refusal_leaves_no_claim(text, owner):
    path = "consultations/rivers/comments/"
    problem(owner.post(path, comment(principle=9), **KEY), 400, "invalid", "principle")
    problem(owner.post(path, comment(body=""), **KEY), 400, "invalid", "body")
    assert not Claim.objects.exists()
    assert owner.post(path, comment(), **KEY).status_code == 201


def test_every_kind_of_act_is_done_once(text, institution, owner):
    published = make.comment(text, make.verified_institution())
    pending = make.pending_comment(text, institution)
    registrar, moderator = by(make.registrar()), by(make.moderator(text))
    case = f"moderation/cases/{pending.item.cases.get().pk}/"
    moderator.post(f"{case}claim/")
    draft = make.draft(text, institution)
    waiting = make.institution()
    position = {"institution": "academy-of-springs", "principle": 1, "version": 1, "position": "endorse"}
    acts = [
        (owner, f"comments/id/{draft.pk}/submit/", {}, 200),
        (
            owner,
            f"comments/id/{published.pk}/cosign/",
            {"institution": institution.slug, "position": "agree"},
            200,
        ),
        (owner, "consultations/rivers/endorsements/", position, 201),
        (owner, "consultations/rivers/digests/", {"formats": ["csv"]}, 202),
        (moderator, f"{case}decide/", {"action": "approve"}, 200),
        (owner, f"comments/id/{pending.pk}/withdraw/", {}, 200),
        (owner, "institutions/", {"name": "Academy of Fords", "country": "KE", "type": "academy"}, 201),
        (registrar, f"institutions/{waiting.slug}/verify/", {"how": "letter"}, 200),
    ]
    for caller, path, body, status in acts:
        first, second = caller.post(path, body, **KEY), caller.post(path, body, **KEY)
        assert (first.status_code, second.status_code) == (status, status), (
            path,
            first.content,
            second.content,
        )
        assert second.json() == first.json()
    signed = owner.post("consultations/rivers/endorsements/", position).json()
    make.new_version(text, 1)
    path = f"endorsements/{signed['id']}/reaffirm/"
    first, second = owner.post(path, **KEY), owner.post(path, **KEY)
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    path = f"endorsements/{first.json()['id']}/withdraw/"
    assert owner.post(path, **KEY).json() == owner.post(path, **KEY).json()
    assert Digest.objects.count() == 1


def test_a_list_of_positions_is_a_list_again(text, owner):
    body = {
        "institution": "academy-of-springs",
        "principle": "all",
        "version": {"1": 1, "2": 1},
        "position": "endorse",
    }
    first, second = (owner.post("consultations/rivers/endorsements/", body, **KEY) for _ in range(2))
    assert (second.status_code, second.json(), len(first.json())) == (201, first.json(), 2)


def test_a_condition_that_held_once_is_not_asked_again(text, institution, owner):
    draft = make.draft(text, institution)
    path = f"comments/id/{draft.pk}/"
    condition = {"If-Match": owner.get(path)["ETag"], **KEY}
    assert owner.post(f"{path}submit/", **condition).status_code == 200
    assert owner.post(f"{path}submit/", **condition).status_code == 200


def test_visitors_take_no_claim(text):
    for _ in range(2):
        assert visitor().post("consultations/rivers/digests/", {"formats": ["csv"]}, **KEY).status_code == 202
    assert not Claim.objects.exists()


@pytest.mark.parametrize("key", ["x" * 201, "schlüssel", "a\tb", "\x7f"])
def test_a_key_that_can_not_be_kept_is_refused(text, owner, key):
    answer = owner.post("consultations/rivers/comments/", comment(), **{"Idempotency-Key": key})
    problem(answer, 400, "invalid", "Idempotency-Key")
    assert Comment.objects.count() == 0


def test_the_longest_key_will_do(text, owner):
    answer = owner.post("consultations/rivers/comments/", comment(), **{"Idempotency-Key": "x" * 200})
    assert answer.status_code == 201


@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_moment_act_once(text, institution):
    get_resolver()
    callers = [by(make.manager(institution)) for _ in range(4)]
    path = "consultations/rivers/comments/"
    answers = at_once([lambda caller=each: caller.post(path, comment(), **KEY) for each in callers])
    assert {each.status_code for each in answers} == {201}
    assert {each.json()["reference"] for each in answers} == {"P1-1"}
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_still_running_the_second_is_asked_to_wait(text, institution, monkeypatch):
    monkeypatch.setattr(claims, "WAIT", "50ms")
    caller, path = by(make.manager(institution)), "consultations/rivers/comments/"
    [first] = at_once([lambda: caller.post(path, comment(), **KEY)])
    assert first.status_code == 201
    claim = Claim.objects.get()
    Claim.objects.all().delete()
    columns = (claim.person_id, claim.key, claim.path, claim.fields_hash)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            f"INSERT INTO {Claim._meta.db_table} (person_id, key, path, fields_hash, subjects)"
            " VALUES (%s, %s, %s, %s, '[]')",
            columns,
        )
        [answer] = at_once([lambda: caller.post(path, comment(), **KEY)])
        cursor.execute("ROLLBACK")
    problem(answer, 409, "still-running")
    assert int(answer["Retry-After"]) > 0
