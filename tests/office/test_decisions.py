"""Undoing, redacting, correcting, appealing and deciding many, by page, from both sides."""

import pytest
from django.urls import reverse

from consultation.kit import clock
from consultation.moderation.actions import claim_case
from consultation.moderation.models import Case, Decision
from tests import factories as make
from tests.comments.acts import anew, is_public
from tests.moderation.acts import appeal, claim, decide, open_case
from tests.office.browsing import claim_in, page, signed_in

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def moderator(text):
    return make.moderator(text)


@pytest.fixture
def bench(moderator):
    return signed_in(moderator)


def address(comment):
    return reverse("office:case", args=[comment.item.cases.latest("opened_at").pk])


def taken(moderator, comment):
    """The address of the comment's case, which the moderator holds."""
    claim_case(moderator, case_id=open_case(comment).pk, at=clock.now())
    return address(comment)


def send(browser, place, **fields):
    """The form of a page, as it stands there, with these fields."""
    shown = browser.get(place)
    assert shown.status_code == 200
    return browser.post(place, {"claim": claim_in(shown), **fields})


def of_comment(comment):
    return reverse("pages:comment", args=[comment.consultation.slug, comment.reference])


def test_a_decision_is_undone_from_the_head_line_wherever_one_is(text, moderator, bench):
    comment = make.pending_comment(text)
    place = taken(moderator, comment)
    send(bench, place, do="decide", action="reject", clause="1", message="No.", revision=1)
    head = bench.get(reverse("office:moderation"))
    assert "Comment P1-1: Rejected under clause 1. Nobody is told before" in page(head)
    assert f'action="{place}"' in head.content.decode()
    done = bench.post(place, {"do": "undo"}, follow=True)
    assert "The decision on Comment P1-1 was undone. Nobody was told of it." in page(done)
    assert "Send the decision" in page(done)
    assert (anew(comment).state, "Nobody is told before" in page(done)) == ("pending", False)
    late = bench.post(place, {"do": "undo"})
    assert late.status_code == 409
    assert "There is no decision to undo." in page(late)


def test_words_are_redacted_and_the_public_reads_why(text, moderator, bench, client):
    comment = make.pending_comment(text, body="Ask Ana Moreau, or\nEva Lund.")
    place = taken(moderator, comment)
    ruling = {"do": "decide", "action": "redact", "clause": "2", "revision": 1}
    refused = send(bench, place, quotes="Nobody", **ruling)
    assert refused.status_code == 400
    assert "These words are not in the text." in page(refused)
    assert ">Nobody</textarea>" in refused.content.decode().replace("\n", "")
    send(bench, place, quotes="Ana Moreau\r\n\r\nEva Lund", **ruling)
    said = page(client.get(of_comment(comment)))
    assert "Ask █████, or █████." in said
    assert "under clause 2 of the moderation policy." in said
    assert "Moreau" not in said


def test_a_correction_goes_to_the_author_and_back_by_one_click(text, moderator, bench):
    comment = make.pending_comment(text, body="We aks for it.", proposed_text="Say so.")
    author = signed_in(make.manager(comment.institution))
    place = taken(moderator, comment)
    fields = {"corrected_body": "We ask for it.", "corrected_proposal": "Say so.", "revision": 1}
    send(bench, place, do="decide", action="return", clause="1", **fields)
    shown = author.get(of_comment(comment))
    assert "A moderator suggests a small correction" in page(shown)
    assert "Agree and publish" not in page(bench.get(of_comment(comment)))
    answer = reverse("pages:answer_correction", args=[text.slug, comment.reference])
    done = author.post(answer, {"claim": claim_in(shown), "answer": "accept"}, follow=True)
    assert f"{comment.reference} is public with the correction." in page(done)
    assert (anew(comment).shown.body, is_public(comment)) == ("We ask for it.", True)
    assert signed_in(make.person()).post(answer, {"answer": "accept"}).status_code == 404


def test_the_words_as_they_stand_are_no_correction(text, moderator, bench):
    comment = make.pending_comment(text, body="As it is.")
    fields = {"corrected_body": "As it is.", "corrected_proposal": "", "revision": 1}
    send(bench, taken(moderator, comment), do="decide", action="return", clause="1", **fields)
    author = signed_in(make.manager(comment.institution))
    assert anew(comment).state == "returned"
    assert "A moderator suggests" not in page(author.get(of_comment(comment)))


