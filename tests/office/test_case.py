"""One case: read, taken, given back, decided; nothing typed is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from consultation.comments.actions import flag_comment, submit_comment, withdraw_comment
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.moderation.actions import claim_case, decide_case
from consultation.moderation.models import Case, Decision
from tests import factories as make
from tests.moderation.acts import claim, open_case
from tests.office.browsing import claim_in, page, signed_in
from tests.redlines import seen

pytestmark = pytest.mark.django_db


def address(comment: Comment) -> str:
    return reverse("office:case", args=[comment.item.cases.latest("opened_at").pk])


def taken(consultation, comment):
    """A browser of a moderator who holds the comment's case, and that moderator."""
    moderator = make.moderator(consultation)
    claim_case(moderator, case_id=comment.item.cases.get().pk, at=clock.now())
    return signed_in(moderator), moderator


def test_a_case_shows_what_was_sent_why_it_is_here_and_from_whom():
    consultation = make.consultation()
    institution = make.verified_institution("Fjord Academy")
    comment = make.pending_comment(
        consultation,
        institution,
        body="Who reviews the reviewers?",
        passage={"exact": "open to review"},
        proposed_text="open to independent review",
    )
    response = signed_in(make.moderator(consultation)).get(address(comment))
    said = page(response)
    assert "Comment P1-1 waits for its first review" in said
    assert "Who reviews the reviewers?" in said
    assert "First contribution The institution has nothing published yet." in said
    assert "Fjord Academy , Norway, Academy or association" in said
    # Only the paragraph's other words stand around the change.
    assert "Systems are open to <ins>independent </ins>review. People may ask" in seen(response)


def test_words_are_shown_inert():
    consultation = make.consultation()
    comment = make.pending_comment(consultation, body="<script>alert(1)</script> <b>bold</b>")
    response = signed_in(make.moderator(consultation)).get(address(comment))
    assert b"<script>alert" not in response.content
    assert b"<b>bold" not in response.content


def test_an_edit_is_shown_as_what_it_changed():
    consultation = make.consultation()
    institution = make.verified_institution()
    comment = make.comment(consultation, institution, body="We ask for a register.")
    submit_comment(
        make.manager(institution),
        comment_id=comment.pk,
        words=make.words("We ask for a public register."),
        at=clock.now(),
    )
    response = signed_in(make.moderator(consultation)).get(address(comment))
    assert "We ask for a <ins>public </ins>register." in seen(response)
    assert "was changed, the earlier words are public" in page(response)


def test_earlier_decisions_on_the_same_institution_are_shown():
    consultation = make.consultation()
    institution = make.verified_institution()
    make.decide(make.pending_comment(consultation, institution), "return", clause="2", message="A number.")
    make.comment(consultation)  # of another institution
    comment = make.pending_comment(consultation, institution)
    said = page(signed_in(make.moderator(consultation)).get(address(comment)))
    assert "Returned under clause 2 A number." in said
    assert "0 approved before, 1 decided otherwise" in said


@pytest.mark.parametrize("cases", [1, 3])
def test_a_case_takes_45_queries_whatever_stands_around_it(cases, django_assert_num_queries):
    consultation = make.consultation()
    institution = make.verified_institution()
    for _ in range(cases):
        make.comment(consultation, institution)
        comment = make.pending_comment(consultation, institution)
    client, _moderator = taken(consultation, comment)
    client.get(address(comment))
    with django_assert_num_queries(45):
        client.get(address(comment))


@pytest.mark.parametrize("who", ["author", "colleague", "stranger", "moderator of another"])
def test_nobody_without_a_role_learns_of_a_case(who):
    consultation = make.consultation()
    institution = make.verified_institution()
    comment = make.pending_comment(consultation, institution)
    person = {
        "author": lambda: make.manager(institution),
        "colleague": lambda: make.representative(institution),
        "stranger": make.person,
        "moderator of another": lambda: make.moderator(make.consultation()),
    }[who]()
    client = signed_in(person)
    assert client.get(address(comment)).status_code == 404
    assert client.post(address(comment), {"do": "take", "claim": "one"}).status_code == 404


def test_an_observer_reads_a_case_and_can_do_nothing():
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    client = signed_in(make.observer(consultation))
    assert "Only moderators of this consultation decide its cases." in page(client.get(address(comment)))
    response = client.post(address(comment), {"do": "take", "claim": "one"})
    assert response.status_code == 403
    assert Case.objects.get(item=comment.item).holder is None


