"""Writing a comment: for whom, on what, with which words."""

from datetime import timedelta

import pytest

from accounts.models import Institution, Mandate, Power
from consultation.comments import actions
from consultation.comments.models import Comment, CommentDraft
from consultation.kit import canonical, clock
from consultation.moderation.models import Case
from consultation.post.models import Message
from consultation.texts.models import Principle
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, edit, sees, submit, withdraw, write
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution()


@pytest.fixture(scope="module")
def owner(institution):
    return make.manager(institution)


@pytest.fixture(scope="module")
def stranger(kept):
    return make.manager(make.verified_institution())


def test_a_sent_comment_has_its_reference_and_waits_for_a_moderator(consultation, institution, owner):
    comment = write(owner, consultation, institution, body="We ask for a register.")
    assert (comment.reference, comment.state, comment.public_since) == ("P1-1", "pending", None)
    assert (comment.latest.number, comment.latest.body, comment.shown) == (1, "We ask for a register.", None)
    assert Case.objects.get(item=comment.item, closed_at=None).revision == 1
    truths.assert_all_hold()


def test_a_colleague_who_contributes_may_write_as_well(consultation, institution):
    colleague = make.representative(institution, Power.CONTRIBUTE)
    assert write(colleague, consultation, institution).state == "pending"


def test_a_stranger_may_not_write_for_the_institution(consultation, institution, stranger):
    with refused("no-mandate"):
        write(stranger, consultation, institution)
    with refused("no-mandate"):
        write(make.person(), consultation, institution, send=False)
    assert not Comment.objects.exists()


def test_signing_and_managing_are_no_power_to_contribute(consultation, institution):
    for powers in ([Power.SIGN], [Power.MANAGE], [Power.SIGN, Power.MANAGE]):
        colleague = make.representative(institution, *powers)
        with refused("no-mandate"):
            write(colleague, consultation, institution)


def test_a_mandate_that_ended_is_no_mandate(consultation, institution):
    former = make.representative(institution)
    Mandate.objects.filter(person=former).update(ended_at=clock.now())
    with refused("no-mandate"):
        write(former, consultation, institution)


def test_a_mandate_holds_to_the_end_of_its_last_day(consultation, institution):
    colleague = make.representative(institution)
    today = clock.now().date()
    Mandate.objects.filter(person=colleague).update(until=today)
    assert write(colleague, consultation, institution).state == "pending"
    Mandate.objects.filter(person=colleague).update(until=today - timedelta(days=1))
    with refused("no-mandate"):
        write(colleague, consultation, institution)


def test_a_person_whose_account_is_closed_may_not_write(consultation, institution, owner):
    owner.is_active = False
    owner.save()
    with refused("no-mandate"):
        write(owner, consultation, institution)


def test_an_unverified_institution_may_write_at_once(consultation):
    waiting = make.institution()
    assert write(make.manager(waiting), consultation, waiting).state == "pending"


@pytest.mark.parametrize("state", ["suspended", "rejected"])
def test_an_institution_that_was_turned_away_may_not_write(consultation, state):
    institution = make.institution()
    if state == "suspended":
        make.suspend(make.verify(institution))
    else:
        Institution.objects.filter(pk=institution.pk).update(state=state)
    with refused("institution-barred"):
        write(make.manager(institution), consultation, institution)


def test_there_is_nothing_to_write_on_before_the_text_is_published(consultation, institution, owner):
    make.unpublish(consultation)
    with refused("not-found"):
        write(owner, consultation, institution)


def test_what_does_not_exist_is_not_found(consultation, institution, owner):
    with refused("not-found"):
        actions.submit_comment(owner, comment_id="0190c2a0-0000-7000-8000-000000000000", at=clock.now())
    institution.pk = 0
    with refused("not-found"):
        write(owner, consultation, institution)


def test_a_comment_is_on_the_version_that_was_current_when_it_was_written(consultation, institution, owner):
    draft = write(owner, consultation, institution, send=False)
    make.new_version(consultation, 1)
    assert submit(draft).version.number == 1
    assert write(owner, consultation, institution).version.number == 2


def test_a_comment_on_the_whole_text_is_on_no_version(consultation, institution, owner):
    comment = write(owner, consultation, institution, principle=None)
    assert (comment.principle, comment.version, comment.reference) == (None, None, "G-1")


