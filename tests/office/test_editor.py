"""The secretariat's editor: drafts, preview, two at once, publishing with its effects, withdrawing."""

import re

import pytest

from consultation.endorsements import queries as endorsements
from consultation.insights import queries as insights
from consultation.kit import clock
from consultation.post.models import Message
from consultation.texts import drafts, queries
from consultation.texts.models import Principle
from tests import factories as make
from tests.office.browsing import claim_in, page, signed_in

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation("charter", languages=["en", "fr", "ar"])


@pytest.fixture(scope="module")
def boss(consultation):
    person = make.secretariat(consultation)
    person.name = "Berta"
    person.save()
    return signed_in(person)


def field(response, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', response.content.decode())[1]


def address(number=1, rest="", language="") -> str:
    return f"/secretariat/charter/principles/{number}/{rest}" + (f"?language={language}" if language else "")


def save(client, body, *, title="Title", language="en", number=1, do="save", base=None):
    shown = client.get(address(number, language=language))
    fields = {"title": title, "body": body, "base": base or field(shown, "base"), "do": do}
    return client.post(
        address(number, language=language), {**fields, "claim": claim_in(shown, 'value="save"')}
    )


def principle(number=1) -> Principle:
    return Principle.objects.get(consultation__slug="charter", number=number)


def test_a_draft_is_saved_once_seen_by_the_secretariat_and_by_nobody_else(boss, consultation):
    response = save(boss, "Words that nobody reads yet.")
    assert (response.status_code, response.headers["Location"]) == (303, address(language="en"))
    said = page(boss.get(address()))
    assert "The draft is saved. Only the secretariat sees it." in said
    assert "Words that nobody reads yet." in said
    assert "English (draft)" in said
    assert "English" in page(boss.get("/secretariat/charter/principles/"))
    for who in (make.moderator(consultation), make.observer(consultation), make.registrar()):
        for place in (address(), "/secretariat/charter/principles/", address(rest="publish/")):
            assert signed_in(who).get(place).status_code == 404
    for place in ("principles/1/", "text/", "principles/1/?version=2", ""):
        assert "nobody reads yet" not in page(signed_in(make.person()).get(f"/consultations/charter/{place}"))
    assert "nobody reads yet" not in boss.get("/api/v1/consultations/charter/principles/1/").content.decode()


def test_a_translation_is_written_beside_the_authoritative_text(boss):
    save(boss, "The new words.")
    shown = boss.get(address(language="ar"))
    html, said = shown.content.decode(), page(shown)
    assert "English, authoritative" in said
    assert "The new words." in said
    assert re.search(r'<textarea[^>]*name="body"[^>]*dir="rtl"', html) or re.search(
        r'<textarea[^>]*dir="rtl"[^>]*name="body"', html
    )
    assert "Does this translation still hold?" in said
    boss.post(address(language="ar"), {"do": "confirm", "base": field(shown, "base"), "claim": "c"})
    assert sorted(drafts.writing(principle()).drafted) == ["ar", "en"]


def test_two_who_edit_the_same_text_are_told_and_lose_nothing(boss, consultation):
    other = signed_in(make.secretariat(consultation))
    assert "is editing this too" not in page(boss.get(address()))
    began = other.get(address())
    assert "Berta is editing this too, since" in page(began)
    assert "is editing this too" not in page(other.get(address(2)))
    assert save(boss, "What Berta wrote.").status_code == 303
    assert "Berta is editing" not in page(other.get(address()))
    fields = {"title": "Title", "body": "What Otto wrote.", "do": "save"}
    response = other.post(address(), {**fields, "base": field(began, "base"), "claim": "two"})
    said = page(response)
    assert response.status_code == 409
    assert "Somebody else changed this text meanwhile. Nothing was overwritten." in said
    assert "What Berta wrote." in said
    assert "[removed: Berta ] [added: Otto ]" in said
    assert "What Otto wrote.</textarea>" in response.content.decode()
    assert drafts.writing(principle()).drafted["en"][1] == "What Berta wrote."
    again = {**fields, "body": "What both wrote.", "base": field(response, "base"), "claim": "three"}
    assert other.post(address(), again).status_code == 303
    assert drafts.writing(principle()).drafted["en"][1] == "What both wrote."


def test_a_preview_shows_what_readers_will_see_and_keeps_nothing(boss):
    response = save(boss, "First <b>.\r\n\r\nSecond.", do="preview")
    assert response.status_code == 200
    assert "1.1 First <b>. 1.2 Second." in page(response).replace("&lt;", "<")
    assert "<b>" not in response.content.decode().split('id="preview"')[1].split("</section>")[0]
    live = "/secretariat/charter/principles/preview/"
    fields = {"title": "T", "body": "One.\r\n\r\nTwo.", "number": "1", "language": "ar"}
    response = boss.post(live, fields)
    assert "1.1 One. 1.2 Two." in page(response)
    assert 'lang="ar"' in response.content.decode()
    assert (boss.get(live).status_code, signed_in(make.person()).post(live, fields).status_code) == (405, 404)
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.person())
    assert strict.post(live, fields).status_code == 403
    assert drafts.of(principle()) is None