def test_whoever_has_a_part_in_it_may_not_decide():
    consultation = make.consultation()
    institution = make.verified_institution()
    comment = make.pending_comment(consultation, institution)
    moderator = make.with_role(consultation, "moderator", make.representative(institution))
    said = page(signed_in(moderator).get(address(comment)))
    assert "Your institution has a part in this. Somebody else will decide." in said


def test_whoever_has_a_part_in_it_is_not_told_who_flagged_or_decided_it():
    consultation = make.consultation()
    institution = make.verified_institution()
    comment = make.comment(consultation, institution)
    moderator = make.with_role(consultation, "moderator", make.representative(institution))
    reader, other = make.person(name="A reader"), make.moderator(consultation)
    flag_comment(reader, comment_id=comment.pk, reason="2", note="Rude.", at=clock.now())
    case = open_case(comment)
    claim(other, case)
    decide_case(other, case_id=case.pk, action="hide", clause="2", at=clock.now())
    theirs, others = (page(signed_in(each).get(address(comment))) for each in (moderator, other))
    assert ("Rude." in theirs, "A reader" in theirs, "Hidden under clause 2" in theirs) == (True, False, True)
    assert ("A reader" in others, theirs.count(str(other))) == (True, 0)


def test_taking_a_case_and_giving_it_back():
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    moderator = make.moderator(consultation)
    client = signed_in(moderator)
    claim = claim_in(client.get(address(comment)), "Take this case")
    assert client.post(address(comment), {"do": "take", "claim": claim}).status_code == 303
    response = client.get(address(comment))
    assert "Yours for 14 minutes." in page(response)
    client.post(address(comment), {"do": "release", "claim": claim_in(response, "Give it back")})
    assert Case.objects.get(item=comment.item).holder is None


def test_a_decision_is_carried_out_once_however_often_it_is_sent():
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    client, _moderator = taken(consultation, comment)
    form = {
        "do": "decide",
        "action": "return",
        "clause": "2",
        "message": "Please remove the number.",
        "revision": "1",
        "claim": claim_in(client.get(address(comment)), "data-decide"),
    }
    answers = [client.post(address(comment), form) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    decision = Decision.objects.get(item=comment.item)
    assert (decision.action, decision.clause.number, decision.message) == ("return", "2", form["message"])
    assert Comment.objects.get(pk=comment.pk).state == "returned"
    said = page(client.get(address(comment)))
    assert "Comment P1-1 was returned to its author." in said
    assert "Returned under clause 2" in said


def test_an_approval_names_no_clause_and_says_when_the_words_appear():
    consultation = make.consultation()
    comment = make.pending_comment(consultation, make.institution())
    client, _moderator = taken(consultation, comment)
    form = {"do": "decide", "action": "approve", "clause": "2", "revision": "1", "claim": "one"}
    said = page(client.post(address(comment), form, follow=True))
    assert "Comment P1-1 was approved. It appears once its institution is verified." in said
    assert Decision.objects.get(item=comment.item).clause is None


def test_a_decision_against_a_text_without_a_clause_keeps_what_was_typed():
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    client, _moderator = taken(consultation, comment)
    response = client.post(
        address(comment), {"do": "decide", "action": "reject", "message": "We thought long.", "claim": "one"}
    )
    assert response.status_code == 400
    assert "Name the clause of the policy on which this decision stands." in page(response)
    assert "We thought long." in response.content.decode()
    assert 'value="reject" checked' in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose one of the decisions."),
        ({"action": "burn"}, "Select a valid choice. burn is not one of the available choices."),
        (
            {"action": "hide", "clause": "1"},
            "Select a valid choice. hide is not one of the available choices.",
        ),
        (
            {"action": "reject", "clause": "99"},
            "Select a valid choice. 99 is not one of the available choices.",
        ),
        ({"action": "approve", "message": "x" * 5001}, "Use at most 5000 characters. There are 5001."),
        ({"action": "approve", "message": "a\x00b"}, "null character"),
    ],
)
def test_a_bad_decision_is_refused_beside_its_field(fields, sentence):
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    client, _moderator = taken(consultation, comment)
    response = client.post(address(comment), {"do": "decide", "claim": "one", **fields})
    assert response.status_code == 400
    assert sentence in page(response)
    assert Decision.objects.count() == 0


