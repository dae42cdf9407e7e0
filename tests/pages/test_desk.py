"""The desk: the title counts what needs the person; colleagues share it; strangers see nothing of it."""

import pytest

from accounts.models import Power
from consultation.endorsements.actions import Choice
from tests import factories as make
from tests.endorsements.acts import take
from tests.moderation.acts import judge
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


def test_an_empty_desk_says_so_and_what_could_be_done(browser, owner):
    text = read(browser(owner).get("/desk/")).text
    assert "Nothing needs you" in text
    assert "You could read a principle and comment on it" in text


def test_somebody_without_an_institution_is_told_to_register_one(browser):
    page = read(browser(make.person()).get("/desk/"))
    assert "You do not act for an institution yet." in page.text
    assert "/institutions/new/" in page.links


def test_visitors_sign_in_first(client):
    assert client.get("/desk/").headers["Location"] == "/accounts/login/?next=/desk/"


def test_the_title_counts_what_is_listed(browser, owner, consultation, institution):
    make.draft(consultation, institution, body="Half a thought.")
    make.decide(make.sent_comment(consultation, institution), "return", message="Name no person.")
    text = read(browser(owner).get("/desk/")).text
    assert "Two things need you" in text
    assert "A draft on Principle 1 has not been sent" in text
    assert "P1-1 came back to you" in text
    assert "Name no person." in text


def test_a_colleague_sees_the_drafts_and_a_stranger_does_not(
    browser, owner, colleague, stranger, consultation, institution
):
    make.draft(consultation, institution, body="Half a thought.")
    for person in (owner, colleague):
        assert "Half a thought." in read(browser(person).get("/desk/")).text
    assert "Half a thought." not in read(browser(stranger).get("/desk/")).text


def test_proposals_wait_for_those_who_sign_alone(browser, owner, colleague, consultation, institution):
    make.proposal(consultation, institution)
    assert "waits for your signature" in read(browser(owner).get("/desk/")).text
    assert "waits for your signature" not in read(browser(colleague).get("/desk/")).text


def test_a_statement_that_came_back_is_a_filled_form(browser, owner, consultation, institution):
    choice = Choice(1, 1, "decline", "With a name in it.")
    [held] = take(institution, consultation, choice, by=owner, office="Rector", name_shown=True)
    judge(held, "return")
    client = browser(owner)
    again = next(link for link in read(client.get("/desk/")).links if "?from=" in link)
    page = read(client.get(again))
    fields = page.form("look").fields
    assert (fields["position"], fields["statement"]) == (["decline"], ["With a name in it."])
    assert (fields["office"], "name_shown" in fields) == (["Rector"], True)
    assert "Why it came back" in page.text
    position = client.get(f"/consultations/{consultation.slug}/endorsements/{held.pk}/")
    assert again in read(position).links
    # Whoever signs says whether a name is shown: a colleague starts without.
    other = read(browser(make.signatory(institution)).get(again)).form("look").fields
    assert (other["office"], "name_shown" in other) == ([""], False)


def test_a_form_is_not_filled_from_another_institutions_position(
    browser, stranger, consultation, institution, home
):
    held = make.endorsement(consultation, institution, position="decline", statement="With a name in it.")
    judge(held, "return")
    fields = read(browser(stranger).get(f"{home}principles/1/endorse/?from={held.pk}")).form("look").fields
    assert fields["statement"] == [""]


def test_what_waits_for_verification_is_said(browser):
    waiting = make.institution("New Academy")
    text = read(browser(make.manager(waiting)).get("/desk/")).text
    assert "It waits to be verified." in text


def test_the_desk_says_where_the_institution_stands_and_what_happened(
    browser, owner, consultation, institution
):
    make.endorsement(consultation, institution, principle=2)
    make.comment(consultation, institution)
    page = read(browser(owner).get("/desk/"))
    assert "P1-1 is published." in page.text
    content = browser(owner).get("/desk/").content.decode().split('class="standing"')[1]
    assert [line.count("pos endorse") for line in content.split("<li>")[1:4]] == [0, 1, 0]


def test_terms_that_changed_are_asked_for_and_nobody_is_locked_out(browser, owner):
    client, words = browser(owner), "The terms of this site are to be read and accepted."
    assert words in read(client.get("/desk/")).text
    make.accept_terms(owner)
    assert words not in read(client.get("/desk/")).text
    make.publish_page("terms")
    page = read(client.get("/desk/"))
    assert words in page.text
    assert "/terms/#accept" in page.links


def test_a_demonstration_account_is_not_asked(browser):
    page = read(browser(make.person(demonstration=True)).get("/desk/"))
    assert "are to be read and accepted" not in page.text


def test_an_ended_mandate_opens_no_desk(browser, owner, colleague, consultation, institution):
    make.draft(consultation, institution, body="Half a thought.")
    institution.mandates.filter(person=colleague).update(ended_at="2100-01-01T00:00Z")
    assert "Half a thought." not in read(browser(colleague).get("/desk/")).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_takes_as_many_queries_for_three_as_for_one(
    browser, owner, consultation, institution, number, django_assert_num_queries
):
    make.draft(make.consultation())
    for each in range(1, number + 1):
        make.draft(consultation, institution)
        make.comment(consultation, institution)
        make.decide(make.sent_comment(consultation, institution), "return")
        make.endorsement(consultation, institution, principle=each)
    make.representative(institution, Power.CONTRIBUTE)
    client = browser(owner)
    client.get("/desk/")
    # The session and the person (2), mandates and institutions (2), consultations and their rounds (2), what
    # is not sent and what was, with co-signatures (4), positions, decisions, corrections, principles with
    # texts (2), colleagues, roles (2), whether a role waits for a second factor, and
    # whether the terms were accepted.
    with django_assert_num_queries(21):
        response = client.get("/desk/")
    assert response.content.count(b'<article class="need">') == 2 * number
