"""What is said before sending: who reads it, in which language it seems to be, who said it already."""

import pytest

from consultation.comments.models import Comment
from consultation.kit.refusal import Refusal
from consultation.texts.models import Consultation
from tests import factories as make
from tests.pages.page import read
from tests.redlines import seen

pytestmark = pytest.mark.usefixtures("on_top")
PASSAGE = "Systems are open to review."
BODY = "We ask for a public register of all high risk systems, kept by an independent body."
FRENCH = "Nous demandons que les systèmes soient examinés chaque année par des personnes indépendantes."


@pytest.fixture(scope="module")
def write(home):
    return f"{home}write/?principle=1"


def typed(client, write, **fields):
    return read(client.get(write)).form("look").filled(**{"body": BODY, "do": "look", **fields})


def test_words_that_were_chosen_are_where_the_proposal_begins(browser, owner, consultation, home, write):
    text = consultation.principles.get(number=1).current.translations.get(language="en").body
    start = text.index(PASSAGE)
    client = browser(owner)
    for address in (
        f"{write}&words={start}-{start + len(PASSAGE)}",
        f"{home}principles/1/?words={start}-{start + len(PASSAGE)}",
    ):
        form = read(client.get(address)).form("look")
        assert form.fields["passage"] == form.fields["proposed_text"] == [PASSAGE]
        assert form.fields["passage_prefix"] == [text[max(0, start - 32) : start]]
        # Left as they are they propose nothing, and another passage leaves no false proposal behind.
        sent = client.post(write, form.filled(do="send", body=BODY, passage="review"))
        assert sent.status_code == 303
    assert {each.latest.proposed_text for each in Comment.objects.all()} == {""}
    changed = client.post(write, typed(client, address, proposed_text="Systems are open."))
    assert "<del> to review</del>" in seen(changed)


def test_the_language_is_that_of_the_last_comment_and_asked_about(
    browser, owner, consultation, institution, write
):
    client = browser(owner)
    assert typed(client, write)["language"] == ["en"]
    look = client.post(write, typed(client, write, body=FRENCH))
    assert "This looks like French. You chose English." in read(look).text
    changed = client.post(write, read(look).form("send").filled(written_in="fr"))
    page = read(changed)
    assert "This looks like" not in page.text
    client.post(write, page.form("send").filled(do="send"))
    assert Comment.objects.get().latest.language == "fr"
    assert typed(client, write)["language"] == ["fr"]
    # The author's choice counts: it is a question only.
    sent = client.post(write, read(look).form("send").filled(do="send", claim="other"))
    assert sent.status_code == 303
    assert sorted(each.latest.language for each in Comment.objects.all()) == ["en", "fr"]


def test_the_authors_translation_is_looked_over_and_sent_with_it(browser, owner, write):
    client = browser(owner)
    half = client.post(write, typed(client, write, translation_body="Texte."))
    assert half.status_code == 400
    assert "Give the language of the translation" in read(half).text
    words = {
        "translation_language": "fr",
        "translation_body": "Nous *demandons*.",
        "translation_proposed_text": "",
    }
    look = client.post(write, typed(client, write, **words))
    assert "Your translation into French" in read(look).text
    assert 'lang="fr" dir="auto"><p>Nous <em>demandons</em>' in seen(look)
    client.post(write, read(look).form("send").filled(do="send"))
    comment = Comment.objects.get()
    assert comment.latest.translation == {"language": "fr", "body": "Nous *demandons*.", "proposed_text": ""}
    again = read(client.get(f"/consultations/{comment.consultation.slug}/comments/id/{comment.pk}/edit/"))
    assert again.form("look").fields["translation_body"] == ["Nous *demandons*."]


def test_who_reads_it_is_said_and_can_be_chosen_until_it_is_sent(browser, owner, consultation, write):
    client = browser(owner)
    look = read(client.post(write, typed(client, write)))
    assert "Public, with the institution's name" in look.text
    assert "Your own name stays within your institution." in look.text
    saved = client.post(write, typed(client, write, do="save"))
    edit = saved.headers["Location"]
    page = read(client.post(edit, typed(client, edit, visibility="secretariat")))
    assert "For the secretariat only" in page.text
    assert "Your own name stays" not in page.text
    sent = client.post(edit, page.form("send").filled(do="send"))
    assert sent.headers["Location"].endswith("/comments/S-1/")


def test_public_comments_that_say_the_same_are_offered_for_co_signing(
    browser, owner, stranger, consultation, institution, write
):
    other = make.comment(consultation, body=BODY)
    own = make.comment(consultation, institution, body=BODY + " Now.")
    make.comment(consultation, body="Something else altogether about water and fish.")
    make.pending_comment(consultation, body=BODY)
    client = browser(owner)
    look = client.post(write, typed(client, write, body=BODY.replace("all", "any")))
    page = read(look)
    assert "These comments ask for much the same" in page.text
    assert page.text.count("Co-sign") == 1  # not one's own
    assert "Your institution sent this one." in page.text
    form = next(form for form in page.forms if form.action.endswith(f"/{other.reference}/cosign/"))
    done = client.post(form.action, form.filled())
    assert (done.status_code, other.cosignatures.get().institution) == (303, institution)
    assert not any(each.action.endswith(f"/{own.reference}/cosign/") for each in page.forms)
    again = read(client.post(write, typed(client, write)))
    assert "Your institution co-signs it already." in again.text
    assert client.post(write, again.form("send").filled(do="send")).status_code == 303
    different = read(
        client.post(write, typed(client, write, body="We would rather have no principle at all."))
    )
    assert "much the same" not in different.text


def test_where_every_comment_is_public_nobody_is_asked(
    browser, owner, consultation, institution, home, write
):
    client = browser(owner)
    begun = make.draft(consultation, institution, visibility="secretariat", body=BODY)
    Consultation.objects.filter(pk=consultation.pk).update(private_comments=False)
    for address in (write, f"{home}principles/1/"):
        assert "visibility" not in read(client.get(address)).form("look").fields
    sent = client.post(write, typed(client, write, do="send", visibility="secretariat"))
    assert sent.headers["Location"].endswith("/comments/P1-1/")
    # What was begun for the secretariat is asked about once more, and not sent as it is.
    edit = f"{home}comments/id/{begun.pk}/edit/"
    refused = client.post(edit, typed(client, edit, do="send"))
    assert refused.status_code == 400
    page = read(refused)
    assert "In this consultation every comment is public." in page.text
    assert client.post(edit, page.form("look").filled(do="send", visibility="named")).status_code == 303
    with pytest.raises(Refusal) as refused_too:
        make.sent_comment(consultation, institution, by=owner, visibility="secretariat")
    assert list(refused_too.value.errors) == ["visibility"]