def test_a_draft_is_discarded_once_it_was_asked_for(boss):
    save(boss, "Words to forget.")
    assert "is about to be discarded" not in page(boss.get(address(language="en")))
    asked = boss.get(address(language="en") + "&discard")
    assert "The English draft is about to be discarded." in page(asked)
    fields = {"do": "discard", "base": field(asked, "base"), "claim": claim_in(asked, 'value="discard"')}
    assert boss.post(address(language="en"), fields).status_code == 303
    assert drafts.of(principle()) is None
    # Nothing is left to discard: what stands there now was published.
    late = boss.post(address(language="en"), {**fields, "claim": "late"})
    assert (late.status_code, "Nothing was overwritten." in page(late)) == (409, True)


def test_principles_are_added_moved_and_removed(boss, consultation):
    response = boss.get("/secretariat/charter/principles/new/")
    fields = {"heading": "Rights", "title": "Fourth", "body": "Its words.", "do": "save"}
    empty = boss.post("/secretariat/charter/principles/new/", {**fields, "title": "", "claim": "x"})
    assert (empty.status_code, "Its words.</textarea>" in empty.content.decode()) == (400, True)
    response = boss.post("/secretariat/charter/principles/new/", {**fields, "claim": claim_in(response)})
    assert response.headers["Location"] == address(4)
    shown = boss.get("/secretariat/charter/principles/")
    move = {"to": "1 2 4 3", "order": "1 2 3 4", "claim": "m"}
    assert boss.post("/secretariat/charter/principles/", move).status_code == 303
    assert 'value="1 2 4 3"' in shown.content.decode()
    assert [each.number for each in drafts.principles(consultation)] == [1, 2, 4, 3]
    stale = boss.post("/secretariat/charter/principles/", {**move, "to": "2 1 3 4", "claim": "n"})
    assert (stale.status_code, "Look again." in page(stale)) == (409, True)
    assert boss.post("/secretariat/charter/principles/", {"to": "x", "claim": "o"}).status_code == 404
    boss.post(address(4, language="fr"), {"do": "heading", "heading": "Droits", "claim": "h"})
    assert principle(4).headings == {"en": "Rights", "fr": "Droits"}
    assert "Nothing of it is public yet." in page(boss.get(address(4)))
    assert boss.post(address(4), {"do": "remove", "claim": "r"}).status_code == 303
    assert boss.get(address(4)).status_code == 404
    assert boss.post(address(4), {"do": "remove", "claim": "r"}).status_code == 404


@pytest.fixture(scope="module")
def voices(consultation):
    """Two who endorse principle 1, one of them through three people, one who declines, two comments."""
    first, second, third = (make.verified_institution(country=code) for code in ("NO", "KE", "PE"))
    make.signatory(first)
    make.representative(first)
    for institution, position in ((first, "endorse"), (second, "endorse"), (third, "decline")):
        make.endorsement(consultation, institution, by=make.manager(institution), position=position)
    make.endorsement(consultation, first, by=make.manager(first), principle=2)
    for institution in (first, second):
        make.comment(consultation, institution)
    return first, second, third


