"""What a person does while they are erased: it stays without them, or it is refused."""

import pytest

from accounts.models import User
from consultation.comments.models import Comment, CommentRevision
from consultation.kit import clock
from consultation.record.models import SITE, Stream
from consultation.standing.actions import erase_person
from tests import factories as make
from tests import truths
from tests.comments.acts import write
from tests.together import at_once, one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def consultation():
    return make.consultation(policy="post")


@pytest.fixture
def institution(consultation):
    institution = make.verified_institution()
    write(make.manager(institution), consultation, institution, body="The first one.")
    return institution


def erase(person):
    return erase_person(person, person_id=person.pk, address=person.email, at=clock.now())


def end_of(stream):
    return Stream.objects.filter(consultation=stream)


def test_a_comment_sent_just_before_stays_without_its_author(consultation, institution):
    owner = make.manager(institution)
    with one_after_the_other(end_of(consultation.pk)) as start:
        sent = start(lambda: write(owner, consultation, institution, body="In time."))
        start(lambda: erase(owner))
    left = Comment.objects.get(pk=sent.result().pk)
    assert (left.author, left.former) == (None, 1)
    assert set(CommentRevision.objects.values_list("author", "former")) == {(None, 1)}
    assert not User.objects.filter(pk=owner.pk).exists()
    truths.assert_all_hold()


def test_a_comment_sent_while_its_author_is_erased_is_refused(consultation, institution):
    owner = make.manager(institution)
    with one_after_the_other(end_of(SITE)) as start:
        start(lambda: erase(owner))
        late = start(lambda: write(owner, consultation, institution, body="Too late."))
    assert late.result().code == "no-mandate"
    assert Comment.objects.count() == 1


def test_of_several_erasures_at_once_one_is_the_first(institution):
    owner = make.manager(institution)
    outcomes = at_once([lambda: erase(owner)] * 4)
    assert [each for each in outcomes if each is None] == [None]
    assert {each.code for each in outcomes if each is not None} <= {"not-found", "busy"}
