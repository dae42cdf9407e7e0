"""Who speaks: people, institutions, and the mandate of one to act for the other."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from consultation.kit import history
from consultation.kit.ids import uuid7
from consultation.record.steps import Facts


class People(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in with `email`; without a password only by code."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The first administrator of a server."""
        with transaction.atomic():
            user = self.create_user(email, password, is_superuser=True, **fields)
            SiteRole.objects.create(person=user, role=SiteRole.Role.ADMINISTRATOR)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from mandates and roles, never from this row."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, default="en")
    timezone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    demonstration = models.BooleanField(default=False)
    joined_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once_whatever_its_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def facts(self) -> Facts:
        return Facts("person", str(self.pk))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    meta=history.guarded("person"),
    model_name="SiteRoleEvent",
)
class SiteRole(models.Model):
    """A role over the whole site; ended ones stay."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        REGISTRAR = "registrar", _("Registrar")

    person = models.ForeignKey(User, models.CASCADE, related_name="site_roles")
    role = models.CharField(max_length=20, choices=Role)
    since = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(ended_at=None), name="site_role_once_in_force"
            ),
        ]

    def facts(self) -> Facts:
        return Facts("site-role", str(self.pk))


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


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["id", "slug", "state", "joining", "verified_how", "settled_by", "settled_at"],
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
            pgtrigger.Protect(name="inquiry_never_deleted", operation=pgtrigger.Delete),
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


class Power(models.TextChoices):
    CONTRIBUTE = "contribute", _("contribute")
    SIGN = "sign", _("sign")
    MANAGE = "manage", _("manage")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["id", "person", "institution", "powers", "evidence", "starts_at", "until", "ended_at"],
    meta=history.guarded("person"),
    model_name="MandateEvent",
)
class Mandate(models.Model):
    """One person may act for one institution; one row in force at a time, ended ones stay."""

    class Evidence(models.TextChoices):
        REGISTERED = "registered", _("registered the institution")
        DOMAIN = "domain", _("a confirmed address at its domain")
        LETTER = "letter", _("a letter that was checked")
        INVITATION = "invitation", _("an invitation")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="mandates")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="mandates")
    powers = ArrayField(models.CharField(max_length=10, choices=Power), size=3)
    evidence = models.CharField(max_length=12, choices=Evidence)
    starts_at = models.DateTimeField()
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=Q(ended_at=None),
                name="mandate_one_in_force_for_a_person_and_an_institution",
            ),
            models.CheckConstraint(
                condition=Q(powers__contained_by=["contribute", "sign", "manage"]) & Q(powers__len__gte=1),
                name="mandate_has_known_powers",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("starts_at")),
                name="mandate_ends_after_it_starts",
            ),
        ]

    def facts(self) -> Facts:
        return Facts("mandate", str(self.pk), institution=self.institution_id)


class Invitation(models.Model):
    """A colleague was asked by mail to act for an institution; the link's secret is kept as SHA-256 only.

    An open one holds until `expires_at`, while whoever sent it manages the institution. The address is
    cleared once it is settled.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="invitations")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=20)
    powers = ArrayField(models.CharField(max_length=10, choices=Power), size=3)
    until = models.DateField(null=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "email"], condition=Q(state="open"), name="invitation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(powers__contained_by=["contribute", "sign", "manage"]) & Q(powers__len__gte=1),
                name="invitation_has_known_powers",
            ),
            models.CheckConstraint(
                condition=(Q(state="open", settled_at=None) & ~Q(email=""))
                | (~Q(state="open") & Q(settled_at__isnull=False, email="")),
                name="invitation_settled_keeps_no_address",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="invitation_states",
                field="state",
                transitions=[("open", "accepted"), ("open", "withdrawn")],
            ),
        ]

    def facts(self) -> Facts:
        return Facts("invitation", str(self.pk), institution=self.institution_id)


class JoinRequest(models.Model):
    """Somebody with a confirmed address at a domain of an institution asks to act for it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="join_requests")
    person = models.ForeignKey(User, models.CASCADE, related_name="join_requests")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "person"],
                condition=Q(state="waiting"),
                name="join_request_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="join_request_settled_has_its_time",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="join_request_states",
                field="state",
                transitions=[("waiting", "approved"), ("waiting", "declined")],
            ),
        ]

    def facts(self) -> Facts:
        return Facts("join-request", str(self.pk), institution=self.institution_id)


class Scope(models.TextChoices):
    """What a program may do with a token, within what its person may do."""

    READ = "read", _("read")
    CONTRIBUTE = "contribute", _("write and co-sign comments")
    SIGN = "sign", _("sign and withdraw endorsements")
    MANAGE = "manage", _("register and manage institutions")
    OFFICE = "office", _("moderate, verify, and run consultations")


class ApiToken(models.Model):
    """A key for programs that act for a person; only its SHA-256 is kept."""

    person = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), size=len(Scope))
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=["read", "contribute", "sign", "manage", "office"])
                & Q(scopes__len__gte=1),
                name="token_has_known_scopes",
            ),
        ]

    @property
    def scope_labels(self) -> list[str]:
        """What it allows, in words."""
        return [str(Scope(scope).label) for scope in self.scopes]

    def facts(self) -> Facts:
        return Facts("token", str(self.pk))
