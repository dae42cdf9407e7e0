"""The desk: what needs a person, where the institution stands, what happened to its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import queries as accounts
from accounts.models import Institution, InstitutionState, Mandate, Power, User
from consultation.comments import correcting
from consultation.comments import queries as comments
from consultation.comments.models import Comment, CommentState
from consultation.endorsements import queries as endorsements
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.moderation import queries as moderation
from consultation.pages.reading import cards, site
from consultation.pages.reading.needs import Mine, Need, before, since
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, Principle

NEEDS = 50
NEWS = 10
SETTLED = (
    CommentState.PENDING,
    CommentState.PUBLISHED,
    CommentState.REJECTED,
    CommentState.HIDDEN,
    CommentState.WITHDRAWN,
)


def mine(request: HttpRequest, person: User) -> Mine:
    """For whom the person acts now: two queries."""
    at = request.received_at  # type: ignore[attr-defined]
    mandates: list[Mandate] = list(accounts.mandates_in_force(person, at=at))
    powers = {each.institution_id: each.powers for each in mandates}
    institutions = list(accounts.institutions_of(person, at=at))
    signing = frozenset(key for key, held in powers.items() if Power.SIGN in held)
    until = {each.institution_id: each.until for each in mandates if each.until}
    return Mine(person, at, institutions, signing, powers, until)


def page(request: HttpRequest, person: User) -> dict[str, Any]:
    """Everything on the desk, in a fixed number of queries."""
    me = mine(request, person)
    keys = [each.pk for each in me.institutions]
    names = {each.pk: each for each in me.institutions}
    open_ones = list(texts.public().prefetch_related("rounds"))
    closing = {each.pk: _closing(each, me.at) for each in open_ones}
    unsent = comments.of_institutions(keys).filter(Q(draft__isnull=False) | Q(state=CommentState.RETURNED))
    written = list(comments.with_cards(unsent)[:NEEDS])
    sent = list(comments.with_cards(comments.of_institutions(keys, states=SETTLED))[:NEWS])
    held = list(endorsements.with_rows(endorsements.of_institutions(keys)))
    needs = [
        *_second_factor(me),
        *_to_admit(me, names),
        *_returned(written, me),
        *_positions(held, me, names, closing),
        *_drafts(written, me, closing),
    ]
    needs.sort(key=lambda need: (need.by is None, need.by or me.at))
    first = me.institutions[0] if me.institutions else None
    return {
        "title": count_words(len(needs)),
        "terms_to_accept": site.has_terms_to_accept(person),
        "needs": needs[:NEEDS],
        "news": _news(sent),
        "me": me,
        "who": [_who(each, me) for each in me.institutions],
        "standing": _standing(first, _its_consultation(open_ones, held, sent), held) if first else None,
        "colleagues": _colleagues(me),
    }


def count_words(number: int) -> str:
    """The title of the desk: how many things need the person, in words where there are few."""
    words = [
        _("Nothing needs you"),
        _("One thing needs you"),
        _("Two things need you"),
        _("Three things need you"),
        _("Four things need you"),
        _("Five things need you"),
        _("Six things need you"),
        _("Seven things need you"),
        _("Eight things need you"),
        _("Nine things need you"),
    ]
    return words[number] if number < len(words) else _("%(number)d things need you") % {"number": number}


def _closing(consultation: Consultation, at: datetime) -> datetime | None:
    standing = texts.standing(list(consultation.rounds.all()), at=at)
    return standing.round.closes_at if standing.round else None


def _second_factor(me: Mine) -> Iterable[Need]:
    """That a role asks for a second factor, and until when it gives power without one."""
    due = texts.second_factor_due(me.person)
    if due is None:
        return
    act = {"label": _("Set up a second factor"), "url": reverse("mfa_index")}
    title, later = _("Your role needs a second factor"), due > me.at
    if later:
        words = _("After that day your role gives no power until it is set up.")
    else:
        words = _("Your role gives no power until it is set up.")
    when = before(due, me.at) if later else {"when": since(due), "by": due, "soon": True}
    yield Need(title=title, consequence=words, act=act, **when)


def _to_admit(me: Mine, names: dict[int, Institution]) -> Iterable[Need]:
    """Who asks to join an institution that the person manages."""
    managed = [key for key, held in me.powers.items() if Power.MANAGE in held]
    for each in accounts.asks_to_join(managed)[:NEEDS]:
        url = reverse("pages:join_request", args=[each.institution.slug, each.pk])
        yield Need(
            title=_("%(person)s asks to join") % {"person": each.person},
            consequence=me.named(names[each.institution_id]),
            act={"label": _("Decide"), "url": url},
            when=since(each.asked_at),
        )


def _returned(written: Iterable[Comment], me: Mine) -> Iterable[Need]:
    rows = [each for each in written if each.state == CommentState.RETURNED]
    decisions = moderation.last_decisions([each.item_id for each in rows if each.item_id])
    suggested = correcting.suggested(rows)
    for each in rows:
        decision = decisions.get(each.item_id) if each.item_id else None
        message = decision.message if decision else ""
        act = {"label": _("Change and send again"), "url": _edit(each)}
        if each.pk in suggested:
            act = {"label": _("Read the correction"), "url": f"{cards.url(each)}#correction"}
        yield Need(
            title=_("%(reference)s came back to you") % {"reference": each.reference},
            consequence=" ".join(
                filter(None, [message, _("Its reference stays the same."), me.named(each.institution)])
            ),
            act=act,
            other={"label": _("Read it"), "url": cards.url(each)},
            when=since(each.settled_at),
        )


def _drafts(written: Iterable[Comment], me: Mine, closing: dict[int, datetime | None]) -> Iterable[Need]:
    for each in written:
        draft = getattr(each, "draft", None)
        if draft is None or each.state == CommentState.RETURNED:
            continue
        yield Need(
            title=_draft_title(each),
            consequence=" ".join(filter(None, [cards.excerpt(draft), me.named(each.institution)])),
            act={"label": _("Go on writing"), "url": _edit(each)},
            **before(closing.get(each.consultation_id), me.at),
        )


def _draft_title(each: Comment) -> str:
    if each.reference:
        return _("A change of %(reference)s has not been sent") % {"reference": each.reference}
    if each.principle is None:
        return _("A draft on the whole text has not been sent")
    return _("A draft on Principle %(number)d has not been sent") % {"number": each.principle.number}


def _edit(each: Comment) -> str:
    return reverse("pages:edit_comment", args=[each.consultation.slug, each.pk])


def _positions(
    held: Sequence[Endorsement],
    me: Mine,
    names: dict[int, Institution],
    closing: dict[int, datetime | None],
) -> Iterable[Need]:
    """What a signatory is asked: to sign, to re-affirm, to mend a statement."""
    for each in held:
        if each.institution_id not in me.signing:
            continue
        due = before(closing.get(each.consultation_id), me.at)
        institution = me.named(names[each.institution_id])
        if each.state in endorsements.OPEN:
            if each.first_signed_by_id != me.person.pk:
                yield _to_sign(each, institution, due)
        elif each.state == EndorsementState.SIGNED and each.recorded and each.confirmed_at is None:
            yield _to_confirm(each, institution)
        elif each.state == EndorsementState.SIGNED and each.released and each.to_reaffirm:  # type: ignore[attr-defined]
            yield _to_reaffirm(each, institution, due)
        elif each.state == EndorsementState.REFUSED and not _replaced(each, held):
            yield _to_mend(each, institution)


def _paper_url(each: Endorsement) -> str:
    return reverse("pages:position", args=[each.consultation.slug, each.pk])


def _reaffirm_url(each: Endorsement) -> str:
    page = reverse("pages:reaffirm", args=[each.consultation.slug])
    return f"{page}?institution={each.institution.slug}#principle-{each.principle.number}"


def _to_sign(each: Endorsement, institution: str, due: dict[str, Any]) -> Need:
    return Need(
        title=_("An endorsement of Principle %(number)d waits for your signature")
        % {"number": each.principle.number},
        consequence=" ".join(filter(None, [f"{each.get_position_display()}.", institution])),
        act={"label": _("Read and sign"), "url": _paper_url(each)},
        **due,
    )


def _to_confirm(each: Endorsement, institution: str) -> Need:
    title = _("A letter of yours was recorded for Principle %(number)d: is it your own?")
    return Need(
        title=title % {"number": each.principle.number},
        consequence=" ".join(filter(None, [f"{each.get_position_display()}.", institution])),
        act={"label": _("Confirm or contest"), "url": _paper_url(each)},
        when=since(each.signed_at),
    )


def _to_reaffirm(each: Endorsement, institution: str, due: dict[str, Any]) -> Need:
    consequence = _(
        "Until you re-affirm, you are shown as endorsing the earlier text and are not counted for this one."
    )
    return Need(
        title=_("Principle %(number)d has a new text: do you still endorse it?")
        % {"number": each.principle.number},
        consequence=" ".join(filter(None, [consequence, institution])),
        act={"label": _("See the change and decide"), "url": _reaffirm_url(each)},
        **due,
    )


def _to_mend(each: Endorsement, institution: str) -> Need:
    again = reverse("pages:endorse", args=[each.consultation.slug, each.principle.number])
    return Need(
        title=_("Your statement on Principle %(number)d came back to you")
        % {"number": each.principle.number},
        consequence=institution,
        act={"label": _("Change and sign again"), "url": f"{again}?from={each.pk}"},
        when=since(each.ended_at),
    )


def _replaced(refused: Endorsement, held: Iterable[Endorsement]) -> bool:
    """Whether the institution took a position on that principle since."""
    return any(
        each.institution_id == refused.institution_id
        and each.principle_id == refused.principle_id
        and each.pk > refused.pk
        for each in held
    )


def _news(sent: Sequence[Comment]) -> list[dict[str, Any]]:
    """What became of the newest comments that were sent."""
    told = {
        CommentState.PENDING: _("waits for a moderator."),
        CommentState.PUBLISHED: _("is published."),
        CommentState.REJECTED: _("was not published."),
        CommentState.HIDDEN: _("was hidden."),
        CommentState.WITHDRAWN: _("was withdrawn."),
    }
    return [
        {
            "day": _moved(each),
            "reference": each.reference,
            "url": cards.url(each),
            "words_html": format_html("{}", _unverified(each) or told[CommentState(each.state)]),
        }
        for each in sorted(sent, key=_moved, reverse=True)
    ]


def _moved(each: Comment) -> datetime:
    moment = each.settled_at or each.submitted_at
    assert moment is not None
    return moment


def _unverified(each: Comment) -> str:
    if each.state == CommentState.PUBLISHED and each.public_since is None:
        return _("was approved and appears once your institution is verified.")
    return ""


def _who(institution: Institution, me: Mine) -> dict[str, Any]:
    labels = [str(Power(power).label) for power in me.powers.get(institution.pk, [])]
    waiting = institution.state == InstitutionState.PENDING
    return {
        **cards.voice(institution),
        "powers": ", ".join(labels),
        "waiting": waiting,
        "until": me.until.get(institution.pk),
        "people_url": reverse("pages:people", args=[institution.slug]),
    }


def _its_consultation(
    found: Sequence[Consultation], held: Sequence[Endorsement], sent: Sequence[Comment]
) -> Consultation | None:
    """The newest consultation in which the institutions took part, else the newest one."""
    taken = {each.consultation_id for each in held} | {each.consultation_id for each in sent}
    return next((each for each in found if each.pk in taken), found[0] if found else None)


def _standing(
    institution: Institution, consultation: Consultation | None, held: Sequence[Endorsement]
) -> dict[str, Any] | None:
    """Where one institution stands on each principle of one consultation."""
    if consultation is None:
        return None
    language = get_language() or consultation.authoritative
    mine = {each.principle_id: each for each in held if _stands(each, institution)}
    return {
        "title": consultation.title(language),
        "lines": [
            _line(consultation, each, mine.get(each.pk), language) for each in texts.principles(consultation)
        ],
        "endorse_url": reverse("pages:endorse_all", args=[consultation.slug]),
        "own_url": reverse("pages:own_positions", args=[consultation.slug, institution.slug]),
        "certificate_url": reverse("pages:certificate", args=[consultation.slug, institution.slug])
        if institution.verified
        else "",
    }


def _stands(each: Endorsement, institution: Institution) -> bool:
    return each.institution_id == institution.pk and each.state == EndorsementState.SIGNED and each.released


def _line(
    consultation: Consultation, principle: Principle, held: Endorsement | None, language: str
) -> dict[str, Any]:
    assert principle.current is not None
    position = "silent"
    if held is not None:
        position = "to_reaffirm" if held.to_reaffirm else held.position  # type: ignore[attr-defined]
    return {
        "number": principle.number,
        "title": texts.translation(principle.current, language).title,
        "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
        "position": position,
    }


def _colleagues(me: Mine) -> list[dict[str, str]]:
    """Who else acts for the person's first institution, and with which powers."""
    if not me.institutions:
        return []
    found = accounts.in_force(me.institutions[0].mandates.all(), at=me.at).select_related("person")
    return [
        {"name": str(each.person), "value": ", ".join(str(Power(power).label) for power in each.powers)}
        for each in found.order_by("starts_at", "pk")
    ]
