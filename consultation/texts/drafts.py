"""The next text of a principle while it is written: what its one draft says, and what it would become."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from consultation.kit import canonical
from consultation.texts.models import Consultation, Principle, PrincipleVersion, Translation
from consultation.texts.source import text_hash

Words = tuple[str, str]
NOTHING: Words = ("", "")


def of(principle: Principle) -> PrincipleVersion | None:
    """The draft of a principle's next text, with its translations; None where nobody has begun one."""
    return next(iter(_drafts(principle.versions.all())), None)


def _drafts(versions: QuerySet[PrincipleVersion]) -> QuerySet[PrincipleVersion]:
    return versions.filter(published_at=None).prefetch_related("translations")


def words_of(version: PrincipleVersion | None) -> dict[str, Words]:
    """Title and body by language; nothing where there is no version."""
    if version is None:
        return {}
    return {each.language: (each.title, each.body) for each in version.translations.all()}


def token(words: Words) -> str:
    """Names the words that somebody began from; saving others in their place asks for it."""
    return text_hash(*words)


@dataclass(frozen=True)
class Writing:
    """A principle's text as it is read, and as it is being written."""

    principle: Principle
    current: dict[str, Words]
    drafted: dict[str, Words]

    @property
    def authoritative(self) -> str:
        return self.principle.consultation.authoritative

    def standing(self, language: str) -> Words:
        """What somebody who edits this language begins from: the draft, else the current text."""
        return self.drafted.get(language) or self.current.get(language) or NOTHING

    @property
    def token(self) -> str:
        """Names all that publishing would rest on."""
        version = self.principle.current.number if self.principle.current else 0
        words = {code: list(pair) for code, pair in self.drafted.items()}
        return canonical.digest({"version": version, "words": words})

    @property
    def changes_the_authoritative(self) -> bool:
        """Whether the authoritative words would be others."""
        return self.standing(self.authoritative) != self.current.get(self.authoritative)

    def left_behind(self) -> list[str]:
        """Languages that were not worked on, while the authoritative words would be others."""
        return sorted(set(self.current) - set(self.drafted)) if self.changes_the_authoritative else []

    def outcome(self, carried: Collection[str] = ()) -> dict[str, Words]:
        """The next text: what is drafted, and of the rest what still holds or is `carried` over."""
        behind = set(self.left_behind()) - set(carried)
        return {**{code: words for code, words in self.current.items() if code not in behind}, **self.drafted}

    @property
    def adds_languages_only(self) -> bool:
        """Whether the draft holds nothing but languages that the current text lacks."""
        return bool(self.current and self.drafted) and not set(self.drafted) & set(self.current)


def writing(principle: Principle) -> Writing:
    """The present text and draft of one principle: up to four queries."""
    current = principle.current
    return Writing(principle, words_of(current), words_of(of(principle)))


def principles(consultation: Consultation) -> QuerySet[Principle]:
    """All of them for whoever edits: those without a published text, and withdrawn ones, too."""
    drafts = _drafts(PrincipleVersion.objects.all())
    return (
        Principle.objects.filter(consultation=consultation)
        .select_related("current", "consultation")
        .prefetch_related("current__translations", Prefetch("versions", drafts, to_attr="drafts"))
        .order_by("order", "number")
    )


def writings(found: Iterable[Principle]) -> list[Writing]:
    """The same for many, as `principles` gives them: no query more."""
    return [
        Writing(each, words_of(each.current), words_of(next(iter(each.drafts), None)))  # type: ignore[attr-defined]
        for each in found
    ]


def words_at(principle: Principle, number: int) -> dict[str, Words]:
    """What a published version said, by language; nothing where there is none with that number."""
    versions = principle.versions.filter(number=number, published_at__isnull=False)
    return words_of(versions.prefetch_related("translations").first())


def translations_behind(principle: Principle) -> dict[str, int]:
    """Languages that the current version lacks, each with the newest published version that has it."""
    newest: dict[str, int] = {}
    rows = Translation.objects.filter(version__principle=principle, version__published_at__isnull=False)
    for language, number in rows.order_by("version__number").values_list("language", "version__number"):
        newest[language] = number
    current = principle.current.number if principle.current else 0
    return {language: number for language, number in newest.items() if number < current}
