"""Catalogues of translations (gettext), made and checked in Python alone: no xgettext, no msgfmt.

Sources are the Python files and templates below a root; catalogues are `consultation/locale/LANG/
LC_MESSAGES/django.po`, and compiled beside them as `.mo`, which are not kept in the repository.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from gettext import c2py
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

# The rules for whole numbers, in the order of forms that translators know from gettext; in Arabic zero, one,
# two, few (3 to 10), many (11 to 99), hundreds. Babel's own rule has the last two exchanged.
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "ru": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0"
        " : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    ),
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
    ),
    "zh_Hans": "nplurals=1; plural=0;",
}
LANGUAGES = tuple(PLURALS)
SOURCES = ("accounts", "consultation", "templates")
TEMPLATES = {".html", ".txt", ".xml"}
_NOT_FOR_PEOPLE = {"migrations", "locale", "__pycache__"}

_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
_COMMENT_TAG = "Translators:"
_HEADERS = ("Language:", "Plural-Forms:", "MIME-Version:", "Content-Type:", "Content-Transfer-")

_PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%[sdifr]|\{\w*\}")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_NUMBERS_TRIED = 200  # enough to tell a form for one number alone: no language's rule looks further back

Id = str | tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one message in one language."""

    language: str
    message: str
    what: str

    def __str__(self) -> str:
        return f"{self.language}: {self.what}: {self.message!r}"


def po_file(root: Path, language: str) -> Path:
    """Return where the catalogue of `language` is kept."""
    return root / "consultation" / "locale" / language / "LC_MESSAGES" / "django.po"


def extracted(root: Path) -> Catalog:
    """Return every message that the sources below `root` ask to have translated, in the order of files."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for file in _sources(root):
        source = file.read_text(encoding="utf-8")
        if file.suffix in TEMPLATES:
            source = _as_python(source, str(file))
        where = file.relative_to(root).as_posix()
        for line, message, comments, context in _extract(source):
            catalog.add(message, None, [(where, line)], auto_comments=comments, context=context)
    return catalog


def _sources(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        for file in sorted((root / source).rglob("*")):
            if file.suffix in TEMPLATES | {".py"} and not _NOT_FOR_PEOPLE & set(file.relative_to(root).parts):
                yield file


def _as_python(template: str, origin: str) -> str:
    # Indentation means something to Python's tokenizer, and nothing in a template.
    return "\n".join(line.lstrip() for line in templatize(template, origin=origin).split("\n"))


def _extract(source: str) -> Iterator[tuple[int, Id, list[str], str | None]]:
    file = BytesIO(source.encode())
    yield from extract(
        "python", file, _KEYWORDS, [_COMMENT_TAG], {"encoding": "utf-8"}, strip_comment_tags=True
    )


def read(root: Path, language: str) -> Catalog:
    """Return the catalogue of `language`, an empty one if there is none yet."""
    file = po_file(root, language)
    head = (
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: {PLURALS[language]}\\n"\n'
    )
    content = file.read_bytes() if file.exists() else head.encode()
    return read_po(BytesIO(content), locale=language, charset="utf-8")


def update(root: Path) -> dict[str, int]:
    """Bring every catalogue in line with the sources; return how many messages each still lacks.

    New messages come in empty, nothing is guessed; what is no longer asked for stays at the end as a comment,
    so that a changed sentence can borrow from its old translation. Unchanged sources change no file.
    """
    template = extracted(root)
    lacking = {}
    for language in LANGUAGES:
        catalog = read(root, language)
        catalog.update(template, no_fuzzy_matching=True)
        _take_up_again(catalog)
        file, content = po_file(root, language), _as_po(catalog)
        if not file.exists() or file.read_bytes() != content:
            _put(file, content)
        lacking[language] = sum(not _is_translated(message) for message in catalog if message.id)
    return lacking


def _take_up_again(catalog: Catalog) -> None:
    """A sentence that is asked for again has the translation it had, and stands in the catalogue once."""
    for key, old in list(catalog.obsolete.items()):
        asked = catalog.get(old.id, old.context)
        if asked is None:
            continue
        if not _is_translated(asked) and isinstance(asked.id, str) == isinstance(old.id, str):
            asked.string = old.string
        del catalog.obsolete[key]


def _as_po(catalog: Catalog) -> bytes:
    """The catalogue without what changes by itself: dates, line numbers, versions of tools."""
    catalog.header_comment = "# Translations of Accord."
    written = BytesIO()
    write_po(written, catalog, width=0, sort_by_file=True, include_lineno=False)
    head, parted, body = written.getvalue().decode().partition("\n\n")
    kept = [line for line in head.split("\n") if not line.startswith('"') or line[1:].startswith(_HEADERS)]
    return ("\n".join(kept) + parted + body).encode()


def _put(file: Path, content: bytes) -> None:
    """Put the whole file in place at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, delete=False) as fresh:
        fresh.write(content)
    os.chmod(fresh.name, 0o644)  # noqa: PTH101
    Path(fresh.name).replace(file)


