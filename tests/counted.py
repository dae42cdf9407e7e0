"""The figures of endorsements told once more in plain SQL, apart from everything that the house computes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection

# One row a principle in force: what stands on it, and how many institutions each country has that is heard.
# A position counts if it is signed and released by a verified institution on a principle in force; for the
# current text only if no version after the signed one changed the substance.
FIGURES = """
    WITH counting AS (
        SELECT held.institution_id, held.principle_id, held.position,
               EXISTS (SELECT 1 FROM consultation_principleversion AS later
                       WHERE later.principle_id = held.principle_id AND later.number > signed.number
                         AND later.change = 'substantive' AND later.published_at IS NOT NULL) AS stale
        FROM consultation_endorsement AS held
        JOIN consultation_principleversion AS signed ON signed.id = held.version_id
        JOIN consultation_principle AS about ON about.id = held.principle_id
        JOIN accounts_institution AS who ON who.id = held.institution_id
        WHERE held.consultation_id = %(consultation)s AND held.state = 'signed' AND held.released
          AND who.state = 'verified' AND about.withdrawn_at IS NULL
    ), heard AS (
        SELECT who.id, data.country
        FROM accounts_institution AS who
        JOIN accounts_institutionversion AS data ON data.id = who.current_id
        WHERE who.state = 'verified'
          AND (who.id IN (SELECT institution_id FROM counting)
               OR who.id IN (SELECT said.institution_id FROM consultation_comment AS said
                             WHERE said.consultation_id = %(consultation)s AND said.public_since IS NOT NULL))
    ), countries AS (
        SELECT country, count(*)::numeric AS size FROM heard GROUP BY country
    ), shares AS (
        SELECT counting.principle_id, heard.country,
               count(*) FILTER (WHERE NOT stale AND position <> 'decline') / max(countries.size) AS share
        FROM counting JOIN heard ON heard.id = counting.institution_id
        JOIN countries ON countries.country = heard.country
        GROUP BY counting.principle_id, heard.country
    )
    SELECT principle.number,
           count(*) FILTER (WHERE NOT counting.stale AND counting.position = 'endorse'),
           count(*) FILTER (WHERE NOT counting.stale AND counting.position = 'endorse_with_reservation'),
           count(*) FILTER (WHERE NOT counting.stale AND counting.position = 'decline'),
           count(*) FILTER (WHERE counting.stale),
           coalesce((SELECT sum(share) FROM shares WHERE shares.principle_id = principle.id), 0)
               / greatest((SELECT count(*) FROM countries), 1),
           (SELECT count(*) FROM heard)
    FROM consultation_principle AS principle
    LEFT JOIN counting ON counting.principle_id = principle.id
    WHERE principle.consultation_id = %(consultation)s AND principle.withdrawn_at IS NULL
      AND principle.current_id IS NOT NULL
    GROUP BY principle.id, principle.number
    ORDER BY principle.number
"""


def figures(consultation: int) -> dict[int, dict[str, Any]]:
    """By principle: the four counts, the share with an equal voice (exact), and the institutions heard."""
    names = ("endorse", "endorse_with_reservation", "decline", "to_reaffirm", "equal_voice", "heard")
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"consultation": consultation})
        return {number: dict(zip(names, told, strict=True)) for number, *told in cursor.fetchall()}


def share(told: dict[str, Any]) -> float:
    """The share with an equal voice, as the house gives it."""
    value = told["equal_voice"]
    return float(value if isinstance(value, Decimal) else Decimal(value))
