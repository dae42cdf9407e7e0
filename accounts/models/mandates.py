"""The mandate of a person to act for an institution, and the ways to one."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.institutions import Institution
from accounts.models.people import User
from consultation.kit import history
from consultation.kit.ids import uuid7
from consultation.record.steps import Facts


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
