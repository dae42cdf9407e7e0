import pytest

from consultation.comments.models import Comment
from consultation.record import queries as record
from tests import factories as make
from tests.contract.calls import by, pages, problem, results, visitor

pytestmark = pytest.mark.usefixtures("on_top")

WORDS = "We ask for a *public* register."


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("rivers")


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution("Academy of Springs", country="KE", type="university")


def noise(text):
    """What is in no public list: other texts, states and people."""
    other = make.consultation()
    make.comment(other, body=WORDS)
    make.draft(text, body=WORDS)
    make.pending_comment(text, body=WORDS)
    make.comment(text, make.institution(), body=WORDS)
    make.comment(text, visibility="secretariat", body=WORDS)
    make.decide(make.pending_comment(text, body=WORDS), "reject")


def references(answer):
    return [each["reference"] for each in results(answer)]


def test_a_public_comment_tells_all_that_the_contract_names(text, institution, settings):
    passage = {"exact": "open to review", "prefix": "are ", "suffix": "."}
    comment = make.comment(
        text,
        institution,
        kind="technical",
        body=WORDS,
        proposed_text="open to *public* review",
        passage=passage,
    )
    make.comment(text, parent=make.cosign(make.cosign(comment), stance="disagree"), principle=1)
    make.pending_comment(text, parent=comment)
    make.cosign(comment)
    answer = visitor().get("comments/rivers/P1-1/")
    moments = {name: answer.json()[name] for name in ("submitted_at", "published_at")}
    assert answer.json() == {
        "id": str(comment.pk),
        "reference": "P1-1",
        "principle": 1,
        "version": 1,
        "kind": "technical",
        "state": "published",
        "visibility": "named",
        "institution": {
            "slug": "academy-of-springs",
            "name": "Academy of Springs",
            "country": "KE",
            "region": "002",
            "type": "university",
        },
        "author_role": "signatory",
        "body": WORDS,
        "body_html": "<p>We ask for a <em>public</em> register.</p>\n",
        "proposed_text": "open to *public* review",
        "passage": passage,
        "language": "en",
        "language_detected": False,
        "translation": None,
        "revision": 1,
        "parent": None,
        "replies_count": 1,
        "cosigns": {"agree": 2, "countries": 1, "disagree": 1},
        "redacted_at": None,
        "redacted_under": "",
        "late": None,
        "merged_into": None,
        "stands_for": 0,
        "disposition": None,
        "attachments": [],
        "edited_at": None,
        "url": f"{settings.SITE_URL}/consultations/rivers/comments/P1-1/",
        **moments,
    }
    assert moments["submitted_at"] < moments["published_at"]
    assert references(visitor().get("consultations/rivers/comments/")) == ["P1-2", "P1-1"]
    assert results(visitor().get("consultations/rivers/comments/"))[1] == answer.json()


def test_a_comment_on_the_whole_text_names_no_principle(text):
    make.comment(text, principle=None)
    shown = visitor().get("comments/rivers/g-1/").json()
    assert (shown["reference"], shown["principle"], shown["version"]) == ("G-1", None, None)


def test_the_role_of_an_author_says_what_the_mandate_allows(text, institution):
    make.comment(text, institution, by=make.representative(institution))
    orphan = make.comment(text, institution)
    Comment.objects.filter(pk=orphan.pk).update(author=None)
    found = results(visitor().get("consultations/rivers/comments/?order=oldest"))
    assert [each["author_role"] for each in found] == ["contributor", "former_representative"]


def test_lists_hold_what_is_public_and_nothing_else(text):
    noise(text)
    make.comment(text)
    # Whoever asks: what only you can see stands in no list.
    readers = [make.moderator(text), make.secretariat(text), make.registrar(), make.person()]
    mine = make.manager(Comment.objects.get(state="draft").institution)
    for caller in (visitor(), by(mine), *map(by, readers)):
        assert [each["state"] for each in results(caller.get("consultations/rivers/comments/"))] == [
            "published"
        ]


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_two_queries(text, number, django_assert_num_queries):
    noise(text)
    for _ in range(number):
        commented = make.comment(text)
        make.cosign(commented)
        make.comment(text, parent=commented)
    # the consultation; its comments
    with django_assert_num_queries(2):
        found = results(visitor().get("consultations/rivers/comments/"))
    assert len(found) == 2 * number


