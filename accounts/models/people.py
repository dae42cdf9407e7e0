"""People, what they may do over the whole site, and the keys of their programs."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from consultation.kit import history
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
