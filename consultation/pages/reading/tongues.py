"""In which languages a text is there, what a reader of another one is told, and two side by side."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultation.kit import languages, markdown
from consultation.texts import queries as texts
from consultation.texts.formats.composing import not_there
from consultation.texts.models import Consultation, Principle, PrincipleVersion, Translation
from consultation.web.tongues import tongues

Links = list[dict[str, Any]]


def in_order(consultation: Consultation, version: PrincipleVersion) -> list[str]:
    """The languages in which one version is there, in the order of the consultation."""
    here = {each.language for each in version.translations.all()}
    return [code for code in consultation.languages if code in here]


def alike(one: str, other: str) -> bool:
    """Whether somebody who asks for one language is content with the other."""
    return one.lower().split("-")[0] == other.lower().split("-")[0]


def note(principle: Principle, words: Translation, asked: str) -> dict[str, str] | None:
    """What a reader is told of the language of these words: a sentence, and where to go from there.

    None where they are the authoritative ones in the language asked for.
    """
    if not alike(words.language, asked):
        return {"words": not_there(asked), **_earlier(principle, asked)}
    if words.authoritative:
        return None
    current = principle.current
    if current is not None and words.version.number < current.number and _lags(principle, words.language):
        return _behind(principle, words, current.number)
    own = get_language() or "en"
    code = principle.consultation.authoritative
    sentence = _("This is a translation. The authoritative text is in %(language)s.")
    return {
        "words": sentence % {"language": languages.name(code, own)},
        "label": _("Read the authoritative text"),
        "url": f"{_url(principle)}?version={words.version.number}&text={code}",
    }


def of_all(consultation: Consultation, asked: str) -> dict[str, str] | None:
    """What a reader is told of the language of the whole text, as `note` says it of a principle."""
    code, own = consultation.authoritative, get_language() or "en"
    if not any(alike(each, asked) for each in consultation.languages):
        return {"words": not_there(asked)}
    if alike(asked, code):
        return None
    sentence = _("This is a translation. The authoritative text is in %(language)s.")
    return {
        "words": sentence % {"language": languages.name(code, own)},
        "label": _("Read the authoritative text"),
        "url": f"{reverse('pages:text', args=[consultation.slug])}?text={code}",
    }


def _lags(principle: Principle, language: str) -> bool:
    assert principle.current is not None
    return all(each.language != language for each in principle.current.translations.all())


def _behind(principle: Principle, words: Translation, newest: int) -> dict[str, str]:
    sentence = _(
        "This text in %(language)s is of version %(version)d; the authoritative text has moved on to version "
        "%(newest)d."
    )
    facts = {
        "language": languages.name(words.language, get_language() or "en"),
        "version": words.version.number,
        "newest": newest,
    }
    arguments = [principle.consultation.slug, principle.number, words.version.number, newest]
    return {
        "words": sentence % facts,
        "label": _("See what changed"),
        "url": f"{reverse('pages:changes', args=arguments)}?text={principle.consultation.authoritative}",
    }


def _earlier(principle: Principle, asked: str) -> dict[str, str]:
    """Where the newest text in a language stands, if there is one."""
    found = texts.newest_in([principle], asked).get(principle.pk)
    return earlier_link(principle, found) if found is not None else {}


def earlier_link(principle: Principle, found: Translation) -> dict[str, str]:
    """The way to a text in a language that the current version lacks."""
    name = languages.name(found.language, get_language() or "en")
    words = _("Read version %(version)d in %(language)s")
    return {
        "label": words % {"version": found.version.number, "language": name},
        "url": f"{_url(principle)}?version={found.version.number}&text={found.language}",
    }


def _url(principle: Principle) -> str:
    return reverse("pages:principle", args=[principle.consultation.slug, principle.number])


def others(codes: Iterable[str], shown: str, query: str) -> Links:
    """Those of these languages that can stand beside the one that is shown."""
    return tongues([code for code in codes if code != shown], "", query, name="beside")


def there(
    consultation: Consultation, version: PrincipleVersion, versions: list[PrincipleVersion]
) -> list[str]:
    """The languages in which `beside` finds a text for this version, of all `versions` (the newest first)."""
    newest = {each.language: one.number for one in reversed(versions) for each in one.translations.all()}
    here = {each.language for each in version.translations.all()}
    behind = {code for code, number in newest.items() if number <= version.number}
    return [code for code in consultation.languages if code in here | behind]


def beside(principle: Principle, left: Translation, code: str) -> dict[str, Any] | None:
    """The same principle in a second language, paragraph by paragraph; None where it never was there in it.

    It may be of an earlier version; then it says so.
    """
    here = {each.language: each for each in left.version.translations.all()}
    right = here.get(code) or texts.newest_in([principle], code).get(principle.pk)
    if right is None or right.version.number > left.version.number:
        return None
    return pair(principle, left, right)


def pair(principle: Principle, left: Translation, right: Translation) -> dict[str, Any]:
    """Two texts of a principle in rows, one a paragraph."""
    behind = right.version.number < left.version.number
    columns = [markdown.paragraphs(each.body) for each in (left, right)]
    rows = zip_longest(*columns, fillvalue="")
    return {
        "left": _column(left),
        "right": _column(right),
        "rows": [
            {"label": f"{principle.number}.{number}", "left": one, "right": other}
            for number, (one, other) in enumerate(rows, start=1)
        ],
        "note": _behind(principle, right, left.version.number) if behind else None,
    }


def _column(words: Translation) -> dict[str, str]:
    return {
        "title": words.title,
        "lang": languages.html_lang(words.language),
        "dir": languages.direction(words.language),
        "name": languages.name(words.language, words.language),
    }
