"""One principle: its marked passages, its notes, its discussion with filters, its versions."""

import re

import pytest

from consultation.kit import clock
from consultation.texts.actions import publish_version
from consultation.texts.models import Change
from tests import factories as make
from tests.pages.page import read
from tests.redlines import seen

pytestmark = pytest.mark.usefixtures("on_top")
WORDS = "Systems are open to review."


def marked(response) -> list[str]:
    """The passages that the text marks, with their counts."""
    found = re.findall(
        r'<a class="passage[^"]*" href="#n\d+"[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL
    )
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def test_a_passage_with_comments_is_marked_with_their_count_and_leads_to_its_note(client, consultation, home):
    for _each in range(2):
        make.comment(consultation, passage={"exact": WORDS})
    response = client.get(home + "principles/1/")
    assert marked(response) == ["Systems are open to review. comments: 2"]
    page = read(response)
    assert "n1" in page.ids
    assert {"P1-1", "P1-2"} <= set(page.ids)


def test_a_passage_is_marked_in_the_paragraph_it_stands_in(client, consultation, home):
    make.new_version(consultation, 1, "First things.\n\nSecond things come later.")
    make.comment(consultation, passage={"exact": "Second things"})
    content = client.get(home + "principles/1/").content.decode()
    assert content.count('href="#n1"') == 1
    assert content.index('href="#n1"') > content.index('id="n1"') > content.index('id="p2"')


def test_words_of_people_are_text_and_carry_their_language(client, consultation, home):
    make.comment(consultation, body="<script>alert(1)</script> **bold**", language="fr")
    content = client.get(home + "principles/1/").content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <strong>bold</strong>" in content
    assert 'lang="fr" dir="auto"' in content


def test_a_chosen_passage_shows_its_comments_alone(client, consultation, home):
    make.comment(consultation, passage={"exact": "Systems"}, body="About the passage.")
    make.comment(consultation, body="About all of it.")
    start = "Principle 1. Systems".index("Systems")
    page = read(client.get(f"{home}principles/1/?words={start}-{start + 7}"))
    discussion = page.text.split("Only those on these words:")[1]
    assert "About the passage." in discussion
    assert "About all of it." not in discussion


@pytest.mark.parametrize("words", ["0-0", "7-3", "1-99999", "x", "1-2-3", "٣-٤"])
def test_words_that_are_no_passage_are_passed_over(client, home, words):
    assert client.get(home + "principles/1/", {"words": words}).status_code == 200


def test_filters_are_addresses_and_are_kept_in_their_fields(client, consultation, home):
    make.comment(consultation, make.verified_institution(country="KE"), kind="technical", body="From Kenya.")
    make.comment(consultation, make.verified_institution(country="FJ"), kind="editorial", body="From Fiji.")
    page = read(client.get(home + "principles/1/?kind=technical&country=KE"))
    assert "From Kenya." in page.text
    assert "From Fiji." not in page.text
    chosen = next(form for form in page.forms if "kind" in form.fields)
    assert (chosen.fields["kind"], chosen.fields["country"]) == (["technical"], ["KE"])


@pytest.mark.parametrize(
    "name", ["kind", "country", "region", "institution", "language", "q", "order", "words", "text"]
)
def test_no_parameter_breaks_the_page(client, consultation, home, name):
    make.comment(consultation)
    for value in ("\x00", "\ud800".encode("utf-8", "surrogatepass"), "x" * 5000, "'\"<>", "-1", "%"):
        assert client.get(home + "principles/1/", {name: value}).status_code in (200, 400)


def test_search_within_a_principle_finds_words_whatever_their_case(client, consultation, home):
    make.comment(consultation, body="A public Register of systems.")
    make.comment(consultation, body="Something else.")
    page = read(client.get(home + "principles/1/?q=register"))
    assert "A public Register" in page.text
    assert "Something else." not in page.text


def test_the_discussion_goes_on_and_htmx_gets_its_part_alone(client, institution):
    consultation = make.consultation(policy="post")
    home = f"/consultations/{consultation.slug}/"
    for number in range(21):
        make.sent_comment(consultation, institution, body=f"Number {number}.")
    first = read(client.get(home + "principles/1/"))
    assert "Number 20." in first.text
    assert "Number 0." not in first.text
    onward = next(link for link in first.links if "cursor=" in link)
    part = client.get(onward, headers={"HX-Request": "true"})
    assert "Number 0." in read(part).text
    assert b"<html" not in part.content
    assert "Number 0." in read(client.get(onward)).text


def test_oldest_first_turns_the_discussion_round(client, consultation, home):
    make.comment(consultation, body="The first.")
    make.comment(consultation, body="The second.")
    text = read(client.get(home + "principles/1/?order=oldest")).text
    assert text.index("The first.") < text.index("The second.")


