"""One comment read in full: its revisions, how it is cited, who co-signs it, what was merged into it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from consultation.comments import actions
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.pages.reading import citation
from tests import factories as make
from tests.pages.lists import references
from tests.pages.page import read
from tests.redlines import seen

pytestmark = pytest.mark.usefixtures("on_top")


def revised(comment, **words) -> Comment:
    """The comment with other words, which a moderator approved."""
    person = make.manager(comment.institution)
    actions.submit_comment(person, comment_id=comment.pk, words=make.words(**words), at=clock.now())
    return make.decide(Comment.objects.get(pk=comment.pk), "approve")


def test_each_revision_says_what_it_changed(client, consultation, home, institution):
    comment = make.comment(consultation, institution, body="One register.", proposed_text="open to all")
    comment = revised(comment, body="Two registers.", proposed_text="open to each", kind="technical")
    revised(comment, body="Deux registres.", kind="technical", language="fr")
    content = client.get(f"{home}comments/{comment.reference}/").content.decode()
    newest, second, first = (
        content.split(f'id="revision-{number}"')[1].split('id="revision-')[0] for number in (3, 2, 1)
    )
    assert "<del>One register</del><ins>Two registers</ins>" in seen(second)
    assert "open to <del>all</del><ins>each</ins>" in seen(second)
    assert "<del>General</del> <ins>Technical</ins>" in second
    assert "<del>English</del> <ins>French</ins>" in newest
    assert "<del>open to each</del>" in seen(newest)
    assert "<del>" not in first


def test_a_citation_is_the_same_whoever_reads_it_in_whatever_language(client, consultation, home, settings):
    name = "Académie « de l’Atlas »,\tRabat"
    comment = make.comment(consultation, make.verified_institution(name, country="MA"), language="fr")
    comment = revised(comment, body="Autrement dit.", language="fr")
    url = f"{settings.SITE_URL}{home}comments/{comment.reference}/"
    page = client.get(f"/fr{home}comments/{comment.reference}/?x=1").content.decode()
    assert f'<meta name="citation_public_url" content="{url}">' in page
    assert f'<meta name="DC.identifier" content="{consultation.slug}/P1-1">' in page
    [entry] = json.loads(client.get(f"{home}comments/{comment.reference}/citation.json").content)
    said = comment.institution.current.name
    expected = {"id": f"{consultation.slug}/P1-1", "author": [{"literal": said}], "version": "2", "URL": url}
    assert {key: entry[key] for key in expected} == expected
    assert entry["issued"] == {
        "date-parts": [[comment.first_public.year, comment.first_public.month, comment.first_public.day]]
    }
    lines = client.get(f"{home}comments/{comment.reference}/citation.ris").content.decode().split("\r\n")
    assert lines[0] == "TY  - GEN"
    assert f"AU  - {' '.join(said.split())}," in lines
    assert f"UR  - {url}" in lines
    assert lines[-2:] == ["ER  - ", ""]


def test_a_citation_shows_no_more_than_its_page(client, browser, consultation, home, institution, owner):
    waiting = make.pending_comment(consultation, institution)
    gone = make.comment(consultation, institution)
    actions.withdraw_comment(owner, comment_id=gone.pk, at=clock.now())
    for form in citation.MEDIA_TYPES:
        for reader in (client, browser(owner)):
            assert reader.get(f"{home}comments/{waiting.reference}/citation.{form}").status_code == 404
            assert reader.get(f"{home}comments/{gone.reference}/citation.{form}").status_code == 410
    assert client.get(f"{home}comments/{gone.reference}/citation.bib").status_code == 404


def test_who_co_signs_is_told_by_country_the_most_numerous_first(client, consultation, home):
    comment = make.comment(consultation)
    for name, country, stance in (
        ("Institute of Dunes", "MA", "agree"),
        ("Reef Bureau", "FJ", "agree"),
        ("Atoll Academy", "FJ", "agree"),
        ("House of Bells", "IT", "disagree"),
    ):
        make.cosign(comment, make.verified_institution(name, country=country), stance)
    make.cosign(comment, (suspended := make.verified_institution("Not heard any more")))
    make.suspend(suspended)
    text = read(client.get(f"{home}comments/{comment.reference}/")).text
    told = text.split("Who co-signs")[1]
    assert "co-signed by 3 institutions in 2 countries Fiji 2 Atoll Academy" in told
    assert told.index("Reef Bureau") < told.index("Morocco 1 Institute of Dunes")
    assert "1 institution disagrees in 1 country Italy 1 House of Bells" in told
    assert "Not heard" not in text


def test_what_was_merged_stands_with_the_one_that_was_kept_and_in_no_list(client, consultation, home):
    kept, other = make.comment(consultation, body="Kept words."), make.comment(consultation, body="The same.")
    make.comment(consultation, parent=other, body="An answer to the other.")
    secretary = make.secretariat(consultation)
    actions.merge_comments(secretary, comment_id=kept.pk, merged_ids=[other.pk], at=clock.now())
    listed = client.get(f"{home}principles/1/")
    assert references(listed) == [kept.reference]
    assert "stands for 1 more that says the same" in read(listed).text
    page = client.get(f"{home}comments/{kept.reference}/")
    shown = read(page)
    told = shown.text.split("1 more comment says the same")[1]
    assert "The same." in told
    assert other.institution.current.name in told
    assert other.reference in shown.ids
    assert "An answer to the other." in shown.text
    answer = client.get(f"{home}comments/{other.reference}/")
    assert answer.headers["Location"] == f"{home}comments/{kept.reference}/#{other.reference}"
    actions.separate_comment(secretary, comment_id=other.pk, at=clock.now())
    assert references(client.get(f"{home}principles/1/")) == [other.reference, kept.reference]


def test_a_translation_by_its_author_is_marked_and_stands_below_the_words(client, consultation, home):
    given = {"language": "en", "body": "A **register**.", "proposed_text": "open <to> all"}
    comment = make.comment(consultation, body="Un registre.", language="fr", translation=given)
    content = client.get(f"{home}comments/{comment.reference}/").content.decode()
    assert "The author’s own translation: English" in content
    assert content.index("Un registre.") < content.index("A <strong>register</strong>.")
    assert "open &lt;to&gt; all" in content


def test_scripts_run_in_their_own_direction(client, consultation, home):
    make.comment(
        consultation,
        make.verified_institution("جامعة الأطلس", country="MA"),
        body="نطلب سجلا عاما.",
        language="ar",
        passage={"exact": "Systems are open"},
    )
    content = client.get(f"{home}principles/1/").content.decode()
    assert 'class="body prose" lang="ar" dir="auto"' in content
    assert "<bdi>جامعة الأطلس</bdi>" in content
    assert '<p class="lemma" dir="auto">Systems are open]</p>' in content


def test_what_was_admitted_late_stands_apart_and_says_why(client, institution):
    closed = make.consultation(days=10, at=clock.now() - timedelta(days=11))
    actions.admit_late(
        make.secretariat(closed),
        consultation_id=closed.pk,
        institution_id=institution.pk,
        until=clock.now() + timedelta(days=7),
        reason="Its mail was down.",
        at=clock.now(),
    )
    late = make.comment(closed, institution, body="Better late.")
    page = f"/consultations/{closed.slug}/principles/1/"
    listed = client.get(page)
    assert references(listed) == []
    assert "None was sent in time." in read(listed).text
    assert "?late=yes#discussion" in read(listed).links
    found = client.get(f"{page}?late=yes")
    assert references(found) == references(client.get(f"{page}?q=better")) == [late.reference]
    assert "Admitted after the round had closed" in read(found).text
    own = read(client.get(f"/consultations/{closed.slug}/comments/{late.reference}/")).text
    assert "The secretariat admitted this comment after the round had closed" in own
    assert "Its mail was down." in own
