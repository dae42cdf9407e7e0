"""Who endorses which exact words, and how."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, InstitutionVersion
from consultation.kit import guards
from consultation.kit.ids import uuid7
from consultation.moderation.models import Item
from consultation.record.steps import Facts
from consultation.texts.models import Consultation, Principle, PrincipleVersion

# What the last decision on a row's words came to.
LAST_DECISION = (
    "SELECT CASE WHEN undone_at IS NULL THEN action ELSE 'undone' END FROM consultation_decision"
    " WHERE item_id = NEW.item_id ORDER BY at DESC, id DESC LIMIT 1"
)


class Position(models.TextChoices):
    ENDORSE = "endorse", _("Endorse")
    RESERVATION = "endorse_with_reservation", _("Endorse with a reservation")
    DECLINE = "decline", _("Decline")


class EndorsementState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed, waits for a signature")
    HALF_SIGNED = "half_signed", _("Waits for a second signature")
    SIGNED = "signed", _("Signed")
    SUPERSEDED = "superseded", _("Replaced by a later position")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFUSED = "refused", _("Returned by moderation")
    CONTESTED = "contested", _("Contested by the institution")


class Endorsement(models.Model):
    """One institution's position on the exact words of one version. A row's words never change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="endorsements")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="endorsements")
    principle = models.ForeignKey(Principle, models.PROTECT, related_name="endorsements")
    version = models.ForeignKey(PrincipleVersion, models.PROTECT, related_name="endorsements")
    position = models.CharField(max_length=24, choices=Position)
    statement = models.CharField(max_length=5000, blank=True)
    language = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=EndorsementState, default=EndorsementState.PROPOSED)
    released = models.BooleanField(default=False)
    recorded = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    former = models.PositiveIntegerField(null=True)
    # Readers see the signatory's name only where they said so when signing; else the office, if they gave it.
    name_shown = models.BooleanField(default=False, db_default=False)
    # What that person was called then: renaming the account changes nothing that was signed.
    signed_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    office = models.CharField(max_length=200, blank=True, default="", db_default="")
    # Where two persons have to sign: who was the first of them.
    first_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    first_former = models.PositiveIntegerField(null=True)
    first_name_shown = models.BooleanField(default=False, db_default=False)
    first_signed_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    first_office = models.CharField(max_length=200, blank=True, default="", db_default="")
    first_signed_at = models.DateTimeField(null=True)
    # What came by letter: its day, its scan (PDF), and who of the secretariat recorded it.
    letter_dated = models.DateField(null=True)
    letter_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    letter_filename = models.CharField(max_length=200, blank=True, default="", db_default="")
    letter_bytes = models.PositiveIntegerField(default=0, db_default=0)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True)
    # Under which name it was signed: what an institution is called later changes nothing here.
    signed_as = models.ForeignKey(
        InstitutionVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    item = models.OneToOneField(Item, models.PROTECT, null=True, related_name="endorsement")
    made_at = models.DateTimeField(db_default=Now())
    signed_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "principle"],
                condition=Q(state="signed", released=True),
                name="endorsement_one_standing_position",
            ),
            models.UniqueConstraint(
                fields=["institution", "principle"],
                condition=Q(state="signed", released=False),
                name="endorsement_one_waiting_for_release",
            ),
            models.UniqueConstraint(
                fields=["institution", "principle"],
                condition=Q(state__in=["proposed", "half_signed"]),
                name="endorsement_one_open_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(position="endorse_with_reservation") | ~Q(statement=""),
                name="endorsement_reservation_needs_statement",
            ),
            models.CheckConstraint(
                condition=Q(effective_at=None) | Q(state="signed", released=True, signed_at__isnull=False),
                name="endorsement_effective_is_signed_and_released",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_at__isnull=False, signed_as__isnull=False),
                name="endorsement_signed_has_its_time_and_name",
            ),
            models.CheckConstraint(
                condition=Q(first_signed_by=None)
                | Q(signed_by=None)
                | ~Q(first_signed_by=models.F("signed_by")),
                name="endorsement_signed_by_two_different_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="half_signed") | Q(first_signed_at__isnull=False, signed_at=None),
                name="endorsement_half_signed_has_its_first_signature",
            ),
            models.CheckConstraint(
                condition=Q(recorded=False, letter_dated=None, letter_sha256="", letter_bytes=0)
                | Q(recorded=True, letter_dated__isnull=False, letter_bytes__gt=0) & ~Q(letter_sha256=""),
                name="endorsement_recorded_names_its_letter",
            ),
            models.CheckConstraint(
                condition=(Q(signed_name="") | Q(name_shown=True, signed_by__isnull=False))
                & (Q(first_signed_name="") | Q(first_name_shown=True, first_signed_by__isnull=False)),
                name="endorsement_keeps_a_name_only_to_show_it",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(recorded=True),
                name="endorsement_confirmed_came_by_letter",
            ),
        ]
        indexes = [
            models.Index(
                fields=["consultation", "-effective_at", "-id"],
                name="endorsement_effective_newest",
                condition=Q(effective_at__isnull=False),
            ),
            models.Index(
                fields=["principle", "position"],
                name="endorsement_effective_by_kind",
                condition=Q(effective_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="endorsement_states",
                field="state",
                transitions=[
                    ("proposed", "half_signed"),
                    ("proposed", "signed"),
                    ("proposed", "withdrawn"),
                    ("half_signed", "signed"),
                    ("half_signed", "withdrawn"),
                    ("signed", "superseded"),
                    ("signed", "withdrawn"),
                    ("signed", "refused"),
                    ("refused", "signed"),
                    ("superseded", "signed"),
                    ("half_signed", "contested"),
                    ("signed", "contested"),
                ],
            ),
            pgtrigger.Protect(
                name="endorsement_born_proposed",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state="proposed"),
            ),
            guards.never_deleted("endorsement"),
            pgtrigger.Protect(
                name="endorsement_words_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "consultation",
                    "principle",
                    "version",
                    "position",
                    "statement",
                    "language",
                    "recorded",
                    "letter_dated",
                    "letter_sha256",
                    "letter_filename",
                    "letter_bytes",
                    "made_at",
                ),
            ),
            pgtrigger.Protect(
                name="endorsement_signed_and_released_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.signed_at IS NOT NULL AND ROW(OLD.signed_at, OLD.signed_as_id)"
                    " IS DISTINCT FROM ROW(NEW.signed_at, NEW.signed_as_id)"
                ),
            ),
            pgtrigger.Trigger(
                name="endorsement_waits_again_only_when_undone",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.released AND NOT NEW.released"),
                func=(
                    f"IF ({LAST_DECISION}) IS DISTINCT FROM 'undone' THEN"
                    " RAISE EXCEPTION 'endorsement_waits_again_only_when_undone';"
                    " END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="endorsement_refused_stands_only_when_reversed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'refused' AND NEW.state = 'signed'"),
                func=(
                    f"IF COALESCE(({LAST_DECISION}), '') NOT IN ('undone', 'reverse') THEN"
                    " RAISE EXCEPTION 'endorsement_refused_stands_only_when_reversed';"
                    " END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="endorsement_replaced_stands_only_when_undone",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'superseded' AND NEW.state = 'signed'"),
                func=(
                    "IF NOT EXISTS (SELECT 1 FROM consultation_decision"
                    " JOIN consultation_endorsement AS later ON later.item_id = consultation_decision.item_id"
                    " WHERE later.institution_id = NEW.institution_id"
                    " AND later.principle_id = NEW.principle_id AND undone_at >= OLD.ended_at) THEN"
                    " RAISE EXCEPTION 'endorsement_replaced_stands_only_when_undone';"
                    " END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Protect(
                name="endorsement_signature_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.signed_at IS NOT NULL AND ROW(OLD.name_shown, OLD.office)"
                    " IS DISTINCT FROM ROW(NEW.name_shown, NEW.office)"
                    " OR OLD.first_signed_at IS NOT NULL"
                    " AND ROW(OLD.first_signed_at, OLD.first_name_shown, OLD.first_office)"
                    " IS DISTINCT FROM ROW(NEW.first_signed_at, NEW.first_name_shown, NEW.first_office)"
                    " OR OLD.signed_at IS NOT NULL AND OLD.signed_name <> NEW.signed_name"
                    " AND (NEW.signed_name <> '' OR NEW.signed_by_id IS NOT NULL)"
                    " OR OLD.first_signed_at IS NOT NULL"
                    " AND OLD.first_signed_name <> NEW.first_signed_name"
                    " AND (NEW.first_signed_name <> '' OR NEW.first_signed_by_id IS NOT NULL)"
                    " OR OLD.confirmed_at IS NOT NULL AND OLD.confirmed_at IS DISTINCT FROM NEW.confirmed_at"
                ),
            ),
            pgtrigger.Protect(
                name="endorsement_former_takes_the_place_of_signer",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.former IS DISTINCT FROM NEW.former"
                    " AND (OLD.signed_by_id IS NULL OR NEW.signed_by_id IS NOT NULL)"
                    " OR OLD.first_former IS DISTINCT FROM NEW.first_former"
                    " AND (OLD.first_signed_by_id IS NULL OR NEW.first_signed_by_id IS NOT NULL)"
                ),
            ),
            pgtrigger.Protect(
                name="endorsement_people_only_cleared",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.proposed_by_id IS NOT NULL"
                    " AND OLD.proposed_by_id IS DISTINCT FROM NEW.proposed_by_id"
                    " OR NEW.signed_by_id IS NOT NULL AND OLD.signed_at IS NOT NULL"
                    " AND OLD.signed_by_id IS DISTINCT FROM NEW.signed_by_id"
                    " OR NEW.first_signed_by_id IS NOT NULL AND OLD.first_signed_at IS NOT NULL"
                    " AND OLD.first_signed_by_id IS DISTINCT FROM NEW.first_signed_by_id"
                    " OR NEW.recorded_by_id IS NOT NULL"
                    " AND OLD.recorded_by_id IS DISTINCT FROM NEW.recorded_by_id"
                ),
            ),
        ]

    def facts(self) -> Facts:
        return Facts(
            "endorsement",
            str(self.pk),
            consultation=self.consultation_id,
            institution=self.institution_id,
            principle=self.principle.number,
        )