def test_an_appeal_from_the_authors_page_to_the_outcome(text, moderator, bench, client):
    comment = make.pending_comment(text, body="Nothing wrong here.")
    author, other = signed_in(make.manager(comment.institution)), make.moderator(text)
    case = decide(moderator, claim(moderator, open_case(comment)), "reject", clause="3", message="Read it.")
    own = author.get(of_comment(comment))
    assert "Clause 3: Clause 3. What 3 asks." in page(own)
    assert "Rejected by a moderator" in page(own)
    place = reverse("pages:appeal", args=[case.pk])
    assert f'href="{place}"' in own.content.decode()
    assert place not in bench.get(of_comment(comment)).content.decode()
    assert (bench.get(place).status_code, client.get(place).status_code) == (404, 302)
    assert send(author, place, grounds=" ").status_code == 400
    done = author.post(
        place, {"claim": claim_in(author.get(place)), "grounds": "It breaks none."}, follow=True
    )
    assert "It waits for a moderator who took no part in the decision." in page(done)
    again = author.post(place, {"grounds": "Once more."})
    assert (again.status_code, "There was an appeal against this already." in page(again)) == (409, True)
    opened = Case.objects.get(appealed__case=case)
    barred = page(bench.get(address(comment)))
    assert "You took part in this already. Somebody else will decide." in barred
    desk = signed_in(other)
    place_of_appeal = taken(other, comment)
    assert "Why its author appeals" in page(desk.get(place_of_appeal))
    send(desk, place_of_appeal, do="decide", action="uphold", message="It does.", revision=1)
    assert Decision.objects.get(case=opened).clause.number == "3"
    outcome = page(author.get(place))
    assert "Upheld by a moderator" in outcome
    assert str(other.name) not in outcome


def test_a_refused_statement_is_appealed_on_a_page_of_its_own(text, moderator):
    institution = make.verified_institution()
    waiting = make.endorsement(text, institution, position="decline", statement="Not so.")
    case = decide(moderator, claim(moderator, open_case(waiting)), "reject", clause="1")
    signer = signed_in(make.manager(institution))
    said = page(send(signer, reverse("pages:appeal", args=[case.pk]), grounds="Why not?"))
    assert said is not None
    assert Case.objects.get(appealed__case=case).grounds == "Why not?"
    assert "Statement on principle 1" in page(signer.get(reverse("pages:appeal", args=[case.pk])))


def test_several_cases_are_ticked_read_once_more_and_decided_alike(text, moderator, bench):
    good, edited = make.pending_comment(text, body="One."), make.pending_comment(text, body="Two.")
    appealed = make.decide(make.pending_comment(text), "reject")
    appeal(make.manager(appealed.institution), appealed.item.cases.get())
    place = reverse("office:many")
    shown = bench.get(f"{place}?principle=1")
    values = [f"{open_case(each).pk}:1" for each in (good, edited)]
    assert all(f'value="{value}"' in shown.content.decode() for value in values)
    assert str(open_case(appealed).pk) not in shown.content.decode()
    assert bench.post(place).status_code == 400
    confirm = bench.post(place, {"case": values})
    assert "Decide 2 cases alike" in page(confirm)
    fields = {"case": [values[0], f"{open_case(edited).pk}:4"], "do": "decide", "claim": claim_in(confirm)}
    wanting = bench.post(place, fields)
    assert (wanting.status_code, Decision.objects.filter(item=good.item).exists()) == (400, False)
    groundless = bench.post(place, fields | {"action": "reject", "message": "Kept words."})
    assert groundless.status_code == 400
    assert "Name the clause" in page(groundless)
    assert "Kept words." in page(groundless)
    narrow = bench.post(f"{place}?principle=1", {"case": values})
    assert f'action="{place}?principle=1"' in narrow.content.decode()
    done = bench.post(place, fields | {"action": "reject", "clause": "2", "message": "Alike."}, follow=True)
    said = page(done)
    assert "Decided: 1." in said
    assert f"Comment {edited.reference}: The text was changed meanwhile." in said
    assert [anew(each).state for each in (good, edited)] == ["rejected", "pending"]
    decision = Decision.objects.get(item=good.item)
    assert (decision.clause.number, decision.message) == ("2", "Alike.")
    elsewhere = make.consultation()
    make.with_role(elsewhere, "moderator", moderator)
    both = [values[1], f"{open_case(make.pending_comment(elsewhere)).pk}:1"]
    assert bench.post(place, {"case": both}).status_code == 400


def test_what_is_passed_on_leaves_the_bench_with_its_reason(text, moderator, bench):
    comment = make.pending_comment(text)
    place = taken(moderator, comment)
    empty = send(bench, place, do="decide", action="escalate", revision=1)
    assert "Say why others should decide this." in page(empty)
    send(bench, place, do="decide", action="escalate", message="It names a judge.", revision=1)
    assert "It names a judge." in page(bench.get(place))
    assert "You took part in this already." in page(bench.get(place))
    desk = page(signed_in(make.moderator(text)).get(reverse("office:moderation")))
    assert "Escalated; First contribution" in desk
    assert comment.reference not in page(bench.get(reverse("office:many")))
