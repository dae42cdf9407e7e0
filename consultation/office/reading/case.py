"""One case: what was sent, why it is here, what was decided on the like, and what may be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts import geography
from accounts.models import User
from consultation.kit import languages, markdown, passage, redline
from consultation.kit.languages import html_lang
from consultation.kit.refusal import Verdict
from consultation.moderation import queries as moderation
from consultation.moderation import rules, signals
from consultation.moderation.handlers import Subject, describe, handler_of
from consultation.moderation.models import Action, Case, Decision, Flag, Reason
from consultation.moderation.wording import DECIDED
from consultation.office import wording
from consultation.office.reading import queue, translation
from consultation.pages.reading import cards
from consultation.texts import queries as texts

EARLIER = 5
HIDDEN = "hidden"


@dataclass(frozen=True)
class Paper:
    """A case as one person sees it at one moment."""

    case: Case
    subject: Subject
    person: User
    at: datetime

    @cached_property
    def title(self) -> str:
        return wording.what(self.case.item.kind, self.subject.reference)

    @cached_property
    def may_hold(self) -> Verdict:
        """Whether the person may take or decide it, and else why not."""
        return rules.may_claim(self.person, self.case, at=self.at)

    @cached_property
    def concerned(self) -> bool:
        """Whether the reader's institution has a part in it: who flagged or decided it is not for them."""
        return moderation.has_party_of(self.person, self.case.item, at=self.at)

    @property
    def closed(self) -> bool:
        return self.case.closed_at is not None

    @property
    def mine(self) -> bool:
        """Whether the person's time with it runs."""
        return queue.held_by(self.case, self.person, at=self.at)

    @property
    def minutes(self) -> int:
        assert self.case.lease_until is not None
        return wording.minutes_left(self.case.lease_until, at=self.at)

    @property
    def holder(self) -> str:
        """Who else holds it, in words; empty where nobody does."""
        if not queue.held_by_another(self.case, self.person, at=self.at):
            return ""
        return queue.holder_words(self.case, at=self.at)

    @property
    def held_from_me(self) -> bool:
        """Whether nothing but another's time with it keeps the person from taking it."""
        refusal = self.may_hold.refusal
        return refusal is not None and refusal.code == "case-held"

    @property
    def state(self) -> str:
        """Where it stands, beside its title."""
        if self.closed:
            return _("closed")
        if self.subject.public:
            return _("is public while it waits")
        if self.subject.state == HIDDEN and not self.case.is_appeal:
            return _("is hidden until it is decided")
        codes = {each.code for each in self.case.reasons.all()}
        if Reason.EDITED in codes:
            return _("was changed, the earlier words are public")
        if Reason.SENT_AGAIN in codes:
            return _("was sent again")
        return _("waits for its first review")

    @cached_property
    def institution(self) -> dict[str, Any]:
        """Who sent it, and what became of what it sent before."""
        sender = self.case.item.institution
        data = sender.current
        assert data is not None
        reader = get_language() or "en"
        facts = [geography.name(data.country, reader), data.get_type_display()]
        facts.append(self._verified())
        facts.append(self._record())
        return {"name": data.name, "slug": sender.slug, "facts": ", ".join(facts)}

    @property
    def heard(self) -> bool:
        """Whether what is approved appears at once."""
        return self.case.item.institution.verified

    def _verified(self) -> str:
        sender = self.case.item.institution
        if sender.verified and sender.settled_at:
            day = date_format(localtime(sender.settled_at), "MONTH_DAY_FORMAT")
            return _("verified on %(day)s") % {"day": day}
        return str(sender.get_state_display()).lower()

    def _record(self) -> str:
        counts = moderation.outcomes(self.case)
        if not counts:
            return _("nothing decided yet")
        approved = counts.get(Action.APPROVE, 0)
        others = sum(counts.values()) - approved
        words = ngettext("%(n)d approved before", "%(n)d approved before", approved) % {"n": approved}
        if others:
            more = ngettext("%(n)d decided otherwise", "%(n)d decided otherwise", others)
            words += ", " + more % {"n": others}
        return words

    @property
    def sent(self) -> list[str]:
        """When it was sent; of which kind, in which language."""
        reader = get_language() or "en"
        facts = []
        if self.subject.sent_at:
            moment = date_format(localtime(self.subject.sent_at), "DATETIME_FORMAT")
            facts.append(_("sent %(moment)s") % {"moment": moment})
        language = languages.name(self.subject.language, reader)
        facts.append(
            _("%(kind)s, in %(language)s") % {"kind": self.subject.kind_label.lower(), "language": language}
        )
        return facts

    @property
    def lang(self) -> str:
        return html_lang(self.subject.language)

    @property
    def body(self) -> SafeString:
        return markdown.render(self.subject.text)

    @property
    def own_translation(self) -> dict[str, Any] | None:
        """The author's courtesy translation, which is judged with the text."""
        return cards.own_translation(self.subject.translation)

    @cached_property
    def translation(self) -> dict[str, Any] | None:
        """What a program makes of the words in the page's language, where that is to be had."""
        return translation.of_case(self.case, self.subject)

    @property
    def lemma(self) -> str:
        """The passage that it is about."""
        return str((self.subject.passage or {}).get("exact", ""))

    @property
    def proposal(self) -> SafeString | str:
        """The proposed wording against the words it would replace, in the sentence around them."""
        if not self.subject.proposed_text:
            return ""
        before, words, after = self._around()
        change = redline.redline(words, self.subject.proposed_text)
        same = redline.Op.SAME
        return redline.as_html([(same, before), *change, (same, after)])

    def _around(self) -> tuple[str, str, str]:
        """The passage with the rest of its paragraph; alone where the text is in another language."""
        text, words = self.subject.version_text, self.lemma
        anchor = self.subject.passage or {}
        found = (
            passage.find(text, words, anchor.get("prefix", ""), anchor.get("suffix", "")) if words else None
        )
        if found is None:
            return "", words, ""
        around = next(each for each in passage.paragraphs(text) if each.start <= found.start < each.end)
        return text[around.start : found.start], text[found.start : found.end], text[found.end : around.end]

    @property
    def difference(self) -> SafeString | str:
        """What an edit changed in what is public."""
        if not self.subject.previous_text:
            return ""
        return redline.as_html(redline.redline(self.subject.previous_text, self.subject.text))

    @property
    def reasons(self) -> list[dict[str, Any]]:
        return [
            {
                "short": wording.SHORT_REASONS[Reason(each.code)],
                "words": each.get_code_display(),
                "marks": signals.marks(each.code, self.subject.said),
            }
            for each in self.case.reasons.all()
        ]

    @cached_property
    def flags(self) -> list[Flag]:
        """What readers asked a moderator to look at, the first one first."""
        return list(moderation.flags_on(self.case))

    @cached_property
    def earlier(self) -> list[dict[str, Any]]:
        """What was decided on the institution's other contributions, the newest first."""
        decisions = list(moderation.earlier_decisions(self.case)[:EARLIER])
        subjects = describe([each.item for each in decisions])
        return [
            {
                "reference": subjects[each.item_id].reference,
                "url": reverse("office:case", args=[each.case_id]),
                "day": date_format(localtime(each.at), "MONTH_DAY_FORMAT"),
                "words": decided(each),
                "message": each.message,
            }
            for each in decisions
        ]

    @property
    def decision(self) -> dict[str, Any] | None:
        """How it was decided; nothing while it is open, or where the author withdrew it."""
        made = self.case.decision
        if made is None:
            return None
        return {
            "words": decided(made),
            "at": made.at,
            "message": made.message,
            "person": None if self.concerned else made.person,
        }

    @cached_property
    def actions(self) -> list[Action]:
        """What may be decided as it stands."""
        if self.closed:
            return []
        return rules.choices(self.case, handler_of(self.case.item).actions(self.case.item))

    @property
    def correctable(self) -> bool:
        """Whether the author could agree to other words."""
        return Action.RETURN in self.actions and self.case.item.kind == "comment"

    @cached_property
    def appeal(self) -> dict[str, Any] | None:
        """What the author appeals against, and why."""
        appealed = self.case.appealed
        if appealed is None:
            return None
        return {
            "grounds": self.case.grounds,
            "words": decided(appealed),
            "at": appealed.at,
            "message": appealed.message,
            "url": reverse("office:case", args=[appealed.case_id]),
        }

    @cached_property
    def clauses(self) -> list[dict[str, str]]:
        """The policy's clauses: quoted for the moderator, named for the author in the author's language."""
        consultation, reader = self.case.consultation, get_language() or "en"
        return [
            {
                "number": clause.number,
                "title": consultation.in_language(clause.titles, reader),
                "text": consultation.in_language(clause.texts, reader),
                "authors_title": consultation.in_language(clause.titles, self.authors_language),
            }
            for clause in texts.clauses_in_force(consultation)
        ]

    @property
    def authors_language(self) -> str:
        return wording.authors_language(self.subject.language)

    @property
    def authors_language_name(self) -> str:
        return languages.name(self.authors_language, get_language() or "en")

    def suggestion(self, action: str, clause: str) -> str:
        """What to say to the author about this decision."""
        if action not in self.actions:
            return ""
        title = next((each["authors_title"] for each in self.clauses if each["number"] == clause), "")
        words = wording.suggestion(Action(action), self.authors_language)
        if not clause and words:
            return ""
        return wording.filled(words, reference=self.subject.reference, number=clause, title=title)


def decided(decision: Decision) -> str:
    """What was decided, and under which clause."""
    words = DECIDED[decision.action]
    if decision.clause is None:
        return str(words)
    return _("%(words)s under clause %(number)s") % {"words": words, "number": decision.clause.number}


def read(case: Case, person: User, *, at: datetime) -> Paper:
    """The case as this person sees it."""
    return Paper(case, describe([case.item])[case.item_id], person, at)
