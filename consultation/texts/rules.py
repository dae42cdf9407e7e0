from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts import rules as account_rules
from accounts.models import SiteRole, User
from consultation.kit import languages
from consultation.kit.refusal import GRANTED, Sentence, Verdict, invalid, refuse
from consultation.texts import queries, rounds
from consultation.texts.drafts import Writing
from consultation.texts.facts import FIXED_ONCE_PUBLIC
from consultation.texts.models import Act, Consultation, ConsultationRole, PolicyClause, Principle, Round
from consultation.texts.rounds import RoundPlan


def grace() -> timedelta:
    """What was sent in time is never lost to the deadline: so long it may be mended, or a proposal signed."""
    return timedelta(days=settings.GRACE_DAYS)


def has_its_factor(person: queries.Reader) -> Verdict:
    """Whether no role of `person`, here or over the site, waits for a second factor."""
    return account_rules.has_its_factor(person if isinstance(person, User) else None, queries.with_factor())


def no_role(person: queries.Reader, sentence: Sentence) -> Verdict:
    """The refusal of what a role is needed for, or of a role that waits for a second factor."""
    return has_its_factor(person) and refuse("no-role", sentence)


def may_create(actor: User | None) -> Verdict:
    """Registrars create consultations; a command without an actor is the machine's owner."""
    if actor is None or accounts.has_site_role(actor, SiteRole.Role.REGISTRAR):
        return GRANTED
    return no_role(actor, _("Only a registrar can create a consultation."))


def may_publish(actor: User | None, consultation: Consultation) -> Verdict:
    """The secretariat publishes versions of its own text."""
    if actor is None or queries.has_role(actor, consultation, ConsultationRole.Role.SECRETARIAT):
        return GRANTED
    return no_role(actor, _("Only the secretariat of this consultation can publish a text."))


def may_edit(actor: User | None, principle: Principle) -> Verdict:
    """The secretariat writes the next text of a principle that was not withdrawn."""
    allowed = may_publish(actor, principle.consultation)
    return is_in_force(principle) if allowed else allowed


def is_in_force(principle: Principle) -> Verdict:
    """Nothing is said on, or done to, a principle that was withdrawn."""
    if principle.withdrawn_at is not None:
        return refuse("principle-withdrawn", _("This principle was withdrawn. It can be read, no more."))
    return GRANTED


def may_withdraw_principle(actor: User | None, principle: Principle) -> Verdict:
    """The secretariat takes a principle that was public out of the text, but for the last one."""
    allowed = may_edit(actor, principle)
    if not allowed:
        return allowed
    if principle.current_id is None or principle.consultation.published_at is None:
        return refuse("never-public", _("This principle was never public. Remove it instead."))
    if not queries.principles(principle.consultation).exclude(pk=principle.pk).exists():
        return refuse("last-principle", _("This is the last principle of the text."))
    return GRANTED


def has_been_published(consultation: Consultation) -> Verdict:
    """Nothing of a consultation is public before the whole of it is."""
    if consultation.published_at is None:
        return refuse("not-published", _("This is published together with its consultation."))
    return GRANTED


def is_complete(texts: Mapping[str, tuple[str, str]]) -> Verdict:
    """Whether each of these texts by language has a title and a body."""
    for language, (title, body) in sorted(texts.items()):
        if not title or not body:
            sentence = _("The text in %(language)s has no title or no words yet.")
            return refuse("incomplete-text", sentence, language=language_name(language))
    return GRANTED


def has_original(consultation: Consultation, present: Collection[str]) -> Verdict:
    """Whether a text in these languages has one in the language that counts."""
    if consultation.authoritative in present:
        return GRANTED
    sentence = _("The text in %(language)s has no title or no words yet.")
    return refuse("incomplete-text", sentence, language=language_name(consultation.authoritative))


def may_become(writing: Writing, texts: Mapping[str, tuple[str, str]]) -> Verdict:
    """Whether these texts can be the next version of what is being written."""
    if writing.authoritative not in texts:
        sentence = _("The text in %(language)s has no title or no words yet.")
        return refuse("incomplete-text", sentence, language=language_name(writing.authoritative))
    if texts == writing.current:
        return refuse("nothing-changed", _("These are the words of the current text."))
    return is_complete(texts)


