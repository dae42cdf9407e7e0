"""A whole text as files, as `source` reads them: nothing is lost between the two."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import yaml

from consultation.texts import facts
from consultation.texts.escapes import protected, protected_line
from consultation.texts.models import Act, Consultation, Principle, Round, Translation
from consultation.texts.source import ENDING, FACTS

# A ZIP of the same text has the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
# What is said in the front matter of each language, by the field of the model.
WORDS = {name: field for name, (field, _limit) in facts.WORDS.items() if name != "preamble"}


_OTHER_LINE_ENDS = re.compile("[\r\x85\u2028\u2029]")


class _Dumper(yaml.SafeDumper):
    """Text of several lines is written in several lines."""


def _text(dumper: _Dumper, words: str) -> yaml.ScalarNode:
    # YAML reads other ends of lines as \n, or folds them, unless they are escaped.
    style = '"' if _OTHER_LINE_ENDS.search(words) else "|" if "\n" in words else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", words, style=style)


_Dumper.add_representer(str, _text)


def archive(consultation: Consultation) -> bytes:
    """The files of the current published text in one ZIP, in a folder of their own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files(consultation).items():
            entry = zipfile.ZipInfo(f"{consultation.slug}/{name}", NO_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            pack.writestr(entry, content)
    return packed.getvalue()


def files(consultation: Consultation) -> dict[str, bytes]:
    """The files of the current published text by name: its facts, and one Markdown file for each language.

    Withdrawn principles are among them: their numbers and words stay. Seven queries.
    """
    principles = list(_published(consultation))
    texts = {each.pk: _by_language(each) for each in principles}
    codes = _languages(consultation, principles, texts.values())
    written = {FACTS: _yaml(_facts(consultation, principles, texts))}
    for code in codes:
        front = _yaml(_front(consultation, code))
        parts = [protected(consultation.preambles.get(code, ""))]
        parts += [_section(each, texts[each.pk][code], code) for each in principles if code in texts[each.pk]]
        written[f"{code}{ENDING}"] = f"---\n{front}---\n" + "\n\n".join(filter(None, parts)) + "\n"
    return {name: text.encode() for name, text in written.items()}


def _published(consultation: Consultation) -> Iterable[Principle]:
    rows = Principle.objects.filter(consultation=consultation, current__isnull=False)
    return rows.prefetch_related("current__translations").order_by("order", "number")


def _by_language(principle: Principle) -> dict[str, Translation]:
    assert principle.current is not None
    return {each.language: each for each in principle.current.translations.all()}


def _languages(
    consultation: Consultation, principles: list[Principle], texts: Iterable[dict[str, Translation]]
) -> list[str]:
    """Those of the consultation, then others in which there is a word."""
    there = [*consultation.languages, *sorted({code for words in texts for code in words})]
    there += sorted({code for words in _worded(consultation) for code in words})
    return list(dict.fromkeys(there))


def _worded(consultation: Consultation) -> Iterator[dict[str, Any]]:
    yield from (getattr(consultation, field) for field in (*WORDS.values(), "preambles"))
    for clause in consultation.clauses.all():
        yield from (clause.titles, clause.texts)


def _facts(
    consultation: Consultation, principles: list[Principle], texts: dict[int, dict[str, Translation]]
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "slug": consultation.slug,
        "authoritative": consultation.authoritative,
        "languages": list(consultation.languages),
        "zone": consultation.zone,
        "policy": consultation.policy,
        "licence": consultation.licence,
        "target_hours": consultation.target_hours,
        "trusted_after": consultation.trusted_after,
        "flags_to_hide": consultation.flags_to_hide,
        "private_comments": consultation.private_comments,
        "issued": consultation.issued_on,
        "source": consultation.source,
        "rounds": [_round(each) for each in consultation.rounds.order_by("number")],
        "withdrawn": {
            each.number: {"at": _moment(each.withdrawn_at), "reasons": each.withdrawal_reasons}
            for each in principles
            if each.withdrawn_at
        },
        "withdrawn_clauses": {
            each.number: _moment(each.withdrawn_at)
            for each in consultation.clauses.all()
            if each.withdrawn_at
        },
        # Above a principle in languages in which it is not: no file has a place for them.
        "headings": {
            each.number: left
            for each in principles
            if (left := {code: said for code, said in each.headings.items() if code not in texts[each.pk]})
        },
    }
    return {name: value for name, value in told.items() if value not in (None, "", {}, [])}


def _round(row: Round) -> dict[str, Any]:
    acts = [act.value for act in Act if getattr(row, f"opens_{act.value}")]
    told = {
        "number": row.number,
        "acts": acts,
        "opens": _moment(row.opens_at),
        "closes": _moment(row.closes_at) if row.closes_at else None,
    }
    return told | ({"purpose": row.purposes} if row.purposes else {})


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _front(consultation: Consultation, code: str) -> dict[str, Any]:
    words = {name: getattr(consultation, field).get(code) for name, field in WORDS.items()}
    clauses = {
        each.number: {"title": each.titles.get(code, ""), "text": each.texts.get(code, "")}
        for each in consultation.clauses.all()
        if code in each.titles or code in each.texts
    }
    said = {"language": code, **words, "clauses": clauses}
    return {name: value for name, value in said.items() if value}


def _yaml(told: dict[str, Any]) -> str:
    # Lines are not folded: editors fold them on the screen.
    return yaml.dump(told, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)


def _section(principle: Principle, words: Translation, code: str) -> str:
    heading = principle.headings.get(code)
    above = f"# {protected_line(heading)}\n\n" if heading else ""
    body = protected(words.body)
    return f"{above}## {principle.number}. {protected_line(words.title)}" + (f"\n\n{body}" if body else "")
