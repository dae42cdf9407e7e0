"""The receipt of a comment, and the page to which a merged one leads."""

import hashlib
import json

import pytest
import rfc8785

from consultation.comments import actions
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.post.letters import compose
from consultation.post.models import Message
from tests import factories as make
from tests.comments.acts import edit
from tests.contract.calls import results, visitor
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
PASSAGE = {"exact": "open to review", "prefix": "are ", "suffix": "."}
TRANSLATION = {"language": "fr", "body": "Dites qui contrôle qui.", "proposed_text": ""}


def test_what_the_receipt_and_the_mail_say_can_be_computed_again_from_the_file_and_from_the_api(
    browser, consultation, home, institution, owner, stranger
):
    words = {"body": "Say – “who” audits 誰.", "proposed_text": "x\u2028y", "passage": PASSAGE}
    comment = make.comment(consultation, institution, translation=TRANSLATION, **words)
    make.decide(edit(comment, "Say who audits whom."), "approve")
    page = read(browser(owner).get(f"{home}comments/P1-1/receipt/"))
    revisions = list(comment.revisions.order_by("number"))
    for revision in revisions:
        assert revision.words_hash in page.text
        assert f"{revision.at:%Y-%m-%d %H:%M:%S} UTC" in page.text
        file = browser(owner).get(f"{home}comments/P1-1/sent/{revision.number}.json")
        assert hashlib.sha256(file.content).hexdigest() == revision.words_hash
    told = results(visitor().get(f"comments/{consultation.slug}/P1-1/revisions/"))
    for each, revision in zip(told, revisions, strict=True):
        said = {name: each[name] for name in ("kind", "body", "proposed_text", "passage", "language")}
        if each["translation"] is not None:
            said["translation"] = each["translation"]
        form = rfc8785.dumps({"reference": "P1-1", "revision": each["number"], **said})
        assert hashlib.sha256(form).hexdigest() == revision.words_hash
    assert json.loads(file.content)["body"] == "Say who audits whom."
    mail = Message.objects.filter(kind="comment-received").latest("pk")
    body = compose(mail.kind, "en", mail.context).body
    assert revisions[1].words_hash in body
    assert f"{revisions[1].at:%H:%M:%S} UTC" in body
    assert "Europe/Oslo" in body

    for path in ("receipt/", "sent/1.json"):
        assert browser(stranger).get(f"{home}comments/P1-1/{path}").status_code == 404
        assert browser(make.secretariat(consultation)).get(f"{home}comments/P1-1/{path}").status_code == 404
    assert browser(owner).get(f"{home}comments/P1-1/sent/3.json").status_code == 404


def test_what_was_redacted_has_its_hash_and_no_words(browser, consultation, home, institution, owner):
    comment = make.comment(consultation, institution)
    comment.revisions.update(body="", redacted_at=clock.now())
    page = read(browser(owner).get(f"{home}comments/P1-1/receipt/"))
    assert comment.shown.words_hash in page.text
    assert "Its words were redacted" in page.text
    assert browser(owner).get(f"{home}comments/P1-1/sent/1.json").status_code == 404


def test_a_merged_comment_leads_to_the_one_that_was_kept_which_shows_its_words(
    client, browser, consultation, home, institution, owner
):
    kept = make.comment(consultation, body="Say who audits.")
    merged = make.comment(consultation, institution, body="Tell who audits.")
    merge = {"comment_id": kept.pk, "merged_ids": [merged.pk]}
    actions.merge_comments(make.secretariat(consultation), **merge, at=clock.now())
    answer = client.get(f"{home}comments/P1-2/")
    assert (answer.status_code, answer["Location"]) == (301, f"{home}comments/P1-1/#P1-2")
    own = read(browser(owner).get(f"{home}comments/P1-2/"))
    assert "The secretariat merged it into P1-1" in own.text
    assert "Withdraw" in own.text
    page = read(client.get(f"{home}comments/P1-1/"))
    for words in ("Lakeshore University", "Tell who audits.", "Say who audits.", "P1-2"):
        assert words in page.text
    assert 'id="P1-2"' in client.get(f"{home}comments/P1-1/").content.decode()
    listed = read(client.get(f"{home}principles/1/")).text
    assert "Say who audits." in listed
    assert "Tell who audits." not in listed
    make.suspend(Comment.objects.get(pk=kept.pk).institution)
    assert client.get(f"{home}comments/P1-2/").status_code == 200
