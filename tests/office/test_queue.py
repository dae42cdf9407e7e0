"""The queue: who reads it, what stands in it, taking the next case."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from consultation.kit import clock
from consultation.moderation.actions import claim_next
from consultation.moderation.models import Case
from tests import factories as make
from tests.office.browsing import claim_in, page, signed_in

pytestmark = pytest.mark.django_db
QUEUE = "/moderation/"


def test_the_queue_lists_what_waits_with_institution_reason_and_age():
    consultation = make.consultation()
    with time_machine.travel(clock.now() - timedelta(hours=5), tick=False):
        institution = make.verified_institution("Fjord Academy")
        comment = make.pending_comment(consultation, institution)
    said = page(signed_in(make.moderator(consultation)).get(QUEUE))
    assert f"{comment.reference} Fjord Academy 5 h First contribution" in said
    assert "1 waits" in said


@pytest.mark.parametrize("cases", [1, 3])
def test_the_queue_takes_18_queries_whatever_waits(cases, django_assert_num_queries):
    consultation = make.consultation()
    reader = make.moderator(consultation)
    for _ in range(cases):
        make.pending_comment(consultation)
        make.endorsement(consultation, position="decline", statement="Not like this.")
    make.pending_comment(make.consultation())
    make.comment(consultation)
    client = signed_in(reader)
    client.get(QUEUE)
    with django_assert_num_queries(18):
        response = client.get(QUEUE)
    assert len(re.findall('class="case-row', response.content.decode())) == 2 * cases


def test_nobody_without_a_role_learns_of_the_queue():
    make.pending_comment(consultation := make.consultation())
    make.moderator(consultation)
    stranger = signed_in(make.person()).get(QUEUE)
    author = signed_in(make.manager(make.verified_institution())).get(QUEUE)
    assert (stranger.status_code, author.status_code) == (404, 404)


def test_a_visitor_signs_in_first_and_comes_back(client):
    response = client.get(QUEUE)
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/moderation/")


def test_cases_of_another_consultation_are_not_shown():
    mine, other = make.consultation(), make.consultation()
    comment = make.pending_comment(other, make.verified_institution("Elsewhere"))
    response = signed_in(make.moderator(mine)).get(QUEUE)
    case = Case.objects.get(item=comment.item)
    assert "Elsewhere" not in page(response)
    assert signed_in(make.moderator(mine)).get(reverse("office:case", args=[case.pk])).status_code == 404


def test_an_empty_queue_says_so():
    said = page(signed_in(make.moderator(make.consultation())).get(QUEUE))
    assert "Nothing waits. What institutions send appears here, the most urgent first." in said
    assert "Take the next case" not in said


def test_a_filter_that_nothing_meets_leads_back_to_everything():
    consultation = make.consultation()
    make.pending_comment(consultation)
    said = page(signed_in(make.moderator(consultation)).get(QUEUE, {"kind": "statement"}))
    assert "Nothing like this waits. See everything that waits" in said


@pytest.mark.parametrize(
    ("asked", "shown"),
    [({"language": "fr"}, ["P1-2"]), ({"kind": "statement"}, ["E1"]), ({}, ["P1-1", "P1-2", "E1"])],
)
def test_the_queue_is_filtered_by_language_and_kind(asked, shown):
    consultation = make.consultation()
    make.pending_comment(consultation)
    make.pending_comment(consultation, language="fr")
    make.endorsement(consultation, position="decline", statement="Not like this.")
    response = signed_in(make.moderator(consultation)).get(QUEUE, asked)
    assert re.findall(r'class="ref">([^<]+)', response.content.decode()) == shown


def test_the_queue_of_one_consultation_is_asked_for_by_its_address():
    one, other = make.consultation(), make.consultation()
    moderator = make.moderator(one)
    make.with_role(other, "moderator", moderator)
    make.pending_comment(one, make.verified_institution("First House"))
    make.pending_comment(other, make.verified_institution("Second House"))
    said = page(signed_in(moderator).get(QUEUE, {"consultation": other.slug}))
    assert ("First House" in said, "Second House" in said) == (False, True)


def test_an_observer_reads_the_queue_and_is_not_asked_to_decide():
    consultation = make.consultation()
    comment = make.pending_comment(consultation)
    said = page(signed_in(make.observer(consultation)).get(QUEUE))
    assert comment.reference in said
    assert "Take the next case" not in said


def test_what_the_readers_own_institution_has_a_part_in_is_left_to_others():
    consultation = make.consultation()
    institution = make.verified_institution("Own House")
    make.pending_comment(consultation, institution)
    moderator = make.with_role(consultation, "moderator", make.manager(institution))
    said = page(signed_in(moderator).get(QUEUE))
    assert "Own House" not in said
    assert "One case of your own institution is with other moderators." in said


def test_a_case_that_somebody_holds_says_who_and_for_how_long():
    consultation = make.consultation()
    make.pending_comment(consultation)
    claim_next(make.with_role(consultation, "moderator", make.person(name="M. Sato")), at=clock.now())
    said = page(signed_in(make.moderator(consultation)).get(QUEUE))
    assert "Held by M. Sato, 14 min left" in said


def test_taking_the_next_case_leads_to_it_and_twice_to_the_same():
    consultation = make.consultation()
    make.pending_comment(consultation)
    make.pending_comment(consultation)
    moderator = make.moderator(consultation)
    client = signed_in(moderator)
    claim = claim_in(client.get(QUEUE), "Take the next case")
    first, second = (client.post(QUEUE, {"claim": claim}) for _ in range(2))
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert first.status_code == 303
    assert Case.objects.filter(holder=moderator).count() == 1


def test_taking_a_case_when_none_is_left_says_so():
    consultation = make.consultation()
    client = signed_in(make.moderator(consultation))
    response = client.post(QUEUE, {"claim": "one"}, follow=True)
    assert "Nothing is left to take" in page(response)


def test_an_observer_who_sends_the_form_takes_nothing():
    consultation = make.consultation()
    make.pending_comment(consultation)
    response = signed_in(make.observer(consultation)).post(QUEUE, {"claim": "one"})
    assert response.status_code == 403
    assert "Observers read the queue." in page(response)
    assert Case.objects.filter(holder__isnull=False).count() == 0


def test_an_unknown_place_in_the_list_is_refused():
    consultation = make.consultation()
    response = signed_in(make.moderator(consultation)).get(QUEUE, {"after": "nonsense"})
    assert response.status_code == 400
    assert "Go to the queue" in page(response)


def test_a_long_queue_goes_on_below():
    consultation = make.consultation()
    institution = make.verified_institution()
    for _ in range(41):
        make.pending_comment(consultation, institution)
    client = signed_in(make.moderator(consultation))
    first = client.get(QUEUE)
    follows = re.search(r'href="([^"]+)">More below', first.content.decode())[1].replace("&amp;", "&")
    assert re.findall(r'class="ref">([^<]+)', client.get(follows).content.decode()) == ["P1-41"]
