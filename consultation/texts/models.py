"""Which words, in which version and language, and when which acts are open."""

from __future__ import annotations

from datetime import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultation.kit import history
from consultation.kit.languages import choose
from consultation.record.steps import Facts


class Policy(models.TextChoices):
    PRE = "pre", _("everything waits for a moderator")
    TRUSTED = "trusted", _("institutions with approved contributions publish at once")
    POST = "post", _("published at once, reviewed after")


class Act(models.TextChoices):
    COMMENT = "comment", _("comment")
    DISCUSS = "discuss", _("discuss")
    ENDORSE = "endorse", _("endorse")


class ConsultationState(models.TextChoices):
    UPCOMING = "upcoming", _("Not open yet")
    OPEN = "open", _("Open")
    BETWEEN_ROUNDS = "between_rounds", _("Between two rounds")
    CLOSED = "closed", _("Closed")


class Consultation(models.Model):
    """One published text on which institutions are consulted. Words by language are `{language: text}`."""

    slug = models.SlugField(max_length=80, unique=True)
    titles = models.JSONField()
    leads = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    preambles = models.JSONField(default=dict)
    initiators = models.JSONField(default=dict)
    secretariats = models.JSONField(default=dict)
    source = models.CharField(max_length=500, blank=True)
    issued_on = models.DateField(null=True)
    authoritative = models.CharField(max_length=20)
    languages = ArrayField(models.CharField(max_length=20))
    zone = models.CharField(max_length=60, default="UTC")
    policy = models.CharField(max_length=8, choices=Policy, default=Policy.PRE)
    licence = models.CharField(max_length=100, default="CC BY 4.0")
    target_hours = models.PositiveIntegerField(default=72)
    demonstration = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(languages__len__gte=1), name="consultation_has_a_language"),
        ]

    def __str__(self) -> str:
        return self.slug

    def facts(self) -> Facts:
        return Facts("consultation", self.slug, consultation=self.pk)

    def title(self, language: str) -> str:
        """The title in `language`, else in the authoritative one."""
        return self.in_language(self.titles, language)

    def in_language(self, words: dict[str, str], language: str) -> str:
        """One of a dictionary of texts by language; empty when there is none."""
        chosen = choose(list(words), language, self.authoritative)
        return words.get(chosen, "") if chosen else ""


class PolicyClause(models.Model):
    """A numbered clause of the published moderation policy, named by each decision."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="clauses")
    number = models.CharField(max_length=10)
    titles = models.JSONField()
    texts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="clause_number_once_in_its_policy"
            ),
        ]
        ordering = ["consultation", "id"]

    def __str__(self) -> str:
        return self.number


def _no_two_rounds_open(act: str) -> ExclusionConstraint:
    # A range of one key stands for equality: btree_gist is not among the core extensions.
    same = Func(F("consultation_id"), F("consultation_id"), Value("[]"), function="int8range")
    span = Func(F("opens_at"), F("closes_at"), function="tstzrange")
    return ExclusionConstraint(
        name=f"round_alone_opens_{act}",
        expressions=[(same, "&&"), (span, "&&")],
        condition=Q(**{f"opens_{act}": True}),
    )


class Round(models.Model):
    """A span of time and the acts it opens, by the clock alone. `closes_at` may be open for endorsing."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    purposes = models.JSONField(default=dict)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    opens_comment = models.BooleanField(default=False)
    opens_discuss = models.BooleanField(default=False)
    opens_endorse = models.BooleanField(default=False)

    class Meta:
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="round_number_once_in_its_consultation"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="round_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=False) | Q(opens_comment=False, opens_discuss=False),
                name="round_without_end_opens_endorsing_only",
            ),
            _no_two_rounds_open("comment"),
            _no_two_rounds_open("discuss"),
            _no_two_rounds_open("endorse"),
        ]

    def runs(self, *, at: datetime) -> bool:
        """Whether the round is running: from its first instant until just before its closing time."""
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)

    def opens(self, act: Act, *, at: datetime) -> bool:
        """Whether `act` may be done at `at`."""
        return bool(getattr(self, f"opens_{act.value}")) and self.runs(at=at)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    meta=history.guarded("person"),
    model_name="ConsultationRoleEvent",
)
class ConsultationRole(models.Model):
    """Who works on one consultation; ended ones stay."""

    class Role(models.TextChoices):
        SECRETARIAT = "secretariat", _("Secretariat")
        MODERATOR = "moderator", _("Moderator")
        OBSERVER = "observer", _("Observer")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="roles")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consultation_roles")
    role = models.CharField(max_length=12, choices=Role)
    since = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person", "role"],
                condition=Q(ended_at=None),
                name="consultation_role_once_in_force",
            ),
        ]

    def facts(self) -> Facts:
        return Facts("role", str(self.pk), consultation=self.consultation_id)


class LicenceAcceptance(models.Model):
    """A person agreed that what they send to a consultation is published under this licence."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="licences_accepted")
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+")
    licence = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "consultation", "licence"], name="licence_accepted_once_a_consultation"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="licence_acceptance_never_changed", operation=pgtrigger.Update),
        ]


class Principle(models.Model):
    """A numbered part of the text. The number is never given again; the order is apart."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="principles")
    number = models.PositiveIntegerField()
    order = models.PositiveIntegerField()
    headings = models.JSONField(default=dict, blank=True)
    current = models.OneToOneField("PrincipleVersion", models.PROTECT, null=True, related_name="current_of")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["consultation", "order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="principle_number_once"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def facts(self) -> Facts:
        return Facts("principle", str(self.number), consultation=self.consultation_id, principle=self.number)


class Change(models.TextChoices):
    EDITORIAL = "editorial", _("editorial")
    SUBSTANTIVE = "substantive", _("substantive")


class PrincipleVersion(models.Model):
    """The words of a principle at one time; fixed for ever once published."""

    principle = models.ForeignKey(Principle, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=12, choices=Change, default=Change.SUBSTANTIVE)
    change_notes = models.JSONField(default=dict, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["principle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["principle", "number"], name="principle_version_number_once"),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(text_hash=""),
                name="principle_version_published_has_its_hash",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="principle_version_fixed_once_published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]


class Translation(models.Model):
    """A version's title and body in one language; the authoritative one is what is endorsed."""

    version = models.ForeignKey(PrincipleVersion, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    body = models.TextField()
    authoritative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="translation_once_a_language"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(authoritative=True), name="translation_one_authoritative"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="translation_fixed_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM consultation_principleversion
                               WHERE id = OLD.version_id AND published_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'translation_fixed_once_published';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]
