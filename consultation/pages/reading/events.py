"""The public record of a consultation in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from consultation.comments import queries as comments
from consultation.comments.models import LateAdmission, Stance
from consultation.endorsements import queries as endorsements
from consultation.record.models import Entry
from consultation.texts import queries as texts
from consultation.texts.facts import LABELS
from consultation.texts.models import Consultation, RoundExtension
from consultation.texts.rules import in_zone

# Unicode Bidirectional Algorithm, 2.4.2: a name does not disturb the order of the sentence around it.
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Event:
    """One public entry: what happened, to what, and where to read on."""

    number: int
    at: datetime
    sentence: SafeString
    title: str
    url: str


@dataclass(frozen=True)
class _Named:
    """What the identifiers of a page of entries stand for."""

    institutions: dict[int, str]
    references: dict[str, str]
    cosigned: dict[str, tuple[str, str]]
    positions: dict[str, str]
    changed: dict[int, list[str]]
    extensions: dict[str, RoundExtension]
    admissions: dict[str, LateAdmission]

    def institution(self, entry: Entry) -> str:
        """The institution's name, while it is a public one."""
        name = self.institutions.get(entry.institution or 0)
        return f"{ISOLATE}{name}{END_OF_ISOLATE}" if name else str(_("An institution"))


def told(entries: Sequence[Entry], consultation: Consultation) -> list[Event]:
    """These entries in sentences, in the language of the page."""
    named = _named(entries, consultation)
    return [_event(entry, named, consultation) for entry in entries]


def _named(entries: Sequence[Entry], consultation: Consultation) -> _Named:
    institutions = accounts.public().filter(pk__in={each.institution for each in entries if each.institution})
    positions = endorsements.public().filter(pk__in=_keys(entries, "endorsement"))
    return _Named(
        {each.pk: each.current.name for each in institutions if each.current},
        comments.references(_keys(entries, "comment")),
        comments.cosigned(_keys(entries, "cosignature")),
        {str(each.pk): str(each.get_position_display()) for each in positions},
        _changed(entries, consultation),
        texts.extensions_with_keys(_keys(entries, "extension")),
        comments.late_admissions_with_keys(_keys(entries, "late_admission")),
    )


def _changed(entries: Iterable[Entry], consultation: Consultation) -> dict[int, list[str]]:
    """The labels of what each change of the consultation's facts touched, by its number."""
    numbers = [each.revision for each in entries if each.kind == "consultation.changed" and each.revision]
    if not numbers:
        return {}
    found = texts.changes(consultation).filter(number__in=numbers)
    return {
        each.number: [str(label) for name, label in LABELS.items() if name in each.after] for each in found
    }


def _keys(entries: Iterable[Entry], kind: str) -> list[str]:
    return [each.subject_key for each in entries if each.subject_kind == kind]


def _event(entry: Entry, named: _Named, consultation: Consultation) -> Event:
    tell = TELLERS.get(entry.kind, _other)
    title, url = tell(entry, named, consultation)
    sentence = format_html('<a href="{}">{}</a>', url, title) if url else format_html("{}", title)
    return Event(entry.number, entry.at, sentence, title, url or _home(consultation))


Told = tuple[str, str]


def _home(consultation: Consultation) -> str:
    return reverse("pages:consultation", args=[consultation.slug])


def _principle_url(entry: Entry, consultation: Consultation) -> str:
    if entry.principle is None:
        return _home(consultation)
    return reverse("pages:principle", args=[consultation.slug, entry.principle])


def _comment_url(reference: str, consultation: Consultation) -> str:
    return reverse("pages:comment", args=[consultation.slug, reference]) if reference else ""


