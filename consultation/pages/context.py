"""What the frame of every page shows: languages, roles, the place one is at, the colophon."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import queries as accounts
from accounts.models import SiteRole, User
from consultation.kit.languages import choose, html_lang
from consultation.pages.reading import zones
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole, ConsultationState

Links = list[dict[str, Any]]
MODERATING = (
    ConsultationRole.Role.MODERATOR,
    ConsultationRole.Role.OBSERVER,
    ConsultationRole.Role.SECRETARIAT,
)
# Which tab is current on which page.
TABS = {
    "text": {
        "consultation",
        "text",
        "text_changes",
        "principle",
        "changes",
        "comment",
        "write",
        "edit_comment",
        "endorse",
    },
    "endorsements": {"endorsements", "position", "endorse_all", "own_positions", "reaffirm"},
    "participation": {"participation"},
    "digests": {"digests", "digest"},
    "history": {"history", "facts_change"},
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of all pages; `request.consultation` is set by `pages.answers.in_consultation`."""
    consultation: Consultation | None = getattr(request, "consultation", None)
    facts = {
        "site_name": settings.SITE_NAME,
        "site_host": settings.SITE_ADDRESS.netloc,
        "language_links": _languages(request),
        "role_links": _roles(request),
        "demonstration": accounts.has_demonstration(),
        "colophon_links": _colophon(consultation),
        "zone_note": _zones(consultation),
    }
    return facts | (_place(request, consultation) if consultation else {})


def _languages(request: HttpRequest) -> Links:
    query = request.META.get("QUERY_STRING", "")
    rest = escape_uri_path(request.path_info) + ("?" + iri_to_uri(query) if query else "")
    present = get_language()
    return [
        {"code": html_lang(code), "name": name, "url": f"/{code}{rest}", "current": code == present}
        for code, name in settings.LANGUAGES
    ]


def _roles(request: HttpRequest) -> Links:
    person = getattr(request, "user", None)
    if not isinstance(person, User):
        return []
    roles, site_roles = texts.roles_anywhere(person), accounts.site_roles(person)
    links: Links = []
    if roles & set(MODERATING):
        links.append(_link(request, _("Moderation"), "office:moderation"))
    if ConsultationRole.Role.SECRETARIAT in roles or SiteRole.Role.REGISTRAR in site_roles:
        links.append(_link(request, _("Secretariat"), "office:secretariat"))
    if SiteRole.Role.REGISTRAR in site_roles:
        links.append(_link(request, _("Registry"), "office:registry"))
    if SiteRole.Role.ADMINISTRATOR in site_roles:
        links.append(_link(request, _("Set-up"), "office:site"))
    return [link for link in links if link["url"]]


def _link(request: HttpRequest, label: str, name: str) -> dict[str, Any]:
    try:
        url = reverse(name)
    except NoReverseMatch:
        url = ""
    return {"label": label, "url": url, "current": bool(url) and request.path.startswith(url)}


def _colophon(consultation: Consultation | None) -> Links:
    links = [{"label": _("About this site"), "url": reverse("pages:about")}]
    if consultation:
        url = reverse("pages:policy", args=[consultation.slug])
        links.append({"label": _("Moderation policy"), "url": url})
        links.append(
            {"label": _("How equal voice is counted"), "url": reverse("pages:about") + "#equal-voice"}
        )
    for name, label in (
        ("accessibility", _("Accessibility")),
        ("privacy", _("Privacy")),
        ("terms", _("Terms")),
        ("contact", _("Contact")),
    ):
        links.append({"label": label, "url": reverse(f"pages:{name}")})
    return [*links, {"label": _("Data and API"), "url": "/api/v1/docs/"}]


def _zones(consultation: Consultation | None) -> str:
    language = get_language() or "en"
    own = zones.name(timezone.get_current_timezone_name(), language)
    theirs = zones.name(consultation.zone, language) if consultation else own
    if own == theirs:
        return _("Times are shown in %(zone)s.") % {"zone": own}
    return _("Times are shown in %(own)s, closing times also in the consultation’s own zone, %(theirs)s.") % {
        "own": own,
        "theirs": theirs,
    }


def _place(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    language = get_language() or consultation.authoritative
    standing = texts.standing(list(consultation.rounds.all()), at=request.received_at)  # type: ignore[attr-defined]
    running = standing.round if standing.state == ConsultationState.OPEN else None
    return {
        "consultation_title": consultation.title(language),
        "consultation_lang": html_lang(
            choose(list(consultation.titles), language, consultation.authoritative) or language
        ),
        "consultation_url": reverse("pages:consultation", args=[consultation.slug]),
        "consultation_tabs": _tabs(request, consultation),
        "not_public": consultation.published_at is None,
        "open_until": running.closes_at if running else None,
        "consultation_zone": consultation.zone,
        "licence": consultation.licence,
        "text_note": consultation.in_language(consultation.notes, language),
    }


def _tabs(request: HttpRequest, consultation: Consultation) -> Links:
    labels = {
        "text": (_("Text"), "pages:consultation"),
        "endorsements": (_("Endorsements"), "pages:endorsements"),
        "participation": (_("Participation"), "pages:participation"),
        "digests": (_("Digests"), "pages:digests"),
        "history": (_("History"), "pages:history"),
    }
    here = request.resolver_match.url_name if request.resolver_match else None
    return [
        {"label": label, "url": reverse(name, args=[consultation.slug]), "current": here in TABS[key]}
        for key, (label, name) in labels.items()
    ]
