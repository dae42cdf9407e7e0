"""The public data of an institution as somebody gives them, and what of it is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator, URLValidator
from django.utils.translation import gettext_lazy as _

from accounts import geography, ror
from accounts.free_mail import is_free
from accounts.models import InstitutionType
from accounts.names import fit_name, one_line
from consultation.kit.languages import canonical_tag
from consultation.kit.refusal import Refusal, Sentence
from consultation.kit.text import NAME_LIMIT

WEBSITE_LIMIT = 300
NAMES_LIMIT = 30
DOMAINS_LIMIT = 20

_check_website = URLValidator(schemes=["http", "https"])
_check_domain = DomainNameValidator(accept_idna=False)

G = TypeVar("G")
T = TypeVar("T")
Errors = dict[str, list[Sentence]]


@dataclass(frozen=True)
class PublicData:
    """What everybody may know about an institution, checked and in the form in which it is kept."""

    name: str
    country: str
    type: str
    website: str = ""
    ror: str = ""
    domains: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def checked(
    *,
    name: str,
    country: str,
    type: str,  # noqa: A002
    website: str = "",
    ror: str = "",
    domains: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
) -> PublicData:
    """The data as they are kept: `ror` bare, `domains` in lower-case ASCII, each name in one line.

    Raises Refusal `invalid` that names every field that can't be taken; one of `names` as `names.fr`.
    """
    errors: Errors = {}
    data = PublicData(
        name=_take(errors, "name", _name, name, ""),
        country=_take(errors, "country", _country, country, ""),
        type=_take(errors, "type", _type, type, ""),
        website=_take(errors, "website", _website, website, ""),
        ror=_take(errors, "ror", _ror, ror, ""),
        domains=_take(errors, "domains", _domains, domains, ()),
        names=_names(errors, names or {}),
    )
    if errors:
        raise Refusal("invalid", _("Please correct what is marked."), errors)
    return data


def _take(errors: Errors, where: str, check: Callable[[G], T], given: G, otherwise: T) -> T:
    try:
        return check(given)
    except ValidationError as error:
        errors[where] = list(error.messages)
    return otherwise


def _name(value: str) -> str:
    name = fit_name(value, limit=NAME_LIMIT)
    if not any(sign.isalpha() for sign in name):
        raise ValidationError(_("Give the institution's full name, as on its letters."))
    return name


def _names(errors: Errors, names: Mapping[str, str]) -> dict[str, str]:
    if len(names) > NAMES_LIMIT:
        errors["names"] = [_("Give the name in at most 30 languages.")]
        return {}
    taken: dict[str, str] = {}
    for language, name in names.items():
        if (tag := canonical_tag(language)) is None:
            errors["names"] = [_("Name each language by its code, such as fr or zh-Hans.")]
        else:
            taken[tag] = _take(errors, f"names.{language}", _name, name, "")
    return taken


def _country(value: str) -> str:
    code = one_line(value).upper()
    if code not in geography.COUNTRIES:
        raise ValidationError(_("Choose a country or area from the list."))
    return code


def _type(value: str) -> str:
    if value not in InstitutionType.values:
        raise ValidationError(_("Choose what kind of institution it is."))
    return value


def _website(value: str) -> str:
    address = one_line(value)
    if not address:
        return ""
    address = address if "://" in address else f"https://{address}"
    try:
        _check_website(address)
    except ValidationError:
        address = ""
    if not address or len(address) > WEBSITE_LIMIT or "@" in urlsplit(address).netloc:
        raise ValidationError(_("Give the address of the institution's website."))
    return address


def _ror(value: str) -> str:
    return ror.parse(value) if value.strip() else ""


def _domains(values: Iterable[str]) -> tuple[str, ...]:
    domains = tuple(dict.fromkeys(_domain(value) for value in values))
    if len(domains) > DOMAINS_LIMIT:
        raise ValidationError(_("Give at most 20 domains."))
    return domains


def _domain(value: str) -> str:
    given = one_line(value)
    domain = given.lower().removeprefix("@").removesuffix(".")
    try:
        domain = domain.encode("idna").decode("ascii")
        _check_domain(domain)
    except (UnicodeError, ValidationError):
        domain = ""
    if not domain:
        raise ValidationError(
            _("“%(domain)s” is no domain. Write it like example.org."), params={"domain": given}
        )
    if is_free(domain):
        raise ValidationError(
            _("Everybody can have an address at “%(domain)s”: it shows nothing of an institution."),
            params={"domain": domain},
        )
    return domain
