"""What the imagined institutions sign: positions on the first texts, then on a second one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from consultation.endorsements.actions import Choice, reaffirm_endorsement, take_positions
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.management.demonstration import people
from consultation.management.demonstration.discussion import Discussion
from consultation.management.demonstration.script import InstitutionPart, PositionPart, Script
from consultation.management.demonstration.timeline import Timeline, spread
from consultation.moderation.models import Action
from consultation.texts.actions import publish_version
from consultation.texts.models import Change, Consultation, Principle
from consultation.texts.source import text_hash

# Shares of the demonstration's time.
ON_FIRST_TEXTS = (0.16, 0.60)
SECOND_TEXT = 0.66
ON_SECOND_TEXT = (0.70, 0.95)
RELEASED_AFTER = 0.01


@dataclass
class Positions:
    """The positions of the script, in one consultation."""

    consultation: Consultation
    script: Script
    discussion: Discussion

    def plan(self, timeline: Timeline) -> None:
        """Each institution signs what it thinks of the first texts, and later of the second."""
        signing = [part for part in self.script.institutions if self._of(part, version=1)]
        for place, part in enumerate(signing):
            share = spread(place, len(signing), between=ON_FIRST_TEXTS)
            timeline.plan(share, partial(self.sign, part, version=1))
            timeline.plan(share + RELEASED_AFTER, partial(self.release, part))
            share = spread(place, len(signing), between=ON_SECOND_TEXT)
            timeline.plan(share, partial(self.sign, part, version=2))
            timeline.plan(share, partial(self.reaffirm, part))
            timeline.plan(share + RELEASED_AFTER, partial(self.release, part))
        timeline.plan(SECOND_TEXT, self.publish_second_text)

    def _of(self, part: InstitutionPart, *, version: int) -> list[PositionPart]:
        return [
            each for each in self.script.positions if (each.institution, each.version) == (part.key, version)
        ]

    def sign(self, part: InstitutionPart, *, version: int, at: datetime) -> None:
        """Its signatory signs everything at once, one act for each language of its statements."""
        voice = self.discussion.voice(part.key)
        done, current = self._signed(voice.institution), self._current_versions()
        by_language: dict[str, list[PositionPart]] = defaultdict(list)
        for each in self._of(part, version=version):
            if (each.principle, each.position, each.statement) not in done:
                by_language[each.language].append(each)
        for language, chosen in by_language.items():
            take_positions(
                voice.person,
                consultation_id=self.consultation.pk,
                institution_id=voice.institution,
                choices=[
                    Choice(each.principle, current[each.principle], each.position, each.statement)
                    for each in chosen
                ],
                language=language,
                at=at,
            )

    def _signed(self, institution: int) -> set[tuple[int, str, str]]:
        signed = Endorsement.objects.filter(
            consultation=self.consultation, institution=institution, signed_by__demonstration=True
        )
        return set(signed.values_list("principle__number", "position", "statement"))

    def _current_versions(self) -> dict[int, int]:
        principles = Principle.objects.filter(consultation=self.consultation, current__isnull=False)
        return dict(principles.values_list("number", "current__number"))

    def release(self, part: InstitutionPart, *, at: datetime) -> None:
        """Moderators release what its statements say."""
        waiting = Endorsement.objects.filter(
            consultation=self.consultation,
            institution=self.discussion.voice(part.key).institution,
            state=EndorsementState.SIGNED,
            released=False,
        )
        for endorsement in waiting.select_related("item"):
            if endorsement.item is not None:
                self.discussion.close(endorsement.item, Action.APPROVE, at=at)

    def reaffirm(self, part: InstitutionPart, *, at: datetime) -> None:
        """Its positions on the first text that it keeps are signed for the second."""
        voice = self.discussion.voice(part.key)
        for each in self._of(part, version=1):
            if not each.reaffirmed:
                continue
            principle = self._principle(each.principle)
            standing = Endorsement.objects.filter(
                institution=voice.institution,
                principle=principle,
                state=EndorsementState.SIGNED,
                released=True,
            )
            earlier = standing.exclude(version=principle.current).first()
            if earlier is not None:
                reaffirm_endorsement(voice.person, endorsement_id=earlier.pk, at=at)

    def publish_second_text(self, *, at: datetime) -> None:
        """The secretariat publishes the second text of the one principle that has one."""
        second = self.script.second_text
        current = self._principle(second.principle).current
        if current is not None and current.text_hash == self._second_hash():
            return
        publish_version(
            people.person(people.SECRETARIAT),
            consultation_id=self.consultation.pk,
            number=second.principle,
            texts=second.texts,
            change=Change(second.change),
            notes=second.note,
            at=at,
        )

    def _second_hash(self) -> str:
        return text_hash(*self.script.second_text.texts[self.consultation.authoritative])

    def _principle(self, number: int) -> Principle:
        return Principle.objects.select_related("current").get(consultation=self.consultation, number=number)
