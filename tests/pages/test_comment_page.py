"""One comment's page: who sees it, what is told once it is gone, co-signing, withdrawing, revisions."""

import pytest

from consultation.comments import actions
from consultation.comments.models import Comment, Cosignature
from consultation.kit import clock
from tests import factories as make
from tests.pages.page import read
from tests.redlines import seen

pytestmark = pytest.mark.usefixtures("on_top")
SECRET = "Planted phrase quicksilver"


def everywhere(consultation, comment) -> list[str]:
    """Every public address that could show a comment."""
    home = f"/consultations/{consultation.slug}/"
    pages = [
        "",
        "text/",
        "principles/1/",
        "participation/",
        "history/",
        "endorsements/",
        "feed.atom",
        "digests/",
    ]
    own = f"/institutions/{comment.institution.slug}/"
    return [
        *(home + page for page in pages),
        f"{home}comments/{comment.reference}/",
        own,
        "/",
        "/search/?q=quicksilver",
    ]


def test_it_works(client, consultation, home, institution):
    comment = make.comment(
        consultation, institution, passage={"exact": "Systems are open"}, proposed_text="It is"
    )
    page = read(client.get(f"{home}comments/{comment.reference}/"))
    assert "On Principle 1, version 1" in page.text
    assert "Lakeshore University" in page.text
    assert comment.shown.words_hash in page.text


def test_a_reference_is_found_whatever_its_case(client, consultation, home):
    make.comment(consultation)
    assert client.get(f"{home}comments/p1-1/").status_code == 200


@pytest.mark.parametrize("reference", ["P1-1", "P9-9", "x", "P1-1%00", "S-1"])
def test_what_never_was_public_is_404(client, consultation, home, reference):
    make.pending_comment(consultation)
    assert client.get(f"{home}comments/{reference}/").status_code == 404


def test_what_waits_is_seen_by_its_institution_and_by_moderators_alone(
    client, browser, consultation, home, institution, owner, colleague, stranger
):
    comment = make.pending_comment(consultation, institution, body=SECRET)
    address = f"{home}comments/{comment.reference}/"
    for person in (owner, colleague, make.moderator(consultation), make.observer(consultation)):
        page = read(browser(person).get(address))
        assert SECRET in page.text
        assert "Waits for a moderator. Readers do not see it." in page.text
    for reader in (client, browser(stranger)):
        assert reader.get(address).status_code == 404


@pytest.mark.parametrize(
    "how", ["hidden", "withdrawn", "pending", "unverified", "suspended", "secretariat", "returned"]
)
def test_words_that_are_not_public_stand_on_no_page(
    client, browser, consultation, institution, owner, stranger, how
):
    if how == "unverified":
        waiting = make.institution()
        comment = make.comment(consultation, waiting, body=SECRET, passage={"exact": "Systems are"})
    elif how == "secretariat":
        comment = make.comment(consultation, institution, body=SECRET, visibility="secretariat")
    elif how in ("pending", "returned"):
        comment = make.pending_comment(consultation, institution, body=SECRET)
        comment = make.decide(comment, "return") if how == "returned" else comment
    else:
        comment = make.comment(consultation, institution, body=SECRET, passage={"exact": "Systems are open"})
        make.cosign(comment)
        take_away(comment, owner, how)
    for address in everywhere(consultation, comment):
        assert "quicksilver" not in told(client, address), address
    assert "quicksilver" not in told(browser(stranger), f"/consultations/{consultation.slug}/principles/1/")


def told(client, address) -> str:
    """What a page tells, but for the question that it was asked."""
    return (
        client.get(address)
        .content.decode()
        .replace("q=quicksilver", "")
        .replace("Search: quicksilver", "")
        .replace('value="quicksilver"', "")
    )


def take_away(comment, owner, how) -> None:
    """The comment was public, and is not any more."""
    if how == "hidden":
        hide(comment, owner)
    elif how == "suspended":
        make.suspend(comment.institution)
    else:
        actions.withdraw_comment(owner, comment_id=comment.pk, at=clock.now())


def hide(comment, owner) -> None:
    """A moderator who is asked about an edit hides the whole comment, by clause 2."""
    actions.submit_comment(owner, comment_id=comment.pk, words=make.words(SECRET), at=clock.now())
    make.decide(comment, "hide", clause="2")


def test_a_hidden_comment_answers_410_with_the_clause_and_never_a_word(
    client, consultation, home, institution, owner
):
    comment = make.comment(consultation, institution, body=SECRET)
    hide(comment, owner)
    gone = client.get(f"{home}comments/{comment.reference}/")
    assert gone.status_code == 410
    text = read(gone).text
    assert "by clause 2 of the policy: Clause 2." in text
    assert "quicksilver" not in text
    assert "Lakeshore" not in text