def _of_comment(sentence: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        reference = named.references.get(entry.subject_key, "")
        facts = {"reference": reference or "?", "institution": named.institution(entry)}
        return str(sentence) % facts, _comment_url(reference, consultation)

    return tell


def _of_position(sentence: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        facts = {
            "institution": named.institution(entry),
            "number": entry.principle,
            "position": named.positions.get(entry.subject_key, str(_("a position"))),
        }
        return str(sentence) % facts, _principle_url(entry, consultation)

    return tell


def _of_cosignature(agreed: Any, disagreed: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        reference, stance = named.cosigned.get(entry.subject_key, ("", Stance.AGREE))
        sentence = agreed if stance == Stance.AGREE else disagreed
        facts = {"reference": reference or "?", "institution": named.institution(entry)}
        return str(sentence) % facts, _comment_url(reference, consultation)

    return tell


def _reason(each: RoundExtension, consultation: Consultation) -> str:
    return consultation.in_language(each.reasons, get_language() or consultation.authoritative)


def _of_principle(sentence: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        facts = {"number": entry.principle, "version": entry.revision}
        return str(sentence) % facts, _principle_url(entry, consultation)

    return tell


def _reordered(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    return str(_("The principles stand in another order.")), _home(consultation)


def _published(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    return str(_("The consultation was published.")), _home(consultation)


def _facts_changed(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    labels = ", ".join(named.changed.get(entry.revision or 0, []))
    url = reverse("pages:facts_change", args=[consultation.slug, entry.revision or 0])
    return str(_("The facts of the consultation were changed: %(facts)s.")) % {"facts": labels}, url


def _of_clause(sentence: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        url = reverse("pages:policy", args=[consultation.slug]) + f"#clause-{entry.subject_key}"
        return str(sentence) % {"number": entry.subject_key}, url

    return tell


def _of_round(sentence: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        return str(sentence) % {"number": entry.subject_key}, _home(consultation)

    return tell


def _extended(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    each = named.extensions[entry.subject_key]
    facts = {
        "number": each.round.number,
        "earlier": in_zone(each.closed_at, consultation.zone),
        "later": in_zone(each.closes_at, consultation.zone),
        "reason": f"{ISOLATE}{_reason(each, consultation)}{END_OF_ISOLATE}",
    }
    sentence = _("Round %(number)s was extended from %(earlier)s to %(later)s: “%(reason)s”")
    return str(sentence) % facts, _home(consultation)


def _admitted(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    each = named.admissions[entry.subject_key]
    facts = {
        "institution": named.institution(entry),
        "until": in_zone(each.until, consultation.zone),
        "reason": f"{ISOLATE}{each.reason}{END_OF_ISOLATE}",
    }
    return str(_("%(institution)s may comment late, until %(until)s: “%(reason)s”")) % facts, _home(
        consultation
    )


def _admission_ended(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    sentence = _("%(institution)s may no longer comment late.")
    return str(sentence) % {"institution": named.institution(entry)}, _home(consultation)


def _other(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    """What a later room records: its kind as it is, so that the numbers have no gap without a word."""
    return entry.kind.replace(".", ": ").replace("_", " "), ""


TELLERS: dict[str, Callable[[Entry, _Named, Consultation], Told]] = {
    "consultation.published": _published,
    "consultation.changed": _facts_changed,
    "clause.added": _of_clause(_("Clause %(number)s of the moderation policy was added.")),
    "clause.translated": _of_clause(_("Clause %(number)s of the moderation policy has further languages.")),
    "clause.withdrawn": _of_clause(_("Clause %(number)s of the moderation policy was withdrawn.")),
    "round.added": _of_round(_("Round %(number)s was added.")),
    "round.changed": _of_round(_("Round %(number)s was changed before it opened.")),
    "round.reworded": _of_round(_("Round %(number)s: its purpose was worded anew.")),
    "round.removed": _of_round(_("Round %(number)s was removed before it opened.")),
    "round.extended": _extended,
    "late_admission.given": _admitted,
    "late_admission.ended": _admission_ended,
    "version.published": _of_principle(_("Principle %(number)s: version %(version)s was published.")),
    "translation.added": _of_principle(
        _("Principle %(number)s: version %(version)s has a further language.")
    ),
    "principles.reordered": _reordered,
    "principle.heading_changed": _of_principle(_("Principle %(number)s: its heading was changed.")),
    "principle.withdrawn": _of_principle(_("Principle %(number)s was withdrawn.")),
    "comment.appeared": _of_comment(_("%(reference)s by %(institution)s was published.")),
    "comment.revised": _of_comment(_("%(reference)s by %(institution)s was changed.")),
    "comment.moved": _of_comment(_("%(reference)s stands under %(institution)s now.")),
    "comment.set_back": _of_comment(_("%(reference)s by %(institution)s reads again as before.")),
    "comment.redacted": _of_comment(_("Words of %(reference)s by %(institution)s were redacted.")),
    "comment.merged": _of_comment(_("%(reference)s of %(institution)s was merged into another comment.")),
    "comment.separated": _of_comment(_("%(reference)s of %(institution)s stands for itself again.")),
    "comment.vanished": _of_comment(_("%(reference)s is no longer shown.")),
    "cosignature.given": _of_cosignature(
        _("%(institution)s co-signed %(reference)s."), _("%(institution)s disagreed with %(reference)s.")
    ),
    "cosignature.ended": _of_cosignature(
        _("%(institution)s took back its co-signature of %(reference)s."),
        _("%(institution)s took back its disagreement with %(reference)s."),
    ),
    "cosignature.appeared": _of_cosignature(
        _("The co-signature of %(reference)s by %(institution)s counts."),
        _("The disagreement of %(institution)s with %(reference)s counts."),
    ),
    "cosignature.vanished": _of_cosignature(
        _("The co-signature of %(reference)s by %(institution)s no longer counts."),
        _("The disagreement of %(institution)s with %(reference)s no longer counts."),
    ),
    "endorsement.took_effect": _of_position(_("%(institution)s on Principle %(number)s: %(position)s.")),
    "endorsement.confirmed": _of_position(
        _("%(institution)s confirmed its position on Principle %(number)s, which came by letter.")
    ),
    "endorsement.signer_forgotten": _of_position(
        _("%(institution)s: a number stands for the name under its position on Principle %(number)s.")
    ),
    "endorsement.reason_published": _of_position(
        _("%(institution)s said why it withdrew its position on Principle %(number)s.")
    ),
    "endorsement.reason_withheld": _of_position(
        _("%(institution)s: why it withdrew its position on Principle %(number)s is not shown any more.")
    ),
    "endorsement.lost_effect": _of_position(
        _("%(institution)s: its position on Principle %(number)s ended.")
    ),
}
