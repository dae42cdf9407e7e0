"""Writing a comment on pages: the form, the look, sending; nothing typed is ever lost."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from consultation.comments import actions
from consultation.comments.models import Comment, CommentState
from consultation.kit import clock
from consultation.texts.models import Consultation, LicenceAcceptance, Round
from tests import factories as make
from tests.pages.page import read
from tests.redlines import seen

pytestmark = pytest.mark.usefixtures("on_top")
BODY = "We ask for a public register."
PASSAGE = "Systems are open to review."


@pytest.fixture(scope="module")
def write(home):
    return f"{home}write/?principle=1"


def start(client, write) -> dict[str, object]:
    """The form as it comes, with a comment typed into it."""
    form = read(client.get(write)).form("look")
    return form.filled(
        kind="technical", body=BODY, passage=PASSAGE, proposed_text="Systems are open to audit."
    )


def test_a_comment_is_looked_over_and_then_sent(browser, owner, consultation, write):
    client = browser(owner)
    look = client.post(write, start(client, write) | {"do": "look"})
    page = read(look)
    assert not Comment.objects.exists()
    assert "You send this for Lakeshore University . It is on Principle 1, version 1." in page.text
    assert "<del>review</del><ins>audit</ins>" in seen(look)
    sent = client.post(write, page.form("send").filled(do="send"))
    assert (sent.status_code, sent.headers["Location"]) == (
        303,
        f"/consultations/{consultation.slug}/comments/P1-1/",
    )
    comment = Comment.objects.get()
    assert (comment.state, comment.author, comment.version.number) == ("pending", owner, 1)
    words = comment.latest
    assert (words.kind, words.body, words.passage["exact"]) == ("technical", BODY, PASSAGE)
    after = read(client.get(sent.headers["Location"]))
    assert "P1-1 was sent. It appears once a moderator has read it. Your receipt" in after.text
    receipt = f"/consultations/{consultation.slug}/comments/P1-1/receipt/"
    assert receipt in after.links
    assert comment.latest.words_hash in read(client.get(receipt)).text


def test_the_first_sending_agrees_to_the_licence_and_says_so_before(browser, owner, consultation, write):
    client, words = browser(owner), "is published under CC BY 4.0 ."
    assert words in read(client.post(write, start(client, write) | {"do": "look"})).text
    client.post(write, start(client, write) | {"do": "save"})
    assert not LicenceAcceptance.objects.exists()
    for _ in range(2):
        client.post(write, start(client, write) | {"do": "send"})
    accepted = LicenceAcceptance.objects.get()
    assert (accepted.person, accepted.consultation, accepted.licence) == (owner, consultation, "CC BY 4.0")
    assert "By sending it" not in read(client.post(write, start(client, write) | {"do": "look"})).text


def test_another_licence_is_agreed_to_anew(browser, owner, consultation, write):
    make.sent_comment(consultation, by=owner, institution=owner.mandates.get().institution)
    Consultation.objects.filter(pk=consultation.pk).update(licence="CC0 1.0")
    client = browser(owner)
    assert (
        "is published under CC0 1.0 ." in read(client.post(write, start(client, write) | {"do": "look"})).text
    )
    client.post(write, start(client, write) | {"do": "send"})
    assert sorted(LicenceAcceptance.objects.values_list("licence", flat=True)) == ["CC BY 4.0", "CC0 1.0"]


def test_sending_twice_sends_once(browser, owner, write):
    client = browser(owner)
    fields = start(client, write) | {"do": "send"}
    first, second = client.post(write, fields), client.post(write, fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert Comment.objects.count() == 1


def test_the_same_key_for_other_words_is_refused_with_them_kept_and_a_new_key(browser, owner, write):
    client = browser(owner)
    fields = start(client, write)
    client.post(write, fields | {"do": "send"})
    again = client.post(write, fields | {"do": "send", "body": "Other words."})
    assert again.status_code == 422
    form = read(again).form("look")
    assert form.fields["body"] == ["Other words."]
    assert form.fields["claim"] != fields["claim"]
    assert client.post(write, form.filled(do="send")).status_code == 303
    assert Comment.objects.count() == 2


def test_a_colleague_may_write_and_a_stranger_only_for_their_own(
    browser, colleague, stranger, institution, write
):
    client = browser(colleague)
    assert client.post(write, start(client, write) | {"do": "send"}).status_code == 303
    other = browser(stranger)
    fields = start(other, write) | {"do": "send", "institution": institution.slug}
    other.post(write, fields)
    assert [each.author for each in Comment.objects.filter(institution=institution)] == [colleague]


def test_somebody_without_an_institution_is_told_how_to_get_one(browser, write):
    response = browser(make.person()).get(write)
    assert response.status_code == 403
    assert "Register your institution" in read(response).text


def test_visitors_sign_in_first_and_come_back(client, write):
    response = client.get(write)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=/consultations/")
    assert "principle%3D1" in response.headers["Location"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("body", "  \n ", "Write what you want to say."),
        ("body", "\u200b\u2060\n\ufeff", "Write what you want to say."),
        ("body", "x" * 20_001, "Use at most 20000 characters."),
        ("body", "a\x00b", "The text holds a null character."),
        ("passage", "not there", "These words are not in the text."),
        ("kind", "poem", "Select a valid choice."),
        ("language", "klingon", "Select a valid choice."),
        ("visibility", "nobody", "Select a valid choice."),
    ],
)
@pytest.mark.parametrize("do", ["look", "send"])
def test_what_is_wrong_is_said_beside_its_field_and_everything_typed_is_kept(
    browser, owner, write, do, field, value, sentence
):
    client = browser(owner)
    fields = start(client, write) | {field: value, "do": do}
    response = client.post(write, fields)
    assert response.status_code == 400
    page = read(response)
    assert sentence in page.text.replace("\u00a0", " ").replace(",", "")
    kept = page.form("look").fields
    assert kept["proposed_text"] == ["Systems are open to audit."]
    assert kept["claim"] == fields["claim"]
    if field not in ("kind", "language", "visibility"):
        assert kept[field] == [value]
    assert not Comment.objects.exists()


@pytest.mark.parametrize("on", ["write/?principle=1", "write/"])
def test_the_redline_follows_fields_that_are_on_the_page(browser, owner, home, on):
    page = browser(owner).get(home + on).content.decode()
    followed = re.findall(r"from:#([^,\"]*)", page)
    assert followed
    assert all(f'id="{name}"' in page for name in followed)


def test_back_from_the_look_everything_typed_is_there(browser, owner, write):
    client = browser(owner)
    looked = read(client.post(write, start(client, write) | {"do": "look"}))
    form = read(client.post(write, looked.form("change").filled(do="change"))).form("look")
    assert (form.fields["body"], form.fields["passage"], form.fields["kind"]) == (
        [BODY],
        [PASSAGE],
        ["technical"],
    )


def test_a_draft_is_saved_incomplete_and_gone_on_with(browser, owner, colleague, write):
    client = browser(owner)
    saved = client.post(write, start(client, write) | {"do": "save", "body": ""})
    draft = Comment.objects.get()
    assert (saved.status_code, draft.state, draft.reference) == (303, CommentState.DRAFT, None)
    other = browser(colleague)
    form = read(other.get(saved.headers["Location"])).form("look")
    assert form.fields["passage"] == [PASSAGE]
    sent = other.post(saved.headers["Location"], form.filled(body=BODY, do="send"))
    assert sent.headers["Location"].endswith("/comments/P1-1/")
    draft.refresh_from_db()
    assert (draft.state, draft.latest.author) == ("pending", colleague)


def test_nobody_else_sees_or_changes_a_draft(client, browser, stranger, consultation, institution, home):
    draft = make.draft(consultation, institution)
    for reader in (browser(stranger), browser(make.moderator(consultation))):
        assert reader.get(f"{home}comments/id/{draft.pk}/edit/").status_code == 404
        assert reader.post(f"{home}comments/id/{draft.pk}/edit/", {"do": "send"}).status_code == 404
        assert reader.get(f"{home}comments/id/{draft.pk}/delete/").status_code == 404
    assert client.get(f"{home}comments/id/{draft.pk}/edit/").status_code == 302


def test_a_colleagues_newer_draft_is_shown_beside_what_was_typed(
    browser, owner, colleague, consultation, institution, home
):
    draft = make.draft(consultation, institution, body="As it was.")
    edit = f"{home}comments/id/{draft.pk}/edit/"
    client = browser(owner)
    mine = read(client.get(edit)).form("save").filled(body="As I have it.", do="save")
    actions.save_draft(
        colleague, comment_id=draft.pk, words=make.words("As the colleague has it."), at=clock.now()
    )
    response = client.post(edit, mine)
    assert response.status_code == 409
    page = read(response)
    assert "As the colleague has it." in page.text
    form = page.form("save")
    assert form.fields["body"] == ["As I have it."]
    assert client.post(edit, form.filled(do="save")).status_code == 303
    draft.draft.refresh_from_db()
    assert draft.draft.body == "As I have it."


def test_when_the_round_closed_meanwhile_the_words_are_kept_as_a_draft(browser, owner, consultation, write):
    client = browser(owner)
    fields = start(client, write) | {"do": "send"}
    Round.objects.filter(consultation=consultation).update(closes_at=clock.now() - timedelta(seconds=1))
    sent = client.post(write, fields)
    draft = Comment.objects.get()
    assert (draft.state, draft.draft.body) == (CommentState.DRAFT, BODY)
    assert sent.headers["Location"] == f"/consultations/{consultation.slug}/comments/id/{draft.pk}/edit/"
    text = read(client.get(sent.headers["Location"])).text
    assert "This round closed on" in text
    assert "Your words are kept as a draft." in text
    assert client.post(write, fields).headers["Location"] == sent.headers["Location"]
    assert Comment.objects.count() == 1


def test_what_was_returned_is_changed_and_sent_again_under_its_reference(
    browser, owner, consultation, institution, home
):
    comment = make.decide(
        make.sent_comment(consultation, institution), "return", clause="2", message="Name no person."
    )
    edit = f"{home}comments/id/{comment.pk}/edit/"
    client = browser(owner)
    page = read(client.get(edit))
    assert "Why it came back" in page.text
    assert "Name no person." in page.text
    sent = client.post(edit, page.form("look").filled(body="Better now.", do="send"))
    assert sent.headers["Location"] == f"{home}comments/{comment.reference}/"
    comment.refresh_from_db()
    assert (comment.state, comment.latest.number, comment.latest.body) == ("pending", 2, "Better now.")


def test_a_reply_names_the_comment_it_answers(browser, owner, consultation, home):
    parent = make.comment(consultation)
    client = browser(owner)
    page = read(client.get(f"{home}comments/{parent.reference}/"))
    form = page.form("look")
    looked = read(client.post(form.action, form.filled(body="We agree.", do="look")))
    assert f"It answers {parent.reference} ." in looked.text
    sent = client.post(form.action, looked.form("send").filled(do="send"))
    assert sent.status_code == 303
    assert Comment.objects.exclude(pk=parent.pk).get().parent == parent


def test_a_comment_for_the_secretariat_says_who_reads_it(browser, owner, write):
    client = browser(owner)
    looked = read(client.post(write, start(client, write) | {"visibility": "secretariat", "do": "look"}))
    assert "Only the secretariat and the moderators read it." in looked.text
    sent = client.post(write, looked.form("send").filled(do="send"))
    assert Comment.objects.get().reference == "S-1"
    after = read(client.get(sent.headers["Location"])).text
    assert "S-1 was sent. Only the secretariat and the moderators read it." in after
    assert "It appears" not in after


@pytest.mark.parametrize(
    "asked", ["principle=9", "principle=x", "parent=P1-9", "parent=%00", "principle=" + "9" * 30]
)
def test_writing_on_nothing_is_404(browser, owner, home, asked):
    assert browser(owner).get(f"{home}write/?{asked}").status_code == 404


def test_a_draft_is_deleted_after_a_question_and_once(browser, owner, consultation, institution, home):
    draft = make.draft(consultation, institution)
    client = browser(owner)
    page = read(client.get(f"{home}comments/id/{draft.pk}/delete/"))
    form = next(form for form in page.forms if "claim" in form.fields)
    for _time in range(2):
        gone = client.post(f"{home}comments/id/{draft.pk}/delete/", form.filled())
        assert (gone.status_code, gone.headers["Location"]) == (303, "/desk/")
    assert not Comment.objects.exists()


def test_a_form_without_its_token_is_refused(owner, write):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert strict.post(write, {"body": BODY, "do": "send"}).status_code == 403