@pytest.mark.parametrize("number", [1, 3])
def test_a_principle_takes_as_many_queries_for_three_comments_as_for_one(
    client, consultation, home, number, django_assert_num_queries
):
    make.comment(consultation, principle=2)
    make.comment(make.consultation())
    for _each in range(number):
        comment = make.comment(consultation, passage={"exact": WORDS})
        make.cosign(comment)
        make.sent_comment(consultation, parent=comment)
    client.get(home)
    # The place and its rounds (2), the stamp for the browser (2), the principle with its texts (2), its
    # versions with theirs (2); the passages: stamp (2), agreement, comments, their cards (3); figures: stamp
    # (2); who commented: stamp (2), institutions (1); neighbours, a page, its cards (3).
    with django_assert_num_queries(21):
        client.get(home + "principles/1/")


def test_an_earlier_text_can_be_read_but_not_commented_on(browser, owner, consultation, home):
    make.new_version(consultation, 1, "Other words altogether.")
    page = read(browser(owner).get(home + "principles/1/?version=1"))
    assert "This is an earlier text." in page.text
    assert WORDS in page.text
    assert "Comments are made on the current text." in page.text


@pytest.mark.parametrize("version", ["0", "2", "x", "99999999999999999999", "-1", "%00"])
def test_a_version_that_is_not_there_is_404(client, home, version):
    assert client.get(f"{home}principles/1/?version={version}").status_code == 404


@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999"])
def test_a_principle_that_is_not_there_is_404(client, home, number):
    assert client.get(f"{home}principles/{number}/").status_code == 404


def test_changes_are_struck_and_underlined(client, consultation, home):
    make.new_version(
        consultation,
        1,
        "Principle 1. Systems are open to inspection. People may ask why a decision was taken.",
    )
    content = client.get(home + "principles/1/changes/1..2/").content.decode()
    assert "<del>review</del><ins>inspection</ins>" in seen(content)
    assert client.get(home + "principles/1/changes/1..3/").status_code == 404


def test_an_editorial_version_keeps_endorsements_and_a_substantive_one_asks_for_them_again(
    client, consultation, home
):
    make.endorsement(consultation)
    make.new_version(consultation, 1, "Better put.", change=Change.EDITORIAL)
    assert "1 of 1 institution endorses this text" in read(client.get(home + "principles/1/")).text
    make.new_version(consultation, 1, "Another thing.")
    assert (
        "1 endorsed the earlier text and has yet to re-affirm."
        in read(client.get(home + "principles/1/")).text
    )


def test_own_drafts_stand_in_a_block_of_their_own_for_the_institution_alone(
    client, browser, consultation, home, institution, owner, colleague, stranger
):
    make.draft(consultation, institution, body="Half a thought.")
    make.pending_comment(consultation, institution, body="Waiting words.")
    for person in (owner, colleague):
        page = read(browser(person).get(home + "principles/1/"))
        own, discussion = page.text.split("Only your institution sees these")[1].split(
            "Nobody has commented yet"
        )
        assert "Half a thought." in own
        assert "Waiting words." in own
        assert "Half a thought." not in discussion
    for reader in (client, browser(stranger)):
        text = read(reader.get(home + "principles/1/")).text
        assert "Half a thought." not in text
        assert "Waiting words." not in text
        assert "Only your institution sees these" not in text


def test_the_composer_is_there_for_those_who_may_write_and_invites_the_others(
    client, browser, home, owner, colleague, institution
):
    for person in (owner, colleague):
        page = read(browser(person).get(home + "principles/1/"))
        assert "You write for Lakeshore University" in page.text
        assert page.form("look").fields["claim"] != [""]
    assert "Sign in to comment" in read(client.get(home + "principles/1/")).text
    assert "You do not act for one yet." in read(browser(make.person()).get(home + "principles/1/")).text


def test_a_person_of_two_institutions_chooses_for_whom(browser, home, owner):
    make.verified_institution("A second one", by=owner)
    page = read(browser(owner).get(home + "principles/1/"))
    assert "You may write for several institutions: choose one." in page.text
    assert "institution" in page.form("look").fields


def test_most_cosigned_first_puts_the_weightiest_on_top(client, consultation, home):
    weighty = make.comment(consultation, body="Many agree with this.")
    make.comment(consultation, body="The newest.")
    make.cosign(weighty)
    text = read(client.get(home + "principles/1/?order=most_cosigned")).text
    assert text.index("Many agree with this.") < text.index("The newest.")


def test_a_translation_leads_to_the_passages_of_the_authoritative_text(client):
    consultation = make.consultation(languages=("en", "fr"))
    texts = {"en": ("Title", "Words of the one."), "fr": ("Titre", "Les mots de l’autre.")}
    publish_version(
        None,
        consultation_id=consultation.pk,
        number=1,
        texts=texts,
        change=Change.SUBSTANTIVE,
        notes={},
        at=clock.now(),
    )
    make.comment(consultation, passage={"exact": "Words of"})
    address = f"/consultations/{consultation.slug}/principles/1/"
    page = read(client.get(f"{address}?text=fr"))
    assert "1 passage of the authoritative text has comments: read it in English" in page.text
    assert "?text=en" in page.links
    assert "passage of the authoritative text" not in read(client.get(address)).text
