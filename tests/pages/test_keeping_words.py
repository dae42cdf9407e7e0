"""Words that save themselves: once, shared, and never over a colleague's."""

import pytest

from consultation.comments import actions
from consultation.comments.models import Comment, CommentDraft
from consultation.kit import clock
from tests import factories as make
from tests.pages.page import read
from tests.redlines import seen

pytestmark = pytest.mark.usefixtures("on_top")
PASSAGE = "Systems are open to review."


@pytest.fixture(scope="module")
def write(home):
    return f"{home}write/?principle=1"


def typed(client, write, **fields):
    form = read(client.get(write)).form("look")
    return form.filled(do="autosave", claim="0123456789abcdef", **fields)


def test_a_new_comment_becomes_one_draft_that_grows(browser, owner, colleague, consultation, write):
    client = browser(owner)
    words = typed(client, write, body="First", visibility="secretariat")
    first, repeated = client.post(write, words), client.post(write, words)
    told = first.json()
    draft = Comment.objects.get()
    assert (first.status_code, repeated.json()) == (200, told)
    assert told["url"] == f"/consultations/{consultation.slug}/comments/id/{draft.pk}/edit/"
    assert (told["key"], told["edition"]) == (f"comment-{draft.pk}", 1)
    assert told["sentence"].startswith("Draft saved at ")
    assert (draft.state, draft.visibility, draft.reference) == ("draft", "secretariat", None)

    grown = words | {"claim": "1", "edition": "1", "body": "First and second", "visibility": "named"}
    for _time in range(2):  # The answer to the first was lost.
        assert client.post(told["url"], grown).json()["edition"] == 2
    draft.refresh_from_db()
    assert (draft.draft.body, draft.visibility) == ("First and second", "named")
    # Readers see nothing of it, the institution all.
    assert "First and second" in read(browser(colleague).get(told["url"])).form("look").fields["body"]


def test_two_colleagues_save_neither_over_the_other(
    browser, owner, colleague, consultation, institution, home
):
    draft = make.draft(consultation, institution, body="As it was.")
    edit = f"{home}comments/id/{draft.pk}/edit/"
    mine, theirs = (browser(person) for person in (owner, colleague))
    forms = [read(client.get(edit)).form("look") for client in (mine, theirs)]
    saved = theirs.post(edit, forms[1].filled(do="autosave", claim="a", body="As the colleague has it."))
    assert saved.status_code == 200
    refused = mine.post(edit, forms[0].filled(do="autosave", claim="b", body="As I have it."))
    assert (refused.status_code, refused.json()["code"]) == (409, "edited-meanwhile")
    assert CommentDraft.objects.get(comment=draft).body == "As the colleague has it."
    for step in ("save", "send"):
        both = mine.post(edit, forms[0].filled(do=step, body="As I have it."))
        assert both.status_code == 409
        assert "As <del>the colleague has </del><ins>I have </ins>it." in seen(both)
        assert read(both).form("look").fields["body"] == ["As I have it."]
    assert mine.post(edit, read(both).form("look").filled(do="save")).status_code == 303
    assert CommentDraft.objects.get(comment=draft).body == "As I have it."


def test_a_change_of_what_is_public_meets_the_colleagues_change(
    browser, owner, colleague, consultation, institution, home
):
    comment = make.comment(consultation, institution, body="As published.")
    edit = f"{home}comments/id/{comment.pk}/edit/"
    client = browser(owner)
    form = read(client.get(edit)).form("look")
    assert "visibility" not in form.fields
    actions.save_draft(colleague, comment_id=comment.pk, words=make.words("Theirs."), at=clock.now())
    assert client.post(edit, form.filled(do="autosave", body="Mine.")).status_code == 409
    # Sent meanwhile, it is no draft any more, and still not overwritten.
    known = read(client.get(edit)).form("look")
    actions.submit_comment(colleague, comment_id=comment.pk, at=clock.now())
    late = client.post(edit, known.filled(do="save", body="Mine."))
    assert late.status_code == 409
    assert "<del>Theirs</del><ins>Mine</ins>." in seen(late)


def test_words_that_can_not_be_kept_say_why(browser, owner, write):
    client = browser(owner)
    refused = client.post(write, typed(client, write, body="Words", passage="not there"))
    assert refused.status_code == 400
    assert refused.json()["sentence"].startswith("These words are not in the text.")
    refused = client.post(write, typed(client, write, body="a\x00b"))
    assert refused.json()["sentence"].startswith("The text holds a null character.")
    assert not Comment.objects.exists()


def test_nobody_else_saves_into_it(client, browser, stranger, consultation, institution, home):
    draft = make.draft(consultation, institution, body="Ours.")
    edit = f"{home}comments/id/{draft.pk}/edit/"
    assert client.post(edit, {"do": "autosave", "body": "x"}).status_code == 302
    assert browser(stranger).post(edit, {"do": "autosave", "body": "x"}).status_code == 404
    assert CommentDraft.objects.get(comment=draft).body == "Ours."


def test_what_is_typed_is_previewed_and_compared_without_being_kept(browser, owner, write):
    client = browser(owner)
    words = typed(client, write, body="We **ask**.\n\n<script>x</script>", passage=PASSAGE)
    changed = words | {"proposed_text": "Systems are open to audit."}
    part = client.post(write, changed | {"do": "preview"}, headers={"HX-Request": "true"})
    assert "<strong>ask</strong>" in seen(part)
    assert "&lt;script&gt;" in seen(part)
    assert "<html" not in seen(part)
    redline = client.post(write, changed | {"do": "redline"}, headers={"HX-Request": "true"})
    assert "Systems are open to <del>review</del><ins>audit</ins>." in seen(redline)
    # Without a script the whole page comes back, the words to propose beginning with the present ones.
    page = client.post(write, words | {"do": "preview"})
    assert (page.status_code, "<strong>ask</strong>" in seen(page)) == (200, True)
    form = read(page).form("look")
    assert form.fields["proposed_text"] == form.fields["proposal_start"] == [PASSAGE]
    assert form.fields["claim"] == [words["claim"]]
    assert not Comment.objects.exists()