@pytest.mark.parametrize(
    ("change", "figures", "support", "reaffirm", "kind"),
    [
        ("editorial", "2 endorsements carry over.", 2, 0, "text-corrected"),
        ("substantive", "2 endorsements have to be re-affirmed.", 0, 3, "text-changed"),
    ],
)
def test_publishing_says_what_it_does_and_does_it(
    boss, consultation, voices, change, figures, support, reaffirm, kind
):
    Message.objects.all().delete()
    save(boss, "Other words.")
    shown = boss.get(address(rest="publish/"))
    assert "[added: Other words" in page(shown)
    fields = {"change": change, "base": field(shown, "base"), "carried": ["fr"], "do": "look"}
    missing = boss.post(address(rest="publish/"), {**fields, "claim": "a"})
    assert (missing.status_code, 'name="notes_en"' in missing.content.decode()) == (400, True)
    fields |= {"notes_en": "Shorter.", "notes_ar": "أقصر."}
    look = boss.post(address(rest="publish/"), {**fields, "claim": "b"})
    said = page(look)
    assert look.status_code == 200
    assert figures in said
    assert "2 public comments stand on the earlier text." in said
    # Three who registered their institution, and one more who signs for the first.
    assert "4 people are told by mail." in said
    back = boss.post(address(rest="publish/"), {**fields, "do": "edit", "claim": "e"}).content.decode()
    assert "Shorter.</textarea>" in back
    assert 'value="publish"' not in back
    assert principle().current.number == 1
    for _ in range(2):
        done = boss.post(
            address(rest="publish/"), {**fields, "do": "publish", "claim": claim_in(look, "publish")}
        )
        assert (done.status_code, done.headers["Location"]) == (303, address())
    current = principle().current
    assert (current.number, current.change, current.change_notes["ar"]) == (2, change, "أقصر.")
    assert sorted(drafts.words_of(current)) == ["en", "fr"]
    assert drafts.of(principle()) is None
    tally = endorsements.tallies(consultation)[1]
    assert (tally.support, tally.to_reaffirm) == (support, reaffirm)
    mails = Message.objects.filter(kind=kind)
    assert mails.count() == 4 == len({each.address for each in mails})
    assert {each.context["message"] for each in mails} == {"Shorter."}
    behind = boss.get(address(language="ar"))
    assert "The Arabic text is of version 1." in page(behind)
    assert "[added: Other words" in page(behind)
    assert field(behind, "title") == "Title 1 (ar)"
    # Kept word for word, it is a draft all the same: nobody said so of this version before.
    save(boss, drafts.words_at(principle(), 1)["ar"][1], title="Title 1 (ar)", language="ar")
    assert drafts.writing(principle()).adds_languages_only


def test_what_was_not_looked_over_or_says_nothing_new_is_not_published(boss, consultation):
    save(boss, "Other words.")
    shown = boss.get(address(rest="publish/"))
    fields = {"change": "editorial", "notes_en": "Why.", "base": field(shown, "base"), "do": "publish"}
    save(boss, "Still other words.")
    moved = boss.post(address(rest="publish/"), {**fields, "claim": "a"})
    assert (moved.status_code, "Nothing was overwritten." in page(moved)) == (409, True)
    assert "[added: Still other words" in page(moved)
    assert field(moved, "base") == drafts.writing(principle()).token
    current = drafts.writing(principle()).current["en"]
    save(boss, current[1], title=current[0])
    shown = boss.get(address(rest="publish/"))
    assert "There is nothing to publish" in page(shown)
    same = boss.post(
        address(rest="publish/"), {**fields, "base": drafts.writing(principle()).token, "claim": "b"}
    )
    assert (same.status_code, "These are the words of the current text." in page(same)) == (409, True)
    save(boss, "")
    base = drafts.writing(principle()).token
    empty = boss.post(address(rest="publish/"), {**fields, "base": base, "claim": "c"})
    assert (empty.status_code, "has no title or no words yet" in page(empty)) == (409, True)
    assert principle().current.number == 1


