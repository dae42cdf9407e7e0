"""Who reads which language, and asking a reader for an opinion on one case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.languages import is_tag
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.verb import verb
from consultation.moderation import readers, rules, steps, wording
from consultation.moderation.handlers import describe
from consultation.moderation.models import Case, LanguageRead, Opinion
from consultation.post import steps as post
from consultation.record.steps import record


@verb
def state_languages(actor: User, *, languages: Iterable[str], at: datetime) -> list[LanguageRead]:
    """The actor reads these languages and no others; the next case comes from them first.

    Refuses: no-role, invalid (languages).
    """
    rules.may_take_cases(actor).require()
    wanted = list(languages)
    if any(not is_tag(tag) for tag in wanted):
        raise invalid(languages=_("Choose languages from the list."))
    stated = readers.known(wanted)
    LanguageRead.objects.filter(person=actor).exclude(language__in=stated).delete()
    rows = [LanguageRead(person=actor, language=tag) for tag in stated]
    LanguageRead.objects.bulk_create(rows, ignore_conflicts=True)
    return list(LanguageRead.objects.filter(person=actor).order_by("language"))


@verb
def ask_opinion(actor: User, *, case_id: UUID, person_id: int, question: str = "", at: datetime) -> Opinion:
    """The person may read this one case until it is decided, and write once what they think of it.

    They are told by mail; they get no role.
    Refuses: not-found, no-role, case-closed, invalid (person, question).
    """
    case = _locked(case_id)
    rules.may_ask_opinion(actor, case).require()
    person = User.objects.filter(pk=person_id).first()
    rules.may_be_asked(person, case, at=at).require()
    assert person is not None
    opinion = Opinion.objects.create(
        case=case,
        person=person,
        asked_by=actor,
        question=wording.fit("question", question, required=False),
        asked_at=at,
    )
    record(actor, "opinion.asked", opinion)
    _tell("opinion-asked", person, opinion, f"/moderation/opinions/{opinion.pk}/")
    return opinion


@verb
def give_opinion(actor: User, *, opinion_id: UUID, words: str, at: datetime) -> Opinion:
    """What the actor thinks stands on the case, for its moderators only, and whoever asked is told.

    Refuses: not-found, already-given, case-closed, own-institution, invalid (words).
    """
    asked = readers.opinion_for(actor, opinion_id)
    if asked is None:
        raise NotFound
    _locked(asked.case_id)
    opinion = readers.opinion_for(actor, opinion_id)
    assert opinion is not None
    rules.may_give_opinion(opinion, at=at).require()
    opinion.words = wording.fit("words", words)
    opinion.given_at = at
    opinion.save(update_fields=["words", "given_at"])
    record(actor, "opinion.given", opinion)
    if opinion.asked_by is not None:
        _tell("opinion-given", opinion.asked_by, opinion, f"/moderation/cases/{opinion.case_id}/")
    return opinion


def _locked(case_id: UUID) -> Case:
    case = steps.lock_case(case_id)
    if case is None:
        raise NotFound
    return case


def _tell(kind: str, person: User, opinion: Opinion, url: str) -> None:
    case = opinion.case
    context = {
        "reference": describe([case.item])[case.item_id].reference,
        "title": case.consultation.title(person.language),
        "question": opinion.question,
        "url": url,
    }
    post.write(kind, person=person, context=context)