def test_a_principle_that_is_not_there_or_was_withdrawn_takes_no_comment(consultation, institution, owner):
    with refused("invalid", "principle"):
        write(owner, consultation, institution, principle=4)
    Principle.objects.filter(consultation=consultation, number=2).update(withdrawn_at=clock.now())
    with refused("invalid", "principle"):
        write(owner, consultation, institution, principle=2)


UNFIT = [
    ({"body": ""}, "body"),
    ({"body": " \n\t"}, "body"),
    ({"body": "x" * 20_001}, "body"),
    ({"body": "nothing\x00"}, "body"),
    ({"body": "half \ud83d"}, "body"),
    ({"proposed_text": "x" * 20_001}, "proposed_text"),
    ({"proposed_text": "\x00"}, "proposed_text"),
    ({"kind": "angry"}, "kind"),
    ({"language": ""}, "language"),
    ({"language": "not a language"}, "language"),
]


def test_words_that_can_not_be_kept_are_refused_by_field(consultation, institution, owner):
    for words, field in UNFIT:
        with refused("invalid", field):
            write(owner, consultation, institution, **words)
    assert not Comment.objects.exists()


def test_every_field_that_is_wrong_is_named_at_once(consultation, institution, owner):
    with refused("invalid", "body", "kind", "language", "passage.exact"):
        write(
            owner, consultation, institution, body="", kind="?", language="?", passage={"exact": "not there"}
        )


def test_the_longest_text_is_kept_code_point_for_code_point_but_for_its_line_ends(
    consultation, institution, owner
):
    body = "é🦉\u200f" * 6_666 + "\r\n"
    assert write(owner, consultation, institution, body=body).latest.body == "é🦉\u200f" * 6_666 + "\n"


def test_who_may_read_it_is_one_of_two_answers(consultation, institution, owner):
    with refused("invalid", "visibility"):
        write(owner, consultation, institution, visibility="friends")


def test_a_draft_needs_no_words_yet_and_has_no_reference_case_or_revision(consultation, institution, owner):
    draft = write(owner, consultation, institution, body="", send=False)
    assert (draft.state, draft.reference, draft.latest, draft.item) == ("draft", None, None, None)
    assert (draft.draft.body, draft.draft.edition) == ("", 1)
    assert not Case.objects.exists()
    truths.assert_all_hold()


def test_a_draft_without_words_is_not_sent(consultation, institution, owner):
    draft = write(owner, consultation, institution, body="", send=False)
    with refused("invalid", "body"):
        submit(draft)
    assert anew(draft).state == "draft"


def test_a_draft_is_seen_by_its_institution_and_by_nobody_else(consultation, institution, owner, stranger):
    draft = write(owner, consultation, institution, send=False)
    colleague = make.representative(institution, Power.SIGN)
    readers = [stranger, make.moderator(consultation), make.secretariat(consultation), make.registrar(), None]
    assert [sees(each, draft) for each in (owner, colleague)] == [True, True]
    assert [sees(each, draft) for each in readers] == [False] * 5


def test_a_colleague_may_change_and_send_a_draft_a_stranger_may_not(
    consultation, institution, owner, stranger
):
    draft = write(owner, consultation, institution, send=False)
    for act in (submit, lambda comment, by: save(comment, "Mine now.", by=by)):
        with refused("no-mandate"):
            act(draft, by=stranger)
    colleague = make.representative(institution)
    save(draft, "Better words.", by=colleague)
    sent = submit(draft, by=colleague)
    assert (sent.latest.body, sent.latest.author, sent.author) == ("Better words.", colleague, owner)


def save(comment, body, *, by, edition=None):
    actions.save_draft(by, comment_id=comment.pk, words=make.words(body), edition=edition, at=clock.now())
    return CommentDraft.objects.get(comment=comment)


def test_the_words_of_a_draft_move_to_a_revision_with_a_hash_that_anybody_can_compute(
    consultation, institution, owner
):
    draft = write(owner, consultation, institution, body="Wörter", kind="technical", send=False)
    revision = submit(draft).latest
    assert not CommentDraft.objects.exists()
    assert revision.words_hash == canonical.digest(
        {
            "reference": "P1-1",
            "revision": 1,
            "kind": "technical",
            "body": "Wörter",
            "proposed_text": "",
            "passage": None,
            "language": "en",
        }
    )