def language_name(code: str) -> str:
    """A language as readers of this page call it."""
    return languages.name(code, get_language() or "en")


def may_give_role(actor: User | None, consultation: Consultation, role: str) -> Verdict:
    """The secretariat gives the roles of its consultation; a registrar that one, where there is none."""
    if actor is None or queries.has_role(actor, consultation, ConsultationRole.Role.SECRETARIAT):
        return GRANTED
    if role == ConsultationRole.Role.SECRETARIAT and may_appoint_secretariat(actor, consultation):
        return GRANTED
    return no_role(actor, _("Only the secretariat of this consultation gives and takes its roles."))


def may_appoint_secretariat(actor: User, consultation: Consultation) -> Verdict:
    """Whether the consultation has no secretariat, and `actor` is a registrar, who then appoints one."""
    if queries.secretariat_of(consultation).exists():
        return refuse("has-secretariat", _("This consultation has a secretariat."))
    return account_rules.may_keep_the_registry(actor)


def may_take_role(actor: User, role: ConsultationRole) -> Verdict:
    """The secretariat takes the roles of its consultation, but for its own last one."""
    if not queries.has_role(actor, role.consultation, ConsultationRole.Role.SECRETARIAT):
        return no_role(actor, _("Only the secretariat of this consultation gives and takes its roles."))
    others = queries.secretariat_of(role.consultation).exclude(pk=role.pk)
    if role.role == ConsultationRole.Role.SECRETARIAT and not others.exists():
        return refuse(
            "last-secretariat",
            _("Nobody else is secretariat of this consultation. Give the role to somebody else first."),
        )
    return GRANTED


def is_open(consultation: Consultation, act: Act, *, at: datetime) -> tuple[Round | None, Verdict]:
    """The round that opens `act` at `at`, or why there is none."""
    found = queries.round_open_for(consultation, act, at=at)
    if found is not None:
        return found, GRANTED
    last = queries.round_closed_last(consultation, act, at=at)
    if last is None or last.closes_at is None:
        return None, refuse("round-not-open", _("This is not open yet."))
    sentence = _("This round closed on %(when)s.")
    return None, refuse("round-closed", sentence, when=in_both_zones(last.closes_at, consultation.zone))


def may_keep_rounds(actor: User | None, consultation: Consultation) -> Verdict:
    """The secretariat says when which acts are open."""
    if actor is None or queries.has_role(actor, consultation, ConsultationRole.Role.SECRETARIAT):
        return GRANTED
    return no_role(actor, _("Only the secretariat of this consultation sets its rounds."))


def has_opened(round_: Round, *, at: datetime) -> bool:
    """Whether anybody may have acted in the round: nobody does before the consultation is published."""
    return round_.consultation.published_at is not None and round_.opens_at <= at


def fits(
    consultation: Consultation, plan: RoundPlan, *, instead_of: Round | None = None, at: datetime
) -> Verdict:
    """Whether a round may run as planned: not back in time, and no other opens the same act meanwhile."""
    if consultation.published_at is not None and plan.opens_at < at.replace(second=0, microsecond=0):
        return _amiss("opens_at", _("This time has passed. Give one that is still to come."))
    return _free(consultation, plan, instead_of=instead_of, field="opens_at", at=at)


def _free(
    consultation: Consultation, plan: RoundPlan, *, instead_of: Round | None, field: str, at: datetime
) -> Verdict:
    if plan.closes_at is not None and plan.closes_at <= at:
        return _amiss("closes_at", _("This time has passed. Give one that is still to come."))
    for other in queries.rounds(consultation).exclude(pk=instead_of.pk if instead_of else 0):
        if plan.overlaps(other):
            sentence = _("Round %(number)d opens the same at that time. One round at a time does.")
            return _amiss(field, str(sentence) % {"number": other.number})
    return GRANTED


