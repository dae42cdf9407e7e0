"""Positions in effect as a table: the same columns in every download (CONTRACT, "Digest data")."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consultation.endorsements.models import Endorsement
from consultation.kit.sheets import MOMENT, TEXT, WHOLE, YES_NO, Column, Row

POSITIONS = (
    Column("institution", TEXT, "Short name of the institution in addresses"),
    Column("institution_name", TEXT, "Name of the institution at the cut-off"),
    Column("country", TEXT, "ISO 3166-1 alpha-2"),
    Column("region", TEXT, "UN M49"),
    Column("principle", WHOLE, "Number of the principle"),
    Column("version", WHOLE, "Version of the principle whose words were signed"),
    Column("position", TEXT, "endorse, endorse_with_reservation or decline"),
    Column("statement", TEXT, "The reservation, or what was said with the position"),
    Column("signed_at", MOMENT, "UTC"),
    Column("to_reaffirm", YES_NO, "The text changed in substance since"),
    Column("recorded", YES_NO, "It came by letter"),
    Column("log_index", WHOLE, "Place in the endorsement log"),
)
# What a process holds of them at a time.
AT_ONCE = 2000


def heads() -> dict[str, str]:
    """What people read over the columns, in the language in force."""
    return {
        "institution": _("Institution (short)"),
        "institution_name": _("Institution"),
        "country": _("Country"),
        "region": _("Region"),
        "principle": _("Principle"),
        "version": _("Text"),
        "position": _("Position"),
        "statement": _("Statement"),
        "signed_at": _("Signed (UTC)"),
        "to_reaffirm": _("To be re-affirmed"),
        "recorded": _("Came by letter"),
        "log_index": _("Place in the log"),
    }


def rows(held: QuerySet[Endorsement]) -> Iterator[Row]:
    """One row a position, by institution and principle, read in one query and a few thousand at a time.

    `held` starts from `endorsements.queries.public()`.
    """
    found: QuerySet[Any] = held.order_by(
        "institution__current__name_sort", "institution", "principle__number", "pk"
    )
    named = found.values_list(
        "institution__slug",
        "institution__current__name",
        "institution__current__country",
        "institution__current__region",
        "principle__number",
        "version__number",
        "position",
        "statement",
        "signed_at",
        "to_reaffirm",
        "recorded",
    )
    for *facts, statement, signed_at, to_reaffirm, recorded in named.iterator(chunk_size=AT_ONCE):
        yield [*facts, statement or None, seconds(signed_at), to_reaffirm, recorded, None]


def seconds(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
