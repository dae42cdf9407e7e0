"""References: a series for each principle, for the whole text, for the secretariat; no gaps, for ever."""

import pytest

from consultation.comments.models import Comment, Series
from consultation.kit.refusal import Refusal
from tests import factories as make
from tests import truths
from tests.comments.acts import edit, submit, withdraw, write
from tests.refusals import refused
from tests.together import at_once


def references(consultation):
    return list(
        Comment.objects.filter(consultation=consultation, reference__isnull=False)
        .order_by("submitted_at", "id")
        .values_list("reference", flat=True)
    )


@pytest.mark.django_db
def test_each_principle_the_whole_text_and_the_secretariat_have_a_series_of_their_own():
    consultation, institution = make.consultation(), make.verified_institution()
    owner = make.manager(institution)
    for place in ({"principle": 1}, {"principle": 2}, {"principle": 1}, {"principle": None}):
        write(owner, consultation, institution, **place)
        write(owner, consultation, institution, visibility="secretariat", **place)
    assert references(consultation) == ["P1-1", "S-1", "P2-1", "S-2", "P1-2", "S-3", "G-1", "S-4"]


@pytest.mark.django_db
def test_each_consultation_counts_anew():
    institution = make.verified_institution()
    for _ in range(2):
        assert make.sent_comment(make.consultation(), institution).reference == "P1-1"


@pytest.mark.django_db
def test_a_reference_is_never_given_again():
    consultation, institution = make.consultation(), make.verified_institution()
    withdraw(make.comment(consultation, institution))
    make.decide(make.pending_comment(consultation, institution), "reject")
    assert make.sent_comment(consultation, institution).reference == "P1-3"


@pytest.mark.django_db
def test_what_was_refused_leaves_no_gap():
    consultation, institution = make.consultation(), make.verified_institution()
    owner = make.manager(institution)
    with refused("invalid", "body"):
        write(owner, consultation, institution, body="")
    with refused("invalid", "parent"):
        write(owner, consultation, institution, parent="P1-9")
    assert write(owner, consultation, institution).reference == "P1-1"


@pytest.mark.django_db
def test_a_comment_keeps_its_reference_through_all_its_revisions():
    consultation, institution = make.consultation(), make.verified_institution()
    returned = make.decide(make.pending_comment(consultation, institution), "return")
    make.pending_comment(consultation, institution)
    assert make.decide(edit(returned, "Mended."), "approve").reference == "P1-1"


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_leave_no_gap_and_no_reference_twice():
    consultation = make.consultation()
    institutions = [make.verified_institution() for _ in range(4)]
    people = [(make.representative(each), each) for each in institutions for _ in range(2)]
    drafts = [make.draft(consultation, each, by=person, principle=2) for person, each in people]

    def writes(person, institution, number):
        return lambda: write(
            person, consultation, institution, principle=1 + number % 2, body="" if number == 3 else "A word."
        )

    acts = [writes(person, each, number) for number in range(4) for person, each in people]
    acts += [lambda draft=draft: submit(draft) for draft in drafts]
    acts += [lambda draft=draft: submit(draft) for draft in drafts]
    came_to = at_once(acts)
    codes = [each.code for each in came_to if isinstance(each, Refusal)]
    assert sorted(codes) == ["invalid"] * 8 + ["not-a-draft"] * 8
    given = [each.reference for each in came_to if isinstance(each, Comment)]
    assert sorted(given) == sorted(
        [f"P1-{number}" for number in range(1, 17)] + [f"P2-{number}" for number in range(1, 17)]
    )
    assert {row.name: row.last for row in Series.objects.all()} == {"P1": 16, "P2": 16}
    truths.assert_all_hold()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_fifty_institutions_at_once_get_distinct_references_without_a_gap():
    consultation = make.consultation()
    places = [(each, make.manager(each)) for each in (make.verified_institution() for _ in range(50))]
    acts = [lambda each=each, by=by: write(by, consultation, each) for each, by in places]
    came_to = at_once(acts, people=50)
    assert not [each for each in came_to if isinstance(each, Refusal)]
    given = {each.reference for each in came_to}
    assert given == {f"P1-{number}" for number in range(1, 51)}
    truths.assert_all_hold()
