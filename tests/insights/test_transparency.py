"""The figures of moderation equal those that plain SQL counts, and tell of no single institution."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from statistics import median

import pgtrigger
import pytest
from django.db import connection
from django.test import Client

from consultation.comments.actions import flag_comment
from consultation.insights import transparency
from consultation.kit import clock
from consultation.moderation.actions import undo_decision
from consultation.moderation.models import Case, Decision
from tests import factories as make
from tests.comments.acts import hide, with_a_case
from tests.moderation.acts import claim, decide, judge, open_case

pytestmark = pytest.mark.usefixtures("on_top")
HOURS = [1, 2, 3, 5, 8, 13, 21]


@pytest.fixture(scope="module")
def consultation(kept):
    """Eight institutions in four countries; decisions of every kind, after known hours, in two months."""
    consultation = make.consultation(languages=("en", "fr"))
    norway = [make.verified_institution(country="NO") for _ in range(4)]
    kenya = [make.verified_institution(country="KE") for _ in range(3)]
    alone = make.verified_institution(country="PE")
    public = [make.comment(consultation, each) for each in norway]
    make.decide(make.pending_comment(consultation, kenya[0], language="fr"), "return", clause="1")
    make.decide(make.pending_comment(consultation, kenya[1], language="fr"), "reject", clause="2")
    make.decide(make.pending_comment(consultation, alone), "reject", clause="2")
    hide(public[0])
    judge(make.endorsement(consultation, kenya[2], statement="We agree.", language="fr"))
    undone = make.pending_comment(consultation, norway[1])
    moderator = make.moderator(consultation)
    decide(moderator, claim(moderator, open_case(undone)), "reject", clause="3")
    undo_decision(moderator, case_id=open_case_of(undone).pk, at=clock.now())
    flag_comment(make.person(), comment_id=public[1].pk, reason="1", at=clock.now())
    elsewhere = make.comment()
    hide(with_a_case(elsewhere))
    _spread_over_two_months(consultation)
    return consultation


def open_case_of(comment):
    return Case.objects.filter(item=comment.item_id).latest("opened_at")


def _spread_over_two_months(consultation):
    """Cases were opened known hours before they were decided; the first of them a month earlier."""
    decisions = Decision.objects.filter(item__consultation=consultation).order_by("at")
    with pgtrigger.ignore():
        for place, each in enumerate(decisions):
            moment = each.at - timedelta(days=40) if place == 0 else each.at
            Decision.objects.filter(pk=each.pk).update(at=moment, undone_at=each.undone_at and moment)
            Case.objects.filter(pk=each.case_id).update(
                opened_at=moment - timedelta(hours=HOURS[place % len(HOURS)])
            )


def asked(sentence, *values):
    with connection.cursor() as cursor:
        cursor.execute(sentence, values)
        return cursor.fetchall()


def test_every_figure_is_the_one_that_plain_sql_counts(consultation, django_assert_num_queries):
    with django_assert_num_queries(20):
        found = transparency.report(consultation)
    key = consultation.pk
    names = {"return": "returned", "reject": "rejected", "hide": "hidden"}
    by_action = dict(
        asked(
            "SELECT d.action, count(*) FROM consultation_decision d"
            " JOIN consultation_item i ON i.id = d.item_id"
            " WHERE i.consultation_id = %s AND d.undone_at IS NULL GROUP BY 1", key,
        )
    )  # fmt: skip
    assert (
        {name: found.totals[name] for name in names.values()}
        == {name: by_action[action] for action, name in names.items()}
        == {"returned": 1, "rejected": 2, "hidden": 1}
    )
    [(received,)] = asked("SELECT count(*) FROM consultation_item WHERE consultation_id = %s", key)
    [(public,)] = asked(
        "SELECT count(*) FROM consultation_comment WHERE consultation_id = %s AND first_public IS NOT NULL",
        key,
    )
    assert (found.totals["received"], found.totals["published"]) == (received, public + 1) == (9, 5)
    assert [found.totals[name] for name in ("undone", "flagged", "appealed", "reversed")] == [1, 1, 0, 0]
    hours = [
        float(each)
        for (each,) in asked(
            "SELECT extract(epoch FROM d.at - c.opened_at) / 3600 FROM consultation_decision d"
            " JOIN consultation_case c ON c.id = d.case_id"
            " WHERE c.consultation_id = %s AND d.undone_at IS NULL AND NOT c.is_appeal", key,
        )
    ]  # fmt: skip
    assert found.span.decided == len(hours)
    assert found.span.median == pytest.approx(median(hours))
    place = 0.9 * (len(hours) - 1)
    low, high = sorted(hours)[int(place)], sorted(hours)[int(place) + 1]
    assert found.span.ninth == pytest.approx(low + (place - int(place)) * (high - low))
    assert {number: dict(counts) for number, counts in found.clauses.items()} == {
        "1": {"returned": 1, "hidden": 1}, "2": {"rejected": 2},
    }  # fmt: skip


def test_each_month_has_its_own_figures_in_the_zone_of_the_consultation(consultation):
    months = transparency.report(consultation).months
    assert [each.span is not None and each.span.decided for each in months] == [1, 8]
    assert months[0].first < months[1].first
    assert months[0].span.median == pytest.approx(1)
    for name in transparency.MEASURES:
        assert sum(each.figures[name] for each in months) == transparency.report(consultation).totals[name]


def test_no_country_and_no_language_tells_of_one_institution(consultation):
    found = transparency.report(consultation)
    # Peru alone could be had from the total: Kenya, the next in size, stands with it.
    assert [(each.key, each.received, dict(each.against)) for each in found.countries] == [
        ("NO", 5, {"hidden": 1}),
        ("", 4, {"returned": 1, "rejected": 2}),
    ]
    assert [(each.key, each.received) for each in found.languages] == [("en", 6), ("fr", 3)]


def test_everybody_reads_it_as_a_page_and_as_a_table(consultation):
    home = f"/consultations/{consultation.slug}/"
    page = Client().get(f"{home}transparency/").content.decode()
    for words in (
        "9 contributions were received. 3 were rejected or hidden.",
        "Other countries together",
        "Norway",
    ):
        assert words in page
    assert "Peru" not in page
    assert f"{home}transparency/" in Client().get(f"{home}policy/").content.decode()
    answer = Client().get(f"{home}transparency.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="transparency-{consultation.slug}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = {(row["part"], row["key"], row["measure"]): float(row["value"]) for row in rows}
    assert told["all", "", "received"] == 9
    assert told["clause", "2", "rejected"] == 2
    assert told["country", "others", "received"] == 4
    make.decide(make.pending_comment(consultation), "approve")
    assert "10 contributions were received." in Client().get(f"{home}transparency/").content.decode()
