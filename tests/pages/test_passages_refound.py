"""Comments on an earlier version: where their passages are now, on the pages and for programs."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultation.comments import passages
from consultation.comments.models import Comment
from tests import factories as make
from tests.pages.page import read
from tests.pages.test_principle import marked

pytestmark = pytest.mark.usefixtures("on_top")
FIRST = (
    "Systems are open to review. Automated decisions are reviewed by a person before they take effect. "
    "Nobody sells what people say."
)
SECOND = (
    "First of all: systems are useful. Systems are open to review. "
    "Automated decisions are always reviewed by a trained person before they take effect."
)
CHANGED = "Automated decisions are reviewed by a person"
NOW = "Automated decisions are always reviewed by a trained person"


@pytest.fixture(scope="module")
def said(consultation):
    """A comment on each of three passages: one that stays, one that changes, one that goes."""
    make.new_version(consultation, 1, FIRST)
    exacts = ("Systems are open to review", CHANGED, "Nobody sells what people say")
    comments = [make.comment(consultation, passage={"exact": exact}) for exact in exacts]
    make.new_version(consultation, 1, SECOND)
    return comments


def test_passages_are_marked_where_they_are_now(client, consultation, home, said):
    make.comment(consultation, passage={"exact": NOW}, body="On the present text.")
    response = client.get(home + "principles/1/")
    assert marked(response) == ["Systems are open to review comments: 1", f"{NOW} comments: 2"]
    page = read(response)
    assert page.text.count("Made on version 2") == 2 + 3  # in two notes, and in the discussion
    content = response.content.decode()
    assert re.search("<ins>[^>]*>[^>]*>always ", content)
    gone = content[content.index('id="gone"') :].split("</section>")[0]
    assert "Nobody sells what people say]" in gone
    assert f'href="{home}principles/1/?version=2&amp;text=en"' in gone
    assert said[2].reference in gone
    assert said[0].reference not in gone
    # On the earlier text all three stand where they were, and so does what was said of the later one.
    assert len(marked(client.get(home + "principles/1/?version=2"))) == 3
    assert "On text since changed" not in read(client.get(home + "principles/1/?version=2")).text


@pytest.mark.parametrize(
    ("which", "told", "words"),
    [
        (0, "These words stand in version 3 as well.", "Systems are open to review"),
        (1, "These words were changed since. In version 3:", NOW),
        (2, "These words stood in version 2. They are not in version 3.", ""),
    ],
)
def test_a_comment_says_where_its_passage_stands_now(client, home, said, which, told, words):
    page = read(client.get(f"{home}comments/{said[which].reference}/"))
    assert told in page.text
    if words:
        link = next(each for each in page.links if "words=" in each)
        start, end = map(int, parse_qs(urlsplit(link).query)["words"][0].split("-"))
        assert SECOND[start:end] == words
        assert "Only those on these words" in read(client.get(link)).text
    else:
        assert f"{home}principles/1/?version=2&text=en" in page.links


def test_a_comment_on_the_present_text_says_nothing_of_it(client, consultation, home):
    comment = make.comment(consultation, passage={"exact": "Systems are open"})
    assert "The passage now" not in read(client.get(f"{home}comments/{comment.reference}/")).text
    assert "now" not in client.get(api(consultation, comment)).json()["passage"]


def api(consultation, comment):
    return f"/api/v1/comments/{consultation.slug}/{comment.reference}/"


def test_programs_get_the_passage_as_it_was_named_and_where_it_is_now(client, consultation, said):
    found = [client.get(api(consultation, each)).json()["passage"] for each in said]
    assert [each["exact"] for each in found] == [each.shown.passage["exact"] for each in said]
    assert [each["now"]["state"] for each in found] == ["found", "changed", "gone"]
    assert found[1]["now"]["exact"] == NOW
    assert (found[1]["now"]["version"], found[2]["now"]) == (3, {"version": 3, "state": "gone"})
    listed = client.get(f"/api/v1/consultations/{consultation.slug}/comments/").json()["results"]
    assert [each["passage"] for each in listed] == found[::-1]


def test_a_list_costs_one_query_more_however_many_passages_went_elsewhere(client, consultation, said):
    address = f"/api/v1/consultations/{consultation.slug}/comments/"
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address + "?page_size=1")
    assert len(three) == len(one)


def test_a_passage_is_followed_in_its_own_language(client):
    consultation = make.consultation(languages=("en", "ar", "zh-hans"))
    comment = make.comment(consultation, passage={"exact": "People may ask"}, language="ar")
    make.new_version(consultation, 1, "Who decides says why. People may ask.")
    home = f"/consultations/{consultation.slug}/"
    for language in ("en", "ar", "zh-hans"):
        page = client.get(f"{home}principles/1/?text={language}")
        assert marked(page) == ["People may ask comments: 1"]
    comment = Comment.objects.get(pk=comment.pk)
    assert passages.now([(comment, comment.shown)])[comment.pk].language == "ar"


def test_the_page_costs_the_same_however_many_passages_went_elsewhere(client, consultation, home, said):
    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.get(home + "principles/1/")
        return len(asked)

    before = cost()
    make.new_version(consultation, 1, FIRST)
    for exact in ("Systems are open", CHANGED, "Nobody sells", "what people say"):
        make.comment(consultation, passage={"exact": exact})
    make.new_version(consultation, 1, SECOND)
    assert cost() == before