def _amiss(field: str, sentence: Sentence) -> Verdict:
    return Verdict(invalid(**{field: sentence}))


def may_change_round(round_: Round, *, at: datetime) -> Verdict:
    """What a round opens, and from when to when, is settled once it has opened."""
    if has_opened(round_, at=at):
        return refuse("round-opened", _("This round has opened. It can only be extended."))
    return GRANTED


def may_extend(round_: Round, until: datetime, *, at: datetime) -> Verdict:
    """An opened round may close later than it does, while no later round opens the same; never earlier."""
    if not has_opened(round_, at=at):
        return refuse("round-not-open", _("This round has not opened yet. Change its times instead."))
    if round_.closes_at is None:
        return refuse("round-without-end", _("This round stays open without end."))
    if until <= round_.closes_at:
        return _amiss("closes_at", _("Give a time after the present closing time."))
    plan = replace(rounds.of(round_), closes_at=until)
    return _free(round_.consultation, plan, instead_of=round_, field="closes_at", at=at)


def in_both_zones(moment: datetime, zone: str) -> str:
    """A moment in the consultation's own zone and in UTC, in words of the present language."""
    return f"{in_zone(moment, zone)} ({zone}), {in_zone(moment, 'UTC')} (UTC)"


def in_zone(moment: datetime, zone: str) -> str:
    """A moment as clocks in `zone` show it, in words of the present language."""
    return date_format(moment.astimezone(ZoneInfo(zone)), "DATETIME_FORMAT")


def may_prepare(actor: User | None, consultation: Consultation) -> Verdict:
    """The secretariat changes what is fixed about its consultation, and publishes it."""
    if actor is None or queries.has_role(actor, consultation, ConsultationRole.Role.SECRETARIAT):
        return GRANTED
    return no_role(actor, _("Only the secretariat of this consultation can change this."))


def may_have_facts(consultation: Consultation, plain: dict[str, Any]) -> Verdict:
    """What was announced or agreed to stays once it is public; languages come to it and stay."""
    if consultation.published_at is not None:
        for name in FIXED_ONCE_PUBLIC:
            if plain[name] != getattr(consultation, name):
                return _amiss(name, _("This stays as it is: the consultation is public."))
        if not set(consultation.languages) <= set(plain["languages"]):
            return _amiss(
                "languages", _("Languages stay once the consultation is public. Others can be added.")
            )
    moved = plain["authoritative"] != consultation.authoritative
    if moved and queries.has_principles(consultation):
        return _amiss("authoritative", _("This stays as it is: there are principles in this language."))
    return GRANTED


def may_have_title(consultation: Consultation, language: str, title: str | None) -> Verdict:
    """A title can be left for later while the consultation is prepared, but in the authoritative language."""
    needed = consultation.published_at is not None or language == consultation.authoritative
    if title == "" and needed:
        return _amiss("title", _("This can’t be empty."))
    return GRANTED


def may_go_public(consultation: Consultation) -> Verdict:
    """A consultation is published once."""
    if consultation.published_at is not None:
        return refuse("already-public", _("This consultation is public already."))
    return GRANTED


def may_reword(clause: PolicyClause, words: dict[str, dict[str, str]]) -> Verdict:
    """Decisions stand on the words of a public clause: only further languages may come to them."""
    if clause.consultation.published_at is None:
        return GRANTED
    said = {code: text for code, text in clause.texts.items() if text}
    kept = all(
        words.get(code) == {"title": clause.titles.get(code, ""), "text": text} for code, text in said.items()
    )
    if kept:
        return GRANTED
    return refuse(
        "clause-fixed",
        _("Decisions stand on the words of this clause. Withdraw it and add another one instead."),
    )


def may_end_clause(clause: PolicyClause) -> Verdict:
    """A public policy keeps one clause at least: each decision names one."""
    others = queries.clauses_in_force(clause.consultation).exclude(pk=clause.pk)
    if clause.consultation.published_at is not None and not others.exists():
        return refuse("last-clause", _("This is the only clause. Add another one first."))
    return GRANTED
