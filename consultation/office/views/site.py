"""The administrator's desk: the check of the installation, the roles over the site, its own pages."""

from __future__ import annotations

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries as accounts
from accounts.actions import publish_page
from accounts.models import SiteRole
from consultation.kit.refusal import Refusal
from consultation.office.forms import PageForm
from consultation.office.reading import setup
from consultation.office.reading import site_pages as reading
from consultation.office.reading.roles import of_site
from consultation.office.reading.site_pages import Edition
from consultation.office.views import roles
from consultation.pages.reading.site import html_of
from consultation.site.wording import checked as page_words
from consultation.web.acts import act
from consultation.web.answers import SeeOther, View, new_claim, signed_in, the_person


def for_administrators(view: View) -> View:
    """Nobody else learns that there is anything here."""

    @wraps(view)
    @signed_in
    def wrapped(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not accounts.has_site_role(the_person(request), SiteRole.Role.ADMINISTRATOR):
            raise Http404
        return view(request, **kwargs)

    return wrapped


@require_safe
@never_cache
@for_administrators
def check(request: HttpRequest) -> HttpResponse:
    """What works and what does not."""
    return render(request, "office/site.html", {"checks": setup.checks()})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_administrators
def site_roles(request: HttpRequest) -> HttpResponse:
    """Registrars and administrators, given and taken."""
    return roles.answer(request, of_site())


@require_safe
@never_cache
@for_administrators
def pages(request: HttpRequest) -> HttpResponse:
    """The site's own pages, and in which languages they are there."""
    return render(request, "office/site_pages.html", {"pages": reading.overview()})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_administrators
def page(request: HttpRequest, key: str) -> HttpResponse:
    """One page in one language: edited, looked over, published."""
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    edition = reading.edition(key, language, request.GET.get("version", ""))
    if edition is None:
        raise Http404
    if request.method != "POST":
        return _form(request, edition, PageForm(edition.lang, initial=edition.initial()), claim=new_claim())
    form = PageForm(edition.lang, request.POST)
    step = {"publish": _publish, "change": _change}.get(request.POST.get("do", ""), _look)
    try:
        return step(request, edition, form)
    except Refusal as refusal:
        form.show(refusal)
        # Told of the version that was published meanwhile, the next try stands after it.
        form.put(after=str(edition.newest))
        return _form(request, edition, form, claim=new_claim(), status=refusal.status)


def _form(
    request: HttpRequest, edition: Edition, form: PageForm, *, claim: str, status: int = 200
) -> HttpResponse:
    facts = {"edition": edition, "form": form, "claim": claim}
    return render(request, "office/site_page.html", facts, status=status)


def _change(request: HttpRequest, edition: Edition, form: PageForm) -> HttpResponse:
    return _form(request, edition, form, claim=request.POST.get("claim", ""))


def _look(request: HttpRequest, edition: Edition, form: PageForm) -> HttpResponse:
    """The page as it will stand, before it is published."""
    if not form.is_valid():
        return _form(request, edition, form, claim=request.POST.get("claim", ""), status=400)
    given = form.cleaned_data
    words = page_words(key=edition.key, language=edition.language, title=given["title"], body=given["body"])
    facts = {
        "edition": edition,
        "words": words,
        "html": html_of(edition.key, edition.language, words.body),
        "carried": [(name, request.POST.get(name, "")) for name in ("claim", "title", "body", "after")],
    }
    return render(request, "office/site_page_look.html", facts)


def _publish(request: HttpRequest, edition: Edition, form: PageForm) -> HttpResponse:
    if not form.is_valid():
        return _form(request, edition, form, claim=request.POST.get("claim", ""), status=400)
    act(request, publish_page, key=edition.key.value, language=edition.language, **form.cleaned_data)
    messages.success(request, _("The page is published. The version before it stays on record."))
    return SeeOther(reverse("office:site_pages"))