FILTERS = {
    "principle=2": ["P2-1"],
    "principle=null": ["G-1"],
    "principle=9": [],
    "kind=editorial": ["P2-1"],
    "institution=academy-of-springs": ["P1-1"],
    "institution=nobody": [],
    "country=ke": ["P1-1"],
    "region=150": ["G-1", "P2-1"],
    "region=019": [],
    "language=fr": ["P2-1"],
    "q=registre": ["P2-1"],
    "q=REGISTER%20public": ["P1-1"],
    "q=-register": ["G-1", "P2-1"],
    "q=p2-1": ["P2-1"],
    "q=%22%22": [],
    "parent=P1-1": [],
    "type=university": ["P1-1"],
    "type=industry": [],
    "type=academy": ["G-1", "P2-1"],
    "proposal=true": ["P1-1"],
    "proposal=false&unanswered=false": ["G-1", "P2-1", "P1-1"],
    "unanswered=true": ["G-1", "P2-1", "P1-1"],
    "unanswered=true&proposal=true&type=university&kind=general": ["P1-1"],
    "country=&q=&kind=&region=": ["G-1", "P2-1", "P1-1"],
    "disposition=accepted": [],
    "order=oldest": ["P1-1", "P2-1", "G-1"],
    "order=newest&principle=1&kind=general": ["P1-1"],
}


def test_filters(text, institution):
    make.comment(text, institution, body="A public register, please.", proposed_text="open to all")
    make.comment(text, principle=2, kind="editorial", language="fr", body="Un registre.")
    make.comment(text, principle=None, body="Fine.")
    noise(text)
    path = "consultations/rivers/comments/"
    assert {query: references(visitor().get(f"{path}?{query}")) for query in FILTERS} == FILTERS


def test_replies_are_found_by_their_parent(text):
    first = make.comment(text)
    make.comment(text)
    make.comment(text, parent=first)
    assert references(visitor().get("consultations/rivers/comments/?parent=p1-1")) == ["P1-3"]
    assert references(visitor().get("consultations/rivers/comments/?unanswered=true")) == ["P1-2"]


def test_since_gives_what_appeared_or_was_changed_after_a_record_number(text, institution):
    make.comment(text, institution)
    revised = make.comment(text, institution)
    before = record.newest_public(text.pk)
    make.comment(make.consultation())
    make.comment(text)
    path = f"comments/rivers/{revised.reference}/"
    by(make.manager(institution)).patch(path, {"body": "Other words."})
    make.decide(revised, "approve")
    assert references(visitor().get(f"consultations/rivers/comments/?since={before}")) == ["P1-3", "P1-2"]
    assert references(visitor().get("consultations/rivers/comments/?since=9223372036854775807")) == []


WRONG_FILTERS = [
    "principle=0", "principle=x", "principle=99999999999999999999", "kind=loud", "country=XX", "country=NOR",
    "region=2", "region=xyz", "language=klingonese-x", "since=-1", "since=x", "since=9223372036854775808",
    "order=best", "type=club", "disposition=good", "proposal=x", "unanswered=x", "q=%00",
    "institution=%00", "parent=%00", "cursor=x", "page_size=x",
]  # fmt: skip


def test_a_wrong_filter_is_named(text):
    for query in WRONG_FILTERS:
        answer = visitor().get(f"consultations/rivers/comments/?{query}")
        problem(answer, 400, "invalid", query.partition("=")[0])


def test_the_most_cosigned_come_first(text):
    plain, most, middle = make.comment(text), make.comment(text), make.comment(text)
    for _ in range(2):
        make.cosign(most)
    make.cosign(middle)
    make.cosign(plain, stance="disagree")
    found = pages(visitor(), "consultations/rivers/comments/?order=most_cosigned&page_size=1")
    assert [each["reference"] for [each] in found] == ["P1-2", "P1-3", "P1-1"]