def test_two_colleagues_on_one_draft_never_overwrite_each_other_unseen(consultation, institution, owner):
    draft = write(owner, consultation, institution, body="First", send=False)
    colleague = make.representative(institution)
    assert save(draft, "Second", by=colleague, edition=1).edition == 2
    with refused("edited-meanwhile"):
        save(draft, "Third", by=owner, edition=1)
    kept = CommentDraft.objects.get(comment=draft)
    assert (kept.body, kept.saved_by) == ("Second", colleague)
    assert save(draft, "Third", by=owner, edition=2).body == "Third"


def test_words_are_not_sent_over_those_of_a_colleague_that_nobody_read(consultation, institution, owner):
    draft = write(owner, consultation, institution, body="First", send=False)
    save(draft, "Second", by=make.representative(institution), edition=1)

    def send(edition):
        actions.submit_comment(
            owner, comment_id=draft.pk, words=make.words("Third"), edition=edition, at=clock.now()
        )

    with refused("edited-meanwhile"):
        send(1)
    assert CommentDraft.objects.get(comment=draft).body == "Second"
    send(2)
    assert anew(draft).latest.body == "Third"


def test_autosaving_is_not_put_on_record(consultation, institution, owner):
    draft = write(owner, consultation, institution, send=False)
    before = truths.Entry.objects.count()
    save(draft, "A word more.", by=owner)
    assert truths.Entry.objects.count() == before


def test_the_author_gets_a_receipt_with_reference_and_hash(consultation, institution, owner):
    comment = write(owner, consultation, institution)
    receipt = Message.objects.get(kind="comment-received")
    assert (receipt.person_id, receipt.context["reference"]) == (owner.pk, "P1-1")
    assert receipt.context["words_hash"] == comment.latest.words_hash


def test_what_waits_for_a_moderator_can_not_be_changed_or_sent_again(consultation, institution, owner):
    comment = write(owner, consultation, institution)
    for act in (submit, lambda comment, by: save(comment, "No.", by=by), lambda c, by: edit(c, "No.", by=by)):
        with refused("not-a-draft"):
            act(comment, by=owner)


def test_a_draft_is_deleted_by_its_institution_only(consultation, institution, owner, stranger):
    draft = write(owner, consultation, institution, send=False)
    with refused("no-mandate"):
        actions.delete_draft(stranger, comment_id=draft.pk, at=clock.now())
    actions.delete_draft(make.representative(institution), comment_id=draft.pk, at=clock.now())
    assert not Comment.objects.exists()


def test_what_was_sent_is_withdrawn_not_deleted(consultation, institution, owner):
    comment = write(owner, consultation, institution)
    with refused("not-a-draft"):
        actions.delete_draft(owner, comment_id=comment.pk, at=clock.now())


def test_a_colleague_may_withdraw_a_stranger_may_not(consultation, institution, stranger):
    comment = make.comment(consultation, institution)
    with refused("no-mandate"):
        withdraw(comment, by=stranger)
    gone = withdraw(comment, by=make.representative(institution))
    assert (gone.state, gone.public_since, gone.reference) == ("withdrawn", None, "P1-1")
    assert gone.first_public == comment.first_public
    truths.assert_all_hold()


def test_nothing_is_left_to_decide_on_what_was_withdrawn(consultation, institution, owner):
    comment = withdraw(write(owner, consultation, institution))
    assert not Case.objects.filter(item=comment.item, closed_at=None).exists()
    with refused("withdrawn"):
        withdraw(comment)
    with refused("not-a-draft"):
        edit(comment, "Yet another try.")
    truths.assert_all_hold()


def test_a_draft_is_not_withdrawn_but_deleted(consultation, institution, owner):
    with refused("not-sent"):
        withdraw(write(owner, consultation, institution, send=False))


@pytest.mark.parametrize("action", ["return", "reject"])
def test_what_moderation_did_not_publish_may_be_withdrawn(consultation, institution, action):
    comment = make.decide(make.pending_comment(consultation, institution), action)
    assert withdraw(comment).state == "withdrawn"
