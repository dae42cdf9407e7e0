"""The data of a digest as tables: the same rows for CSV, spreadsheet and JSON (CONTRACT, "Digest data")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from consultation.digests.content import ENDORSING, Comment, Content, Institution, Position
from consultation.insights.position_table import POSITIONS
from consultation.kit.sheets import MOMENT, NUMBER, TEXT, WHOLE, YES_NO, Column, Row


@dataclass(frozen=True)
class Table:
    """A named table; None in a cell means that there is nothing to say."""

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: list[Row]


COMMENTS = (
    Column("reference", TEXT, "By which the comment is cited, for ever"),
    Column("principle", WHOLE, "Number of the principle; empty for the text as a whole"),
    Column("version", WHOLE, "Version of the principle that was commented on"),
    Column("kind", TEXT, "general, technical or editorial"),
    Column("institution", TEXT, "Short name of the institution in addresses"),
    Column("institution_name", TEXT, "Name of the institution at the cut-off"),
    Column("country", TEXT, "ISO 3166-1 alpha-2"),
    Column("region", TEXT, "UN M49"),
    Column("institution_type", TEXT, "academy, university, government, intergovernmental and so on"),
    Column("language", TEXT, "Language of the comment"),
    Column("revision", WHOLE, "Number of the revision that was public at the cut-off"),
    Column("body", TEXT, "The comment, in Markdown"),
    Column("proposed_text", TEXT, "The wording it proposes"),
    Column("passage", TEXT, "The words it is about"),
    Column("parent", TEXT, "Reference of the comment it answers"),
    Column("cosigns", WHOLE, "Institutions that co-signed it"),
    Column("disposition", TEXT, "What the secretariat answered"),
    Column("disposition_reason", TEXT, "Why"),
    Column("submitted_at", MOMENT, "UTC"),
    Column("published_at", MOMENT, "UTC"),
    Column("url", TEXT, "Address of the comment"),
)
DISPOSITIONS = (
    Column("reference", TEXT, "The comment that is answered"),
    Column("disposition", TEXT, "accepted, accepted_in_part, not_accepted, noted or out_of_scope"),
    Column("reason", TEXT, "Why"),
    Column("version", WHOLE, "Version that carries the change"),
    Column("decided_at", MOMENT, "UTC"),
)
PARTICIPATION = (
    Column("country", TEXT, "ISO 3166-1 alpha-2; only countries heard"),
    Column("region", TEXT, "UN M49"),
    Column("institutions", WHOLE, "Institutions heard: with a public comment or a position in effect"),
    Column("comments", WHOLE, "Their public comments"),
    Column("endorsements", WHOLE, "Their endorsements of the current text, with or without reservation"),
    Column("weight", NUMBER, "Weight of each institution where every country weighs one"),
)
PRINCIPLES = (
    Column("number", WHOLE, "Number of the principle, never given again"),
    Column("version", WHOLE, "Number of the version"),
    Column("current", YES_NO, "Whether this version was current at the cut-off"),
    Column("change", TEXT, "editorial or substantive"),
    Column("language", TEXT, "Language of this text"),
    Column("authoritative", YES_NO, "Whether this text is the one that is signed"),
    Column("heading", TEXT, "Heading above the principle"),
    Column("title", TEXT, "Title"),
    Column("body", TEXT, "Text"),
    Column("sha256", TEXT, "SHA-256 of the authoritative text"),
    Column("published_at", MOMENT, "UTC"),
)
WITHHELD = (
    Column("kind", TEXT, "comment or statement"),
    Column("reference", TEXT, "The comment, or principle and institution of the statement"),
    Column("withheld_on", TEXT, "Day, UTC"),
    Column("why", TEXT, "hidden, withdrawn, redacted or suspended (its institution)"),
    Column("clause", TEXT, "Clause of the moderation policy"),
)


def tables(content: Content) -> list[Table]:
    """All tables of a digest; the last one is there only where something is withheld."""
    shown = [comment for comment in content.comments if comment.withheld is None]
    made = [
        Table(
            "comments", "Public comments, in the order of their references", COMMENTS, _rows(shown, _comment)
        ),
        Table("endorsements", "Positions in effect", POSITIONS, _rows(content.positions, _position)),
        Table("dispositions", "What became of the comments", DISPOSITIONS, []),
        Table("participation", "Countries heard", PARTICIPATION, _participation(content)),
        Table("principles", "The text, in every version and language", PRINCIPLES, _principles(content)),
    ]
    if content.withheld:
        withheld: list[Row] = [
            [kind, reference, how.on, how.why, how.clause or None]
            for kind, reference, how in content.withheld
        ]
        made.append(Table("withheld", "What this edition no longer shows", WITHHELD, withheld))
    return made


def _rows(things: Iterable[object], row: Callable[..., Row]) -> list[Row]:
    return [row(thing) for thing in things]


def seconds(moment: str) -> str:
    """A moment as RFC 3339 in UTC, to the second."""
    return datetime.fromisoformat(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def _comment(comment: Comment) -> Row:
    who = comment.institution
    return [
        comment.reference,
        comment.principle,
        comment.version,
        comment.kind,
        who.slug,
        who.name,
        who.country,
        who.region,
        who.type,
        comment.language,
        comment.revision,
        comment.body,
        comment.proposed_text or None,
        comment.passage or None,
        comment.parent or None,
        len(comment.agree),
        None,
        None,
        seconds(comment.submitted_at),
        seconds(comment.published_at),
        comment.url,
    ]


def _position(position: Position) -> Row:
    who = position.institution
    return [
        who.slug,
        who.name,
        who.country,
        who.region,
        position.principle,
        position.version,
        position.position,
        position.statement or None,
        seconds(position.signed_at),
        position.to_reaffirm,
        position.recorded,
        None,
    ]


def _participation(content: Content) -> list[Row]:
    heard: dict[str, list[Institution]] = {}
    for institution in content.heard():
        heard.setdefault(institution.country, []).append(institution)
    comments = Counter(each.institution.country for each in content.comments if each.withheld is None)
    endorsements = Counter(
        each.institution.country
        for each in content.positions
        if each.position in ENDORSING and not each.to_reaffirm
    )
    return [
        [code, who[0].region, len(who), comments[code], endorsements[code], round(1 / len(who), 6)]
        for code, who in sorted(heard.items())
    ]


def _principles(content: Content) -> list[Row]:
    return [
        [
            principle.number,
            version.number,
            version.number == principle.current,
            version.change,
            text.language,
            text.authoritative,
            principle.headings.get(text.language) or None,
            text.title,
            text.body,
            version.sha256,
            seconds(version.published_at),
        ]
        for principle in content.principles
        for version in principle.versions
        for text in version.texts
    ]
