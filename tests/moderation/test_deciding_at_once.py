"""Several people at one case in the same moment: one act counts, and the others meet one clear refusal."""

import pytest

from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.moderation import actions, queries
from consultation.moderation.models import Case, Decision
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, edit
from tests.moderation.acts import appeal, claim, decide, open_case, undo
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_at_most_one_of_those_who_act_at_once_on_a_case_is_heard():
    text = make.consultation()
    one, two = make.moderator(text), make.moderator(text)
    for _ in range(3):
        comment = make.comment(text)
        edit(comment, "Changed once.")
        case = claim(one, open_case(comment))
        came_to = at_once(
            [
                lambda case=case: decide(one, case, "approve", revision=2),
                lambda case=case: decide(two, case, "return", clause="1"),
                lambda comment=comment: edit(comment, "Changed twice."),
            ]
        )
        assert came_to[1].code in ("case-held", "case-closed")
        if isinstance(came_to[0], Refusal):
            assert came_to[0].code == "case-moved-on"
            assert (anew(comment).shown.number, open_case(comment).pk) == (1, case.pk)
        else:
            assert (anew(comment).shown.number, open_case(comment).revision) == (2, 3)
    truths.assert_all_hold()


def test_undoing_and_appealing_at_once_end_in_one_or_the_other():
    text = make.consultation()
    moderator, other = make.moderator(text), make.moderator(text)
    for _ in range(3):
        comment = make.pending_comment(text)
        author = make.manager(comment.institution)
        case = decide(moderator, claim(moderator, open_case(comment)), "reject", clause="1")
        undone, appealed = at_once([lambda c=case: undo(moderator, c), lambda c=case, a=author: appeal(a, c)])
        codes = [each.code if isinstance(each, Refusal) else "" for each in (undone, appealed)]
        assert codes in (["", "not-found"], ["moved-on", ""])
        assert Case.objects.filter(item=comment.item, closed_at=None).count() == 1
    # Two lists that overlap, and in another order: nobody waits for ever, each case is decided once.
    comments = [make.pending_comment(text) for _ in range(4)]
    keys = [open_case(each).pk for each in comments]
    ruling = actions.Ruling("reject", "1")
    at_once(
        [
            lambda who=who, order=order: actions.decide_cases(
                who, revisions=dict.fromkeys(order, 1), ruling=ruling, at=clock.now()
            )
            for who, order in ((moderator, keys), (other, keys[::-1]))
        ]
    )
    assert Decision.objects.filter(case__in=keys).count() == len(keys)
    assert queries.in_force().filter(case__in=keys, action="reject").count() == len(keys)
    truths.assert_all_hold()
