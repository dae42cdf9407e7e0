"""ETag, If-None-Match, If-Match (RFC 9110, 13)."""

import pytest

from tests import factories as make
from tests.contract.calls import by, problem, visitor

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("rivers")


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution("Academy of Springs")


READS = [
    "consultations/",
    "consultations/rivers/",
    "consultations/rivers/principles/",
    "consultations/rivers/principles/1/",
    "consultations/rivers/comments/",
    "consultations/rivers/endorsements/",
    "consultations/rivers/digests/",
    "comments/rivers/P1-1/",
    "comments/rivers/P1-1/revisions/",
    "institutions/",
    "institutions/academy-of-springs/",
    "participation/rivers/",
    "schema/",
]


def test_every_read_has_a_tag_that_is_the_same_whoever_reads(text, institution):
    make.endorsement(text, institution)
    make.comment(text, institution)
    callers = [visitor(), by(make.manager(institution)), by(make.moderator(text)), by(make.person())]
    for path in READS:
        tags = {caller.get(path)["ETag"] for caller in callers}
        assert len(tags) == 1, path
        [tag] = tags
        for known in (f'"x", {tag}', "*", f"W/{tag}"):
            answer = visitor().get(path, **{"If-None-Match": known})
            assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag), path
            assert {"Authorization", "Cookie"} <= {each.strip() for each in answer["Vary"].split(",")}
        assert visitor().get(path, **{"If-None-Match": '"x"'}).status_code == 200


def test_a_tag_changes_with_what_is_read(text, institution):
    make.comment(text, institution)
    before = {path: visitor().get(path)["ETag"] for path in READS}
    other = make.verified_institution()
    make.cosign(make.comment(text, other), institution)
    make.endorsement(text, other)
    make.comment(text, other, parent=make.comment(text, institution))
    changed = {path for path in READS if visitor().get(path)["ETag"] != before[path]}
    assert changed == {
        "consultations/",
        "consultations/rivers/",
        "consultations/rivers/principles/",
        "consultations/rivers/principles/1/",
        "consultations/rivers/comments/",
        "consultations/rivers/endorsements/",
        "institutions/",
        "participation/rivers/",
    }


def test_a_head_tells_the_tag_without_the_body(text):
    answer = visitor().client.head("/api/v1/consultations/rivers/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == visitor().get("consultations/rivers/")["ETag"]


def test_a_change_holds_only_while_nothing_changed(text, institution):
    owner, colleague = by(make.manager(institution)), by(make.representative(institution))
    path = f"comments/id/{make.draft(text, institution).pk}/"
    tag = owner.get(path)["ETag"]
    changed = colleague.patch(path, {"body": "The colleague's."}, **{"If-Match": tag})
    assert changed.status_code == 200
    problem(owner.patch(path, {"body": "The owner's."}, **{"If-Match": tag}), 412, "changed-meanwhile")
    problem(owner.delete(path, **{"If-Match": tag}), 412, "changed-meanwhile")
    problem(owner.post(f"{path}submit/", **{"If-Match": tag}), 412, "changed-meanwhile")
    assert owner.get(path).json()["body"] == "The colleague's."
    new = changed["ETag"]
    for condition in (f'"x", {new}', "*"):
        assert owner.patch(path, {"body": "The colleague's."}, **{"If-Match": condition}).status_code == 200
    assert owner.patch(path, {"body": "Without a condition."}).status_code == 200
    assert owner.delete(path, **{"If-Match": owner.get(path)["ETag"]}).status_code == 204


def test_conditions_of_the_other_acts(text, institution):
    registrar, moderator, owner = (
        by(make.registrar()),
        by(make.moderator(text)),
        by(make.manager(institution)),
    )
    waiting = make.institution()
    case = f"moderation/cases/{make.pending_comment(text, institution).item.cases.get().pk}/"
    endorsement = f"endorsements/{make.endorsement(text, institution).pk}/"
    acts = [
        (registrar, f"institutions/{waiting.slug}/verify/", {"how": "letter"}),
        (moderator, f"{case}claim/", {}),
        (moderator, f"{case}release/", {}),
        (moderator, f"{case}decide/", {"action": "approve"}),
        (owner, f"{endorsement}withdraw/", {}),
        (owner, "comments/rivers/P1-1/withdraw/", {}),
    ]
    for caller, path, body in acts:
        problem(caller.post(path, body, **{"If-Match": '"stale"'}), 412, "changed-meanwhile")
    tag = moderator.get(case)["ETag"]
    claimed = moderator.post(f"{case}claim/", **{"If-Match": tag})
    assert claimed.status_code == 200
    problem(
        moderator.post(f"{case}decide/", {"action": "approve"}, **{"If-Match": tag}), 412, "changed-meanwhile"
    )
    decided = moderator.post(f"{case}decide/", {"action": "approve"}, **{"If-Match": claimed["ETag"]})
    assert decided.status_code == 200
    for path in (f"institutions/{waiting.slug}/",):
        tag = registrar.get(path)["ETag"]
        assert registrar.post(f"{path}verify/", {"how": "letter"}, **{"If-Match": tag}).status_code == 200
