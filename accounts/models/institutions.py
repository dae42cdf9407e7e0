"""Institutions: their standing, their public data, and what speaks for them."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from consultation.kit import guards, history
from consultation.record.steps import Facts


class InstitutionType(models.TextChoices):
    ACADEMY = "academy", _("Academy or association")
    UNIVERSITY = "university", _("University or research")
    GOVERNMENT = "government", _("Government")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    INDUSTRY = "industry", _("Industry")
    OTHER = "other", _("Other")


class InstitutionState(models.TextChoices):
    PENDING = "pending", _("Waits to be verified")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Not accepted")
    SUSPENDED = "suspended", _("Suspended")
    MERGED = "merged", _("Merged with another record")


class VerifiedHow(models.TextChoices):
    DOMAIN = "domain", _("a confirmed address at its domain")
    LETTER = "letter", _("a letter that was checked")
    INVITATION = "invitation", _("an invitation by the secretariat")
    OTHER = "other", _("another way, on record")


class Joining(models.TextChoices):
    APPROVAL = "approval", _("A manager decides each time")
    AUTOMATIC = "automatic", _("They may contribute at once")


class Signatures(models.IntegerChoices):
    ONE = 1, _("One person signs")
    TWO = 2, _("Two persons sign, each for themselves")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["id", "slug", "state", "joining", "signatures", "verified_how", "settled_by", "settled_at"],
    meta=history.guarded("settled_by"),
    model_name="InstitutionEvent",
)
class Institution(models.Model):
    """Who is heard. Its key is its permanent number; its public data stand in numbered versions."""

    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=InstitutionState, default=InstitutionState.PENDING)
    current = models.OneToOneField(
        "InstitutionVersion", models.PROTECT, null=True, related_name="current_of", db_index=True
    )
    joining = models.CharField(max_length=10, choices=Joining, default=Joining.APPROVAL)
    # How many of its people have to sign what is done in its name.
    signatures = models.PositiveSmallIntegerField(choices=Signatures, default=1, db_default=1)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    verified_how = models.CharField(max_length=12, choices=VerifiedHow, blank=True)
    verified_note = models.CharField(max_length=2000, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    demonstration = models.BooleanField(default=False)
    registered_at = models.DateTimeField(db_default=Now())
    # How many who spoke for it were erased: each gets the next number, in place of a name.
    former_people = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="verified") | (Q(settled_at__isnull=False) & ~Q(verified_how="")),
                name="institution_verified_says_how_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) & ~Q(merged_into=F("id"))
                | ~Q(state="merged") & Q(merged_into=None),
                name="institution_merged_names_the_kept_one",
            ),
            models.CheckConstraint(
                condition=Q(joining__in=["approval", "automatic"]), name="institution_knows_how_to_join"
            ),
            models.CheckConstraint(
                condition=Q(signatures__in=[1, 2]), name="institution_asks_for_one_signature_or_two"
            ),
        ]
        indexes = [
            models.Index(
                fields=["registered_at", "id"], name="institution_waiting", condition=Q(state="pending")
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="institution_states",
                field="state",
                transitions=[
                    ("pending", "verified"),
                    ("pending", "rejected"),
                    ("verified", "suspended"),
                    ("suspended", "verified"),
                    ("pending", "merged"),
                    ("verified", "merged"),
                ],
            ),
            pgtrigger.Protect(
                name="institution_born_pending",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state="pending"),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def verified(self) -> bool:
        return self.state == InstitutionState.VERIFIED

    def facts(self) -> Facts:
        return Facts("institution", self.slug, institution=self.pk)


class InstitutionVersion(models.Model):
    """The public data of an institution at one time; what was signed keeps the version it named."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    names = models.JSONField(default=dict, blank=True)
    name_folded = models.CharField(max_length=600)
    # Two names with one skeleton look alike, whatever their letters are (`accounts.confusables`).
    name_skeleton = models.CharField(max_length=600)
    # Byte order is the alphabet: the key is made in Python.
    name_sort = models.CharField(max_length=600, db_collation="C")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=3)
    type = models.CharField(max_length=20, choices=InstitutionType)
    website = models.URLField(max_length=300, blank=True)
    ror = models.CharField(max_length=9, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="institution_version_number_once"),
        ]
        indexes = [
            models.Index(fields=["name_sort", "id"], name="institution_by_name"),
            models.Index(fields=["name_skeleton"], name="institution_by_skeleton"),
            models.Index(fields=["country"], name="institution_by_country"),
            models.Index(fields=["ror"], name="institution_by_ror", condition=~Q(ror="")),
        ]
        triggers = [
            pgtrigger.Protect(
                name="institution_version_fixed", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InstitutionDomain(models.Model):
    """A domain of an institution's e-mail addresses, lower case, without `@`."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "domain"], name="institution_domain_once"),
        ]
        indexes = [models.Index(fields=["domain"], name="institution_by_domain")]


class InstitutionInquiry(models.Model):
    """What a registrar still misses of an institution that waits, in words sent to its managers."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="inquiries")
    words = models.CharField(max_length=2000)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        triggers = [
            guards.never_deleted("inquiry"),
            pgtrigger.Protect(
                name="inquiry_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["asked_by"]),
            ),
        ]


class InstitutionEvidence(models.Model):
    """What an institution gave to show that it is what it says: a note, a letter (PDF), or both."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="evidence")
    note = models.CharField(max_length=2000, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256="", bytes=0) & ~Q(note="") | ~Q(sha256="") & Q(bytes__gt=0),
                name="evidence_is_a_note_or_a_letter",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="evidence_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["given_by"]),
            ),
        ]
