"""What is sent while its institution is being verified or suspended: nothing slips through."""

import pytest

from consultation.comments.models import Comment
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.moderation.actions import claim_next, decide_case
from consultation.record.models import SITE, Stream
from tests import factories as make
from tests import truths
from tests.comments.acts import edit, is_public, write
from tests.endorsements.acts import endorse
from tests.standing.acts import suspend, verify
from tests.together import at_once, one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def consultation():
    return make.consultation(policy="post")


@pytest.fixture
def institution(consultation):
    institution = make.verified_institution()
    # The stream at whose end every verb of the consultation waits.
    write(make.manager(institution), consultation, institution, body="The first one.")
    return institution


def end_of(stream):
    return Stream.objects.filter(consultation=stream)


def test_a_comment_sent_while_its_institution_is_being_suspended_is_refused(consultation, institution):
    registrar, owner = make.registrar(), make.manager(institution)
    with one_after_the_other(end_of(SITE)) as start:
        start(lambda: suspend(institution, by=registrar))
        late = start(lambda: write(owner, consultation, institution, body="Quickly, before it is too late."))
    assert late.result().code == "institution-barred"
    assert not Comment.objects.filter(public_since__isnull=False).exists()
    truths.assert_all_hold()


def test_a_comment_sent_just_before_its_institution_is_suspended_does_not_stay_public(
    consultation, institution
):
    registrar, owner = make.registrar(), make.manager(institution)
    with one_after_the_other(end_of(consultation.pk)) as start:
        sent = start(lambda: write(owner, consultation, institution, body="In time."))
        start(lambda: suspend(institution, by=registrar))
    assert sent.result().reference == "P1-2"
    assert not is_public(sent.result())
    truths.assert_all_hold()


def test_an_edit_a_position_and_a_decision_meet_a_suspension_in_the_same_order(consultation, institution):
    registrar, owner = make.registrar(), make.manager(institution)
    first = Comment.objects.get()
    with one_after_the_other(end_of(SITE)) as start:
        start(lambda: suspend(institution, by=registrar))
        late = [
            start(lambda: edit(first, "Other words.", by=owner)),
            start(lambda: endorse(institution, consultation, by=owner)),
        ]
    assert [each.result().code for each in late] == ["institution-barred"] * 2
    assert not Endorsement.objects.exists()
    truths.assert_all_hold()


def test_what_is_approved_while_its_institution_is_being_suspended_does_not_become_public():
    consultation, institution = make.consultation(), make.verified_institution()
    comment = make.pending_comment(consultation, institution)
    moderator, registrar = make.moderator(consultation), make.registrar()
    case = claim_next(moderator, at=clock.now())
    with one_after_the_other(end_of(SITE)) as start:
        start(lambda: suspend(institution, by=registrar))
        start(lambda: decide_case(moderator, case_id=case.pk, action="approve", at=clock.now()))
    assert (Comment.objects.get().state, is_public(comment)) == ("published", False)
    truths.assert_all_hold()


def test_what_is_sent_while_its_institution_is_being_verified_appears_once(consultation):
    institution = make.institution()
    registrar, owner = make.registrar(), make.manager(institution)
    with one_after_the_other(end_of(SITE)) as start:
        start(lambda: verify(institution, by=registrar))
        sent = start(lambda: write(owner, consultation, institution))
    assert is_public(sent.result())
    assert truths.Entry.objects.filter(kind="comment.appeared").count() == 1
    truths.assert_all_hold()


def test_everybody_at_once_leaves_every_figure_true(consultation, institution):
    registrar, others = make.registrar(), [make.verified_institution() for _ in range(2)]
    people = {each.pk: make.manager(each) for each in (institution, *others)}
    parent = Comment.objects.get()
    acts = [lambda: suspend(institution, by=registrar), lambda: verify(institution, by=registrar)]
    for each in (institution, *others):
        person = people[each.pk]
        acts += [
            lambda each=each, person=person: write(person, consultation, each),
            lambda each=each, person=person: write(person, consultation, each, parent=parent.reference),
            lambda each=each, person=person: endorse(each, consultation, by=person),
            lambda each=each, person=person: endorse(each, consultation, "decline", by=person),
        ]
    came_to = at_once(acts * 2)
    met = {each.code for each in came_to if isinstance(each, Refusal)}
    assert met <= {"institution-barred", "not-waiting", "invalid"}
    truths.assert_all_hold()