def test_a_missing_language_is_added_without_a_new_version(boss, consultation):
    make.new_version(consultation)  # in all languages
    texts = {"en": ("Title", "Third.")}
    from consultation.texts.actions import publish_version

    publish_version(
        None,
        consultation_id=consultation.pk,
        number=1,
        texts=texts,
        change="editorial",
        notes={},
        at=clock.now(),
    )
    save(boss, "Troisième.", language="fr")
    shown = boss.get(address(rest="publish/"))
    assert "The draft adds languages to version 3." in page(shown)
    fields = {"do": "translate", "base": field(shown, "base"), "claim": claim_in(shown)}
    assert boss.post(address(rest="publish/"), fields).status_code == 303
    assert queries.translation(principle().current, "fr").body == "Troisième."
    assert principle().current.number == 3


def test_a_withdrawn_principle_stays_readable_and_is_counted_nowhere(boss, consultation, voices):
    first = voices[0]
    Message.objects.all().delete()
    save(boss, "A draft that goes too.")
    empty = boss.post(address(rest="withdraw/"), {"do": "look", "claim": "a"})
    assert empty.status_code == 400
    fields = {"reasons_en": "Principle 2 says it.", "reasons_fr": "Le principe 2 le dit."}
    look = boss.post(address(rest="withdraw/"), {**fields, "do": "look", "claim": "b"})
    assert "2 endorsements are no longer counted." in page(look)
    assert "4 people are told by mail." in page(look)
    done = boss.post(
        address(rest="withdraw/"), {**fields, "do": "withdraw", "claim": claim_in(look, "withdraw")}
    )
    assert done.headers["Location"] == "/secretariat/charter/principles/"
    assert Message.objects.filter(kind="principle-withdrawn").count() == 4
    assert drafts.of(principle()) is None
    # Nothing of it is counted any more; what else was said is.
    assert endorsements.tallies(consultation).get(1, endorsements.Tally()) == endorsements.Tally()
    assert endorsements.endorsing_total(consultation) == 1
    assert not endorsements.public().filter(principle__number=1).exists()
    assert insights.headlines([consultation])[consultation.pk].principles == 2
    reader = signed_in(make.manager(first))
    said = page(reader.get("/consultations/charter/principles/1/"))
    assert "This principle was withdrawn on" in said
    assert "Principle 2 says it." in said
    assert "Positions on it are not counted." in said
    assert "2 comments" in said
    assert "Le principe 2 le dit." in page(reader.get("/fr/consultations/charter/principles/1/"))
    assert "Title 1" not in page(reader.get("/consultations/charter/text/"))
    history = reader.get("/consultations/charter/history/?principle=1")
    assert "Principle 1 was withdrawn." in page(history)
    assert '<option value="1" selected>' in history.content.decode()
    # No more by any door.
    again = boss.post(address(rest="withdraw/"), {**fields, "do": "withdraw", "claim": "c"})
    assert (again.status_code, "This principle was withdrawn." in page(again)) == (409, True)
    assert boss.post(address(), {"title": "T", "body": "B", "do": "save", "claim": "d"}).status_code == 409
    assert reader.get("/consultations/charter/principles/1/endorse/").status_code == 404
    write = reader.get("/consultations/charter/write/?principle=1")
    assert (write.status_code, "It can be read, no more." in page(write)) == (409, True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(number, django_assert_num_queries):
    found = make.consultation("charter", principles=number)
    client = signed_in(make.secretariat(found))
    client.get("/secretariat/charter/principles/")
    # Session, person, roles of the head, consultation, principles, drafts, translations of both.
    with django_assert_num_queries(8):
        client.get("/secretariat/charter/principles/")
