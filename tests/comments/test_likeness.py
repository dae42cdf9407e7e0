"""Public comments that say nearly the same as what somebody is about to send."""

import pytest

from consultation.comments import actions, queries
from consultation.comments.models import CommentRevision
from consultation.comments.queries.likeness import CANDIDATES
from consultation.kit import clock
from consultation.texts.models import Principle
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")

SAID = {
    "en": "Each ministry should keep a public register of the automated systems that it uses.",
    "ru": "Каждое министерство должно вести открытый реестр используемых автоматических систем.",
    "ar": "ينبغي لكل وزارة أن تحتفظ بسجل عام للأنظمة الآلية التي تستخدمها في أعمالها.",
    "zh": "每个部委都应当保存一份公开的登记册，列出其所使用的全部自动化系统及其用途，并每年更新。",
}


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def comments(consultation):
    return {code: make.comment(consultation, body=body, language=code) for code, body in SAID.items()}


def alike(consultation, body, principle=1, **options):
    found = Principle.objects.filter(consultation=consultation, number=principle).first()
    rows = queries.likely_duplicates(consultation, found, body, **options)
    return [each.comment.reference for each in rows]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("en", SAID["en"]),
        ("en", "  EACH ministry should keep, publicly, a register of the automated systems it uses!"),
        ("en", "A public register of the automated systems that it uses each ministry should keep."),
        ("ru", SAID["ru"].upper().replace("Ё", "Е")),
        ("ar", SAID["ar"].replace("أ", "ا")),
        ("zh", SAID["zh"].replace("全部", "所有")),
    ],
)
def test_what_says_nearly_the_same_is_found_in_any_script(consultation, comments, code, body):
    assert alike(consultation, body) == [comments[code].reference]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "We agree.",
        "Each ministry should keep a public register.",
        "No ministry has the money to keep a register; ask each of the systems' makers instead.",
        SAID["zh"][:20],
    ],
)
def test_what_says_something_else_or_next_to_nothing_is_not(consultation, comments, body):
    assert alike(consultation, body) == []


def test_only_public_threads_of_the_same_place_are_offered_the_likest_first(consultation, comments):
    first = comments["en"]
    near = make.comment(consultation, body=SAID["en"].replace("Each", "Every"))
    for other in (
        make.pending_comment(consultation, body=SAID["en"]),
        make.comment(consultation, body=SAID["en"], principle=2),
        make.comment(consultation, body=SAID["en"], parent=near),
        make.comment(body=SAID["en"]),
    ):
        assert other.pk not in (first.pk, near.pk)
    assert alike(consultation, SAID["en"]) == [first.reference, near.reference]
    assert alike(consultation, SAID["en"], most=1) == [first.reference]
    assert alike(consultation, SAID["en"], besides=first) == [near.reference]
    assert alike(consultation, SAID["en"], principle=None) == []
    merge = {"comment_id": near.pk, "merged_ids": [first.pk]}
    actions.merge_comments(make.secretariat(consultation), **merge, at=clock.now())
    assert alike(consultation, SAID["en"]) == [near.reference]


def test_it_costs_two_queries_however_much_was_said(consultation, comments, django_assert_num_queries):
    principle = Principle.objects.get(consultation=consultation, number=1)
    assert CommentRevision.objects.count() < CANDIDATES
    with django_assert_num_queries(2):
        queries.likely_duplicates(consultation, principle, SAID["en"])