def compile_all(root: Path) -> list[Path]:
    """Write the compiled catalogues that are missing or older than their source; return those written."""
    written = []
    for language in LANGUAGES:
        source = po_file(root, language)
        target = source.with_suffix(".mo")
        if source.exists() and not _is_newer(target, source):
            compiled = BytesIO()
            write_mo(compiled, read(root, language))
            _put(target, compiled.getvalue())
            written.append(target)
    return written


def _is_newer(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns


def problems(root: Path) -> list[Problem]:
    """Return what keeps readers of other languages from a whole page: see `faults` for each message."""
    template = extracted(root)
    found = []
    for language in LANGUAGES:
        catalog = read(root, language)
        if catalog.plural_forms != PLURALS[language]:
            found.append(Problem(language, "", "wrong rule for plurals"))
        for asked in template:
            if asked.id:
                given = catalog.get(_key(asked), asked.context)
                found += [
                    Problem(language, _key(asked), what) for what in faults(asked, given, catalog.plural_expr)
                ]
    return found


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def faults(asked: Message, given: Message | None, plural_rule: str) -> list[str]:
    """Return what is wrong with the translation `given` for the message `asked`, in words for translators.

    Missing, fuzzy, with other placeholders or other HTML tags. A plural form that stands for one number
    alone (the Arabic dual) may leave one placeholder out; a form for several (the French singular is for 0
    and 1) may not.
    """
    if given is None or not _is_translated(given) or isinstance(asked.id, str) != isinstance(given.id, str):
        return ["not translated"]
    if given.fuzzy:
        return ["fuzzy"]
    if isinstance(asked.id, str):
        return list(_differences([asked.id], asked.id, str(given.string), spare=0))
    alone = _numbers_alone(plural_rule)
    return [
        fault
        for form, text in enumerate(_forms(given))
        for fault in _differences(list(asked.id), asked.id[1], text, spare=int(form in alone))
    ]


def _is_translated(message: Message) -> bool:
    return all(_forms(message) or [""])


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _numbers_alone(plural_rule: str) -> set[int]:
    """The forms that only one number takes."""
    taken = Counter(map(c2py(plural_rule), range(_NUMBERS_TRIED)))
    return {form for form, times in taken.items() if times == 1}


def _differences(originals: Iterable[str], whole: str, text: str, *, spare: int) -> Iterator[str]:
    """`whole` has all placeholders that `text` needs, but for `spare`; `originals` have all it may have."""
    allowed = set().union(*map(_placeholders, originals))
    given, needed = _placeholders(text), _placeholders(whole)
    if set(given) - allowed or (needed - given).total() > spare:
        yield "other placeholders"
    if Counter(_TAG.findall(text)) != Counter(_TAG.findall(whole)):
        yield "other HTML tags"


def _placeholders(text: str) -> Counter[str]:
    found = _PLACEHOLDER.findall(text.replace("%%", ""))
    # A named one may be said twice, in any language; of the unnamed, each takes one value.
    return Counter(found) if "%s" in found or "%d" in found else Counter(set(found))
