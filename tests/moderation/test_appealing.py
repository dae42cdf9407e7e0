"""An appeal: once, in time, decided by somebody who took no part."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from consultation.kit import clock
from consultation.moderation import actions, queries
from consultation.moderation.models import Case, CaseNote
from consultation.post.models import Message
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, edit, hide, is_public, withdraw
from tests.endorsements.acts import RESERVE, endorse, states
from tests.moderation.acts import appeal, claim, claim_next, decide, open_case, undo
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
RESERVED = "endorse_with_reservation"
TEN_DAYS = timedelta(days=10)


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def moderator(consultation):
    return make.moderator(consultation)


@pytest.fixture
def other(consultation):
    return make.moderator(consultation)


def rejected(consultation, moderator):
    """A comment that the moderator rejected, its case, and who speaks for its institution."""
    comment = make.pending_comment(consultation)
    case = decide(moderator, claim(moderator, open_case(comment)), "reject", clause="2")
    return anew(comment), case, make.manager(comment.institution)


def told(kind):
    return Message.objects.filter(kind=kind).latest("pk")


def test_an_appeal_is_decided_by_somebody_who_took_no_part(consultation, moderator, other):
    comment, case, author = rejected(consultation, moderator)
    colleague = make.moderator(consultation)
    shared = make.verified_institution()
    for person in (moderator, colleague):
        make.representative(shared, by=person)
    opened = appeal(author, case, "It breaks no clause.")
    assert (opened.is_appeal, opened.grounds, opened.item) == (True, "It breaks no clause.", comment.item)
    for barred, code in ((moderator, "left-to-others"), (colleague, "left-to-others")):
        with refused(code):
            claim(barred, opened)
        assert claim_next(barred) is None
    assert claim_next(other) == opened
    for action in ("approve", "reject", "redact"):
        with refused("not-possible-now"):
            decide(other, opened, action, clause="1")
    closed = decide(other, opened, "reverse", message="You were right.")
    assert (anew(comment).state, is_public(comment)) == ("published", True)
    mail = told("appeal-decided")
    assert (mail.context["action"], mail.context["message"]) == ("reverse", "You were right.")
    truths.assert_all_hold()
    undo(other, closed)
    assert anew(comment).state == "rejected"
    assert decide(other, opened, "uphold").decision.clause.number == "2"
    assert (anew(comment).state, queries.last_decision(comment.item).action) == ("rejected", "uphold")
    with refused("already-appealed"):
        appeal(author, opened)
    truths.assert_all_hold()


def test_an_appeal_is_made_once_in_time_with_grounds_by_the_authors_side(consultation, moderator, other):
    _comment, case, author = rejected(consultation, moderator)
    for grounds in ("", "  ", "x" * 5_001, "nul\x00"):
        with refused("invalid", "grounds"):
            appeal(author, case, grounds)
    for stranger in (other, make.manager(make.verified_institution())):
        with refused("not-found"):
            appeal(stranger, case)
    at = case.closed_at + TEN_DAYS
    with refused("too-late"):
        appeal(author, case, at=at + timedelta(microseconds=1))
    appeal(author, case, at=at)
    with refused("already-appealed"):
        appeal(author, case)
    assert Case.objects.filter(appealed__case=case).count() == 1


def test_only_what_was_taken_away_is_appealed(consultation, moderator):
    shown = make.comment(consultation)
    author = make.manager(shown.institution)
    returned = make.decide(make.pending_comment(consultation, shown.institution), "return")
    for comment in (shown, returned):
        with refused("not-appealable"):
            appeal(author, comment.item.cases.get())
    undone = claim(moderator, open_case(edit(returned, "Mended.")))
    undo(moderator, decide(moderator, undone, "reject", clause="1"))
    with refused("not-found"):
        appeal(author, undone)
    hidden = hide(shown)
    opened = appeal(author, queries.newest_case(hidden.item_id))
    withdraw(hidden)
    assert Case.objects.get(pk=opened.pk).closed_at is not None
    truths.assert_all_hold()


def test_what_was_hidden_is_shown_again_once_the_appeal_is_won(consultation, other):
    comment = hide(make.comment(consultation))
    opened = appeal(make.manager(comment.institution), queries.newest_case(comment.item_id))
    decide(other, claim(other, opened), "reverse")
    assert is_public(comment)
    truths.assert_all_hold()


def test_a_refused_statement_stands_after_all_unless_another_was_signed_since(consultation, moderator, other):
    institution = make.verified_institution()
    signer = make.manager(institution)

    def refuse(principle):
        waiting = endorse(institution, consultation, RESERVED, RESERVE, principle=principle)
        case = decide(moderator, claim(moderator, open_case(waiting)), "reject", clause="1")
        assert told("endorsement-refused").context["appeal"] == f"/appeals/{case.pk}/"
        return appeal(signer, case)

    opened = refuse(2)
    decide(other, claim(other, opened), "reverse")
    assert states(institution) == [(RESERVED, "signed", True, True)]
    undo(other, opened)
    assert states(institution) == [(RESERVED, "refused", False, False)]
    decide(other, opened, "reverse")
    later = refuse(3)
    endorse(institution, consultation, principle=3)
    decide(other, claim(other, later), "reverse")
    assert (RESERVED, "refused", False, False) in states(institution)
    truths.assert_all_hold()


def test_the_author_is_told_what_was_decided_and_how_to_appeal(consultation, moderator):
    comment, case, _author = rejected(consultation, moderator)
    mail = told("comment-rejected")
    assert mail.context["clause_text"] == "What 2 asks."
    assert mail.context["appeal"] == f"/appeals/{case.pk}/"
    assert mail.context["deadline"] == (case.closed_at + TEN_DAYS).isoformat()
    assert str(moderator.name) not in str(mail.context)
    assert comment.reference == mail.context["reference"]


def test_what_is_escalated_stays_open_for_others_before_all_others(consultation, moderator, other):
    secretary = make.secretariat(consultation)
    early, late = make.pending_comment(consultation), make.pending_comment(consultation)
    case = claim(moderator, open_case(late))
    with refused("invalid", "message"):
        decide(moderator, case, "escalate")
    decide(moderator, case, "escalate", message="It names a judge.")
    assert (case.pk, CaseNote.objects.get(case=case).words) == (open_case(late).pk, "It names a judge.")
    assert (told("case-escalated").person, told("case-escalated").context["message"]) == (
        secretary,
        "It names a judge.",
    )
    with refused("left-to-others"):
        claim(moderator, case)
    waiting = [queries.load(person, at=clock.now()).waiting for person in (moderator, other)]
    assert waiting == [queries.offered_to(person, at=clock.now()).count() for person in (moderator, other)]
    assert waiting == [1, 2]
    assert claim_next(moderator).item == early.item
    assert claim_next(other) == case
    with refused("not-possible-now"):
        decide(other, case, "escalate", message="Nor do I know.")
    decide(other, case)
    truths.assert_all_hold()


def test_many_are_decided_at_once_and_each_refusal_is_told(consultation, moderator, other):
    good = [make.pending_comment(consultation) for _ in range(2)]
    held, gone, edited = (make.pending_comment(consultation) for _ in range(3))
    statement = endorse(make.verified_institution(), consultation, "decline", RESERVE)
    ours = make.pending_comment(consultation)
    make.representative(ours.institution, by=moderator)
    claim(other, open_case(held))
    cases = [open_case(each) for each in (good[0], held, gone, edited, statement, ours, good[1])]
    revisions = {case.pk: 1 for case in cases} | {cases[3].pk: 7}
    withdraw(gone)
    ruling = actions.Ruling("reject", "3", "All alike.")
    done = actions.decide_cases(moderator, revisions=revisions, ruling=ruling, at=clock.now())
    codes = [
        each.refusal.code if isinstance(each, actions.Undecided) else each.decision.action for each in done
    ]
    assert codes == [
        "reject",
        "case-held",
        "case-closed",
        "case-moved-on",
        "reject",
        "own-institution",
        "reject",
    ]
    assert [anew(each).state for each in (*good, held, edited)] == [
        "rejected",
        "rejected",
        "pending",
        "pending",
    ]
    # What was refused left no trace: the case that moved on is still free.
    assert Case.objects.get(pk=cases[3].pk).holder is None
    truths.assert_all_hold()


def test_the_database_keeps_an_appeal_with_what_it_is_about(consultation, moderator):
    _comment, case, author = rejected(consultation, moderator)
    opened = appeal(author, case)
    for change in ({"appealed": None}, {"grounds": ""}, {"is_appeal": False}):
        with pytest.raises(DatabaseError, match="case_appeal_names"), transaction.atomic():
            Case.objects.filter(pk=opened.pk).update(**change)