def test_a_decision_on_a_case_that_another_took_is_refused_and_the_message_kept():
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    with time_machine.travel(clock.now() - timedelta(minutes=20)):
        client, _moderator = taken(consultation, comment)
    taken(consultation, comment)
    response = client.post(
        address(comment),
        {"do": "decide", "action": "approve", "message": "Thank you.", "revision": "1", "claim": "one"},
    )
    assert response.status_code == 409
    assert "Another moderator holds this case." in page(response)
    assert "Thank you." in response.content.decode()


def test_a_decision_after_the_lease_is_refused_and_the_case_taken_again_with_the_words_kept():
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    with time_machine.travel(clock.now() - timedelta(minutes=20)):
        client, _moderator = taken(consultation, comment)
    form = {"action": "approve", "message": "Thank you.", "revision": "1", "claim": "one"}
    late = client.post(address(comment), form | {"do": "decide"})
    assert (late.status_code, "your time with it is over" in page(late)) == (409, True)
    again = client.post(address(comment), form | {"do": "take", "claim": "two"})
    assert "Thank you." in again.content.decode()
    assert "Yours for 15 minutes." in page(again) or "Yours for 14 minutes." in page(again)


def test_a_decision_on_words_that_changed_meanwhile_is_refused_until_they_were_read():
    consultation = make.consultation()
    institution = make.verified_institution()
    comment = make.comment(consultation, institution, body="The first words.")
    actor = make.manager(institution)
    submit_comment(actor, comment_id=comment.pk, words=make.words("The second words."), at=clock.now())
    case = comment.item.cases.get(closed_at=None)
    moderator = make.moderator(consultation)
    claim_case(moderator, case_id=case.pk, at=clock.now())
    client = signed_in(moderator)
    where = reverse("office:case", args=[case.pk])
    client.get(where)
    submit_comment(actor, comment_id=comment.pk, words=make.words("The third words."), at=clock.now())
    form = {"do": "decide", "action": "approve", "revision": "2", "claim": "one"}
    refused = client.post(where, form)
    assert (refused.status_code, "The text was changed meanwhile." in page(refused)) == (409, True)
    assert "The third words." in page(refused)
    assert 'name="revision" value="3"' in refused.content.decode()


def test_a_decision_on_a_case_that_was_decided_meanwhile_keeps_the_words_for_reading():
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    case = comment.item.cases.get()
    client, moderator = taken(consultation, comment)
    decide_case(moderator, case_id=case.pk, action="approve", at=clock.now())
    response = client.post(
        reverse("office:case", args=[case.pk]),
        {"do": "decide", "action": "reject", "clause": "1", "message": "My long words.", "claim": "one"},
    )
    assert response.status_code == 409
    assert "This case was decided already." in page(response)
    assert "What you had written My long words." in page(response)


def test_words_are_suggested_in_the_authors_language_and_can_be_changed():
    consultation = make.consultation(languages=("en", "fr"))
    comment = make.pending_comment(consultation, language="fr")
    client, _moderator = taken(consultation, comment)
    response = client.post(
        address(comment), {"do": "suggest", "action": "return", "clause": "2", "message": "", "claim": "one"}
    )
    assert response.status_code == 200
    assert "To the author, in French" in page(response)
    # The clause is named to the author in French, whatever the moderator reads.
    assert 'data-title="Clause 2"' in response.content.decode()
    assert f"{comment.reference}" in page(response)
    assert Decision.objects.count() == 0


def test_a_statement_is_released_at_the_same_bench():
    consultation = make.consultation()
    position = make.endorsement(consultation, position="decline", statement="Not like this.")
    client, _moderator = taken(consultation, position)
    where = address(position)
    said = page(client.get(where))
    assert "Statement on principle 1" in said
    assert "Not like this." in said
    client.post(where, {"do": "decide", "action": "approve", "revision": "1", "claim": "one"})
    position.refresh_from_db()
    assert position.effective_at is not None


def test_a_case_that_its_author_withdrew_says_so():
    consultation = make.consultation()
    institution = make.verified_institution()
    comment = make.pending_comment(consultation, institution)
    withdraw_comment(make.manager(institution), comment_id=comment.pk, at=clock.now())
    said = page(signed_in(make.moderator(consultation)).get(address(comment)))
    assert "The author withdrew it; there was nothing left to decide." in said