def test_pages_skip_and_repeat_nothing_while_comments_come_and_go(text):
    for _ in range(5):
        make.comment(text)
    first = visitor().get("consultations/rivers/comments/?page_size=2")
    assert references(first) == ["P1-5", "P1-4"]
    make.comment(text)
    make.decide(_reopened(Comment.objects.get(reference="P1-4", consultation=text)), "hide")
    second = visitor().get(first.json()["next"])
    assert references(second) == ["P1-3", "P1-2"]
    assert references(visitor().get(second.json()["previous"])) == ["P1-6", "P1-5"]
    third = visitor().get(second.json()["next"])
    assert (references(third), third.json()["next"]) == (["P1-1"], None)
    assert first.json()["previous"] is None


def _reopened(comment):
    """The published comment, waiting for a moderator once more: its institution changed a word."""
    person = make.manager(comment.institution)
    by(person).patch(f"comments/{comment.consultation.slug}/{comment.reference}/", {"body": "Once more."})
    return comment


def test_a_page_holds_at_most_a_hundred(text, institution):
    make.comment(text, institution)
    assert len(results(visitor().get("consultations/rivers/comments/?page_size=100000000000000000000"))) == 1


def test_who_reads_which_words(text, institution):
    comment = make.comment(text, institution, body="The first words.")
    owner, colleague = make.manager(institution), make.representative(institution)
    assert by(owner).patch("comments/rivers/P1-1/", {"body": "The second words."}).status_code == 200
    stranger = make.manager(make.verified_institution())
    seen = {
        name: by(person).get("comments/rivers/P1-1/").json()
        for name, person in {
            "owner": owner,
            "colleague": colleague,
            "stranger": stranger,
            "visitor": None,
            "moderator": make.moderator(text),
        }.items()
    }
    assert {name: each["body"] for name, each in seen.items()} == {
        "owner": "The second words.",
        "colleague": "The second words.",
        "stranger": "The first words.",
        "visitor": "The first words.",
        "moderator": "The first words.",
    }
    assert [seen["owner"]["revision"], seen["visitor"]["revision"], seen["owner"]["latest_revision"]] == [
        2,
        1,
        2,
    ]
    assert seen["owner"]["case"]["action"] is None
    for name in ("stranger", "visitor", "moderator"):
        assert seen[name].keys().isdisjoint({"latest_revision", "case"})
    make.decide(comment, "approve")
    shown = visitor().get("comments/rivers/P1-1/").json()
    assert (shown["body"], shown["revision"], shown["edited_at"] is not None) == (
        "The second words.",
        2,
        True,
    )


@pytest.mark.parametrize("make_hidden", [make.draft, make.pending_comment])
def test_what_was_never_public_is_not_found_by_strangers(text, institution, make_hidden):
    comment = make_hidden(text, institution, body="Not yet.")
    paths = [f"comments/id/{comment.pk}/"]
    if comment.reference:
        paths.append(f"comments/rivers/{comment.reference}/")
    stranger = make.manager(make.verified_institution())
    for path in paths:
        for caller in (visitor(), by(stranger), by(make.registrar())):
            problem(caller.get(path), 404, "not-found")
    path = paths[-1]
    for person in (make.manager(institution), make.representative(institution)):
        assert by(person).get(path).json()["body"] == "Not yet."


def test_a_draft_is_for_its_institution_alone(text, institution):
    draft = make.draft(text, institution)
    for person in (make.moderator(text), make.secretariat(text), make.observer(text)):
        problem(by(person).get(f"comments/id/{draft.pk}/"), 404, "not-found")
    shown = by(make.manager(institution)).get(f"comments/id/{draft.pk}/").json()
    assert (shown["state"], shown["reference"], shown["revision"], shown["url"]) == (
        "draft",
        None,
        None,
        None,
    )