class Withdrawal(models.Model):
    """Why an institution withdrew a position, in words for everybody, once moderation has released them."""

    endorsement = models.OneToOneField(
        Endorsement, models.PROTECT, primary_key=True, related_name="withdrawal"
    )
    reason = models.CharField(max_length=1000)
    language = models.CharField(max_length=20)
    item = models.OneToOneField(Item, models.PROTECT, related_name="withdrawal")
    made_at = models.DateTimeField()
    public_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_says_why"),
        ]
        triggers = [
            guards.never_deleted("withdrawal"),
            pgtrigger.Protect(
                name="withdrawal_only_released",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.public_since IS NOT NULL AND NEW.public_since IS NOT NULL"
                    " OR ROW(OLD.endorsement_id, OLD.reason, OLD.language, OLD.item_id, OLD.made_at)"
                    " IS DISTINCT FROM"
                    " ROW(NEW.endorsement_id, NEW.reason, NEW.language, NEW.item_id, NEW.made_at)"
                ),
            ),
            pgtrigger.Trigger(
                name="withdrawal_withheld_only_by_a_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.public_since IS NOT NULL AND NEW.public_since IS NULL"),
                func=(
                    f"IF COALESCE(({LAST_DECISION}), '') NOT IN ('undone', 'reject') THEN"
                    " RAISE EXCEPTION 'withdrawal_withheld_only_by_a_decision';"
                    " END IF; RETURN NEW;"
                ),
            ),
        ]


class Contest(models.Model):
    """Why an institution says that an act in its name was not its own: for the secretariat and registrars."""

    endorsement = models.OneToOneField(Endorsement, models.PROTECT, primary_key=True, related_name="contest")
    reason = models.CharField(max_length=2000)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="contest_says_why"),
        ]
        triggers = [
            pgtrigger.Protect(name="contest_never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class PositionCount(models.Model):
    """How many effective positions of each kind a version of a principle has."""

    principle = models.ForeignKey(Principle, models.CASCADE, related_name="position_counts")
    version = models.ForeignKey(PrincipleVersion, models.CASCADE, related_name="+")
    position = models.CharField(max_length=24, choices=Position)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principle", "version", "position"], name="position_count_once"),
        ]