def test_a_withdrawn_comment_answers_410_with_its_reference_and_date(
    client, browser, consultation, home, institution, owner
):
    comment = make.comment(consultation, institution, body=SECRET)
    address = f"{home}comments/{comment.reference}/"
    page = read(browser(owner).get(f"{address}withdraw/"))
    form = next(form for form in page.forms if "claim" in form.fields)
    for _time in range(2):
        assert browser(owner).post(f"{address}withdraw/", form.filled()).status_code == 303
    gone = client.get(address)
    assert gone.status_code == 410
    text = read(gone).text
    assert "P1-1" in text
    assert "Its institution withdrew this comment on" in text
    assert "quicksilver" not in text
    assert browser(owner).get(address).status_code == 200


def test_only_its_institution_withdraws_a_comment(client, browser, consultation, home, stranger):
    comment = make.comment(consultation)
    address = f"{home}comments/{comment.reference}/withdraw/"
    assert browser(stranger).get(address).status_code == 404
    assert browser(stranger).post(address).status_code == 404
    assert client.post(address).status_code == 302
    comment.refresh_from_db()
    assert comment.state == "published"


def test_another_institution_co_signs_and_takes_it_back(browser, stranger, consultation, home):
    comment = make.comment(consultation)
    address = f"{home}comments/{comment.reference}/"
    client = browser(stranger)
    agree = next(form for form in read(client.get(address)).forms if form.fields.get("position") == ["agree"])
    for _time in range(2):
        assert client.post(agree.action, agree.filled()).headers["Location"] == address
    page = read(client.get(address))
    assert "Oslo Metropolitan College" in page.text.split("Who co-signs")[1]
    back = next(form for form in page.forms if form.fields.get("position") == ["none"])
    client.post(back.action, back.filled())
    assert not Cosignature.objects.filter(ended_at=None).exists()


def test_nobody_co_signs_their_own_or_for_others(browser, owner, stranger, consultation, home, institution):
    comment = make.comment(consultation, institution)
    address = f"{home}comments/{comment.reference}/"
    assert "position" not in [
        name for form in read(browser(owner).get(address)).forms for name in form.fields
    ]
    own = browser(owner).post(f"{address}cosign/", {"institution": institution.slug, "position": "agree"})
    assert own.status_code == 409
    assert "This is your institution’s own comment." in read(own).text.replace("'", "’")
    foreign = browser(stranger).post(
        f"{address}cosign/", {"institution": institution.slug, "position": "agree"}
    )
    assert foreign.status_code == 404
    assert not Cosignature.objects.exists()


def test_a_revision_that_waits_is_shown_to_its_institution_alone(
    client, browser, consultation, home, institution, owner
):
    comment = make.comment(consultation, institution, body="As everybody reads it.")
    actions.submit_comment(owner, comment_id=comment.pk, words=make.words(SECRET), at=clock.now())
    address = f"{home}comments/{comment.reference}/"
    public = read(client.get(address)).text
    assert "As everybody reads it." in public
    assert "quicksilver" not in public
    assert "Revision 2" not in public
    own = read(browser(owner).get(address)).text
    assert "A later revision waits for a moderator" in own
    assert "Revision 2" in own


def test_the_revisions_that_were_public_are_shown_against_each_other(
    client, consultation, home, institution, owner
):
    comment = make.comment(consultation, institution, body="We ask for one register.")
    actions.submit_comment(
        owner, comment_id=comment.pk, words=make.words("We ask for two registers."), at=clock.now()
    )
    make.decide(Comment.objects.get(pk=comment.pk), "approve")
    content = client.get(f"{home}comments/{comment.reference}/").content.decode()
    assert "<del>one register</del><ins>two registers</ins>" in seen(content)


def test_replies_stand_under_their_comment(client, consultation, home):
    parent = make.comment(consultation)
    make.comment(consultation, parent=parent, body="A public answer.")
    make.pending_comment(consultation, parent=parent, body=SECRET)
    text = read(client.get(f"{home}comments/{parent.reference}/")).text
    assert "A public answer." in text
    assert "quicksilver" not in text


def test_the_key_of_a_comment_leads_to_its_reference(browser, owner, consultation, home, institution):
    sent = make.sent_comment(consultation, institution)
    draft = make.draft(consultation, institution)
    client = browser(owner)
    assert client.get(f"{home}comments/id/{sent.pk}/").headers["Location"] == f"{home}comments/P1-1/"
    assert (
        client.get(f"{home}comments/id/{draft.pk}/").headers["Location"]
        == f"{home}comments/id/{draft.pk}/edit/"
    )


@pytest.mark.parametrize("number", [1, 3])
def test_a_thread_takes_as_many_queries_for_three_replies_as_for_one(
    client, consultation, home, number, django_assert_num_queries
):
    parent = make.comment(consultation)
    make.comment(consultation)
    for _each in range(number):
        make.cosign(make.comment(consultation, parent=parent))
    client.get(home)
    # The place and its rounds (2), the stamp (2), the comment with its co-signatures (2), replies (2),
    # the revisions that were public.
    with django_assert_num_queries(9):
        client.get(f"{home}comments/{parent.reference}/")