def test_roles_read_what_waits_and_what_is_for_the_secretariat(text, institution):
    make.pending_comment(text, institution, body="It waits.")
    make.comment(text, institution, visibility="secretariat", body="Between us.")
    for person in (make.moderator(text), make.secretariat(text), make.observer(text)):
        assert by(person).get("comments/rivers/P1-1/").json()["body"] == "It waits."
        assert by(person).get("comments/rivers/S-1/").json()["body"] == "Between us."
    problem(by(make.moderator(make.consultation())).get("comments/rivers/S-1/"), 404, "not-found")


def test_an_address_by_id_leads_to_the_reference_once_there_is_one(text, institution):
    comment = make.comment(text, institution)
    answer = visitor().get(f"comments/id/{comment.pk}/")
    assert answer.status_code == 308
    assert answer["Location"].endswith("/api/v1/comments/rivers/P1-1/")
    problem(visitor().get("comments/id/01890a5d-ac96-774b-bcce-b302099a8057/"), 404, "not-found")


NO_COMMENTS = [
    "comments/id/nonsense/", "comments/id/01890A5D-AC96-774B-BCCE-B302099A8057/", "comments/rivers/P1-99/",
    "comments/rivers/99/", "comments/rivers/P1-%00/", "comments/rivers/P1-99999999999999/",
    "comments/nowhere/P1-1/", "comments/rivers/P%D9%A1-%D9%A1/", "comments/",
]  # fmt: skip


def test_no_comment_stands_at_a_wrong_address(text):
    make.comment(text)
    for path in NO_COMMENTS:
        problem(visitor().get(path), 404, "not-found")


@pytest.mark.parametrize("path", ["comments/rivers/P1-1/", "comments/rivers/P1-1/revisions/"])
def test_what_is_hidden_says_since_when_and_by_which_clause_and_no_word_of_it(text, institution, path):
    comment = make.comment(text, institution, body="Unspeakable.")
    make.decide(_reopened(comment), "hide", clause="2", message="Also unspeakable.")
    stranger = make.manager(make.verified_institution())
    for caller in (visitor(), by(stranger)):
        answer = caller.get(path)
        document = problem(answer, 410, "gone")
        assert (document["reference"], document["clause"]) == ("P1-1", "2")
        assert document["since"].endswith("Z")
        assert "nspeakable" not in answer.content.decode()
    for person in (make.manager(institution), make.moderator(text), make.observer(text)):
        assert by(person).get(path).status_code == 200


def test_what_was_withdrawn_says_so(text, institution):
    comment = make.comment(text, institution)
    by(make.manager(institution)).post("comments/rivers/P1-1/withdraw/")
    document = problem(visitor().get("comments/rivers/P1-1/"), 410, "gone")
    assert (document["reference"], document["clause"]) == ("P1-1", None)
    problem(visitor().get(f"comments/id/{comment.pk}/"), 410, "gone")
    assert references(visitor().get("consultations/rivers/comments/")) == []


def test_a_suspended_institution_takes_its_words_along(text, institution):
    make.comment(text, institution)
    make.suspend(institution)
    assert problem(visitor().get("comments/rivers/P1-1/"), 410, "gone")["clause"] is None


def test_revisions_that_the_public_never_saw_are_for_the_institution_and_roles(text, institution):
    comment = make.comment(text, institution, body="One.")
    owner = by(make.manager(institution))
    owner.patch("comments/rivers/P1-1/", {"body": "Two, refused."})
    owner.patch("comments/rivers/P1-1/", {"body": "Three."})
    make.decide(comment, "approve")
    make.comment(text, make.verified_institution())
    stranger = make.manager(make.verified_institution())

    def numbers(caller):
        return [each["number"] for each in results(caller.get("comments/rivers/P1-1/revisions/"))]

    assert [numbers(visitor()), numbers(by(stranger))] == [[1, 3], [1, 3]]
    assert [numbers(owner), numbers(by(make.moderator(text)))] == [[1, 2, 3], [1, 2, 3]]
    [first, *_] = results(visitor().get(f"comments/id/{comment.pk}/revisions/"))
    assert first["body"] == "One."
    assert first["words_hash"] == comment.revisions.get(number=1).words_hash
