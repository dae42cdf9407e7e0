"""Flagging a comment by program."""

import pytest

from consultation.moderation.models import Flag
from tests import factories as make
from tests.contract.calls import by, problem, visitor

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def comment(kept):
    return make.comment(make.consultation("rivers"))


def test_a_reader_flags_a_comment_once_and_the_third_flag_hides_it(comment):
    path, reader = "comments/rivers/P1-1/flags/", by(make.person())
    said = {"reason": "2", "note": "Not about the text."}
    problem(visitor().post(path, said), 401, "not-signed-in")
    answer = reader.post(path, said, **{"Idempotency-Key": "once"})
    assert (answer.status_code, answer.json()) == (201, {"reference": "P1-1", "hidden": False})
    assert reader.post(path, said, **{"Idempotency-Key": "once"}).status_code == 201
    problem(reader.post(path, said), 409, "already-flagged")
    for wrong, field in (
        ({"reason": "9"}, "reason"),
        ({"note": "Nothing."}, "reason"),
        ({**said, "note": 1}, "note"),
    ):
        assert problem(by(make.person()).post(path, wrong), 400, "invalid", field)["errors"].keys() == {field}
    assert Flag.objects.get().note == "Not about the text."
    assert by(make.person()).post(f"comments/id/{comment.pk}/flags/", said).json()["hidden"] is False
    last = by(make.person())
    assert last.post(path, said, **{"Idempotency-Key": "last"}).json()["hidden"] is True
    assert last.post(path, said, **{"Idempotency-Key": "last"}).json()["hidden"] is True
    gone = problem(last.post(path, said), 410, "gone")
    assert gone["clause"] is None
    problem(visitor().get("comments/rivers/P1-1/"), 410, "gone")
