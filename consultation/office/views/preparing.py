"""A consultation from its first line to its publication: created, its facts and policy written, published."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation.kit import languages
from consultation.kit.refusal import Refusal
from consultation.office.preparing_forms import ClauseForm, FactsForm, NewForm, WordsForm, known_languages
from consultation.office.reading import preparing as reading
from consultation.pages.reading.facts import changes
from consultation.standing.actions import change_facts
from consultation.texts import actions, facts, policy
from consultation.texts.models import Consultation, PolicyClause
from consultation.web.acts import act
from consultation.web.answers import SeeOther, View, new_claim, signed_in, the_person
from consultation.web.forms import VerbForm


def for_its_secretariat(view: Callable[..., HttpResponse]) -> View:
    """The view gets the consultation; nobody else learns that there is one."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @signed_in
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str) -> HttpResponse:
        found = reading.of_slug(the_person(request), slug)
        if found is None:
            raise Http404
        return view(request, found)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """The little that a consultation begins with."""
    if not reading.may_create(the_person(request)):
        raise Http404
    if request.method != "POST":
        return _new(request, NewForm(initial={"authoritative": languages.html_lang(get_language() or "en")}))
    form = NewForm(request.POST)
    if not form.is_valid():
        return _new(request, form, status=400)
    try:
        outcome = act(request, actions.create_consultation, **form.fields_for_verb())
    except Refusal as refusal:
        form.show(refusal)
        return _new(request, form, status=refusal.status)
    [(_label, key)] = outcome.subjects
    made = reading.of_key(the_person(request), int(key))
    messages.success(request, _("The consultation is begun. Only you see it until you publish it."))
    return SeeOther(reverse("office:secretariat_consultation", args=[made.slug]))


def _new(request: HttpRequest, form: NewForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "claim": new_claim(), "known_languages": known_languages()}
    return render(request, "office/consultation_new.html", context, status=status)


@for_its_secretariat
def about(request: HttpRequest, found: Consultation) -> HttpResponse:
    """What is fixed about a consultation: in general, or with `?language=` what is said in one language."""
    code = request.GET.get("language", "")
    if code:
        return _words(request, found, code)
    fixed = reading.fixed(found)
    if request.method != "POST":
        return _facts(request, found, FactsForm.of(found, fixed))
    form = FactsForm.of(found, fixed, request.POST)
    if not form.is_valid():
        return _facts(request, found, form, status=400)
    given = form.given(found.authoritative)
    if _switches(found, given) and request.POST.get("switch") != given["policy"]:
        at = request.received_at  # type: ignore[attr-defined]
        return _facts(request, found, form, switch=reading.switch(found, given, at=at))
    try:
        act(
            request,
            change_facts,
            consultation_id=found.pk,
            facts=given,
            seen=form.cleaned_data["seen"],
        )
    except Refusal as refusal:
        form.show(refusal)
        others = _moved_on(found, refusal, form, facts.plain_of, given)
        return _facts(request, found, form, others=others, status=refusal.status)
    messages.success(request, _("The facts are kept."))
    return SeeOther(request.path)


def _switches(found: Consultation, given: dict[str, Any]) -> bool:
    """Whether what waits may be published by this: the secretariat is told before it is done."""
    return found.published_at is not None and given.get("policy", found.policy) != found.policy


def _facts(
    request: HttpRequest,
    found: Consultation,
    form: FactsForm,
    *,
    others: Any = (),
    switch: Any = None,
    status: int = 200,
) -> HttpResponse:
    context = {"known_languages": known_languages(), "editions": reading.editions(found), "switch": switch}
    return _page(request, found, form, {**context, "others": others, "stays": reading.stays(found)}, status)


def _words(request: HttpRequest, found: Consultation, code: str) -> HttpResponse:
    if code not in found.languages:
        raise Http404
    if request.method != "POST":
        return _wording(request, found, code, WordsForm.of(found, code))
    form = WordsForm.of(found, code, request.POST)
    if not form.is_valid():
        return _wording(request, found, code, form, status=400)
    said, seen = form.words(), form.cleaned_data["seen"]
    try:
        act(request, actions.change_words, consultation_id=found.pk, language=code, words=said, seen=seen)
    except Refusal as refusal:
        form.show(refusal)
        others = _moved_on(found, refusal, form, lambda fresh: facts.words_of(fresh, code), said)
        return _wording(request, found, code, form, others=others, status=refusal.status)
    messages.success(request, _("The words are kept."))
    return SeeOther(request.get_full_path())


def _wording(
    request: HttpRequest,
    found: Consultation,
    code: str,
    form: WordsForm,
    *,
    others: Any = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "language": languages.name(code, get_language() or "en"),
        "lang": languages.html_lang(code),
        "editions": reading.editions(found, code),
        "others": others,
    }
    return _page(request, found, form, context, status)


def _page(
    request: HttpRequest, found: Consultation, form: VerbForm, more: dict[str, Any], status: int
) -> HttpResponse:
    context = {
        "prepared": found,
        "title": found.title(get_language() or "en"),
        "form": form,
        "claim": new_claim(),
        "changes": changes(found),
        **more,
    }
    return render(request, "office/consultation_facts.html", context, status=status)


def _moved_on(
    found: Consultation,
    refusal: Refusal,
    form: VerbForm,
    read: Callable[[Consultation], dict[str, Any]],
    typed: dict[str, Any],
) -> list[dict[str, str]]:
    """What somebody else wrote meanwhile. Shown it, the next try stands after it."""
    if refusal.code != "changed-meanwhile":
        return []
    found.refresh_from_db()
    present = read(found)
    form.put(seen=facts.fingerprint(present))
    return reading.others_words(present, typed)


@for_its_secretariat
def clauses(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The policy: its clauses; `?clause=` one of them, or `new`."""
    number = request.GET.get("clause", "")
    if number:
        return _clause(request, found, "" if number == "new" else number)
    if request.method != "POST":
        return _policy(request, found)
    try:
        act(request, actions.adopt_clauses, consultation_id=found.pk)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _policy(request, found, status=refusal.status)
    messages.success(request, _("The usual clauses are there. Read them, and change what does not fit."))
    return SeeOther(request.path)


def _policy(request: HttpRequest, found: Consultation, *, status: int = 200) -> HttpResponse:
    context = {
        "prepared": found,
        "title": found.title(get_language() or "en"),
        "clauses": reading.clauses(found),
        "usual": reading.offers_usual_clauses(found),
        "claim": new_claim(),
    }
    return render(request, "office/consultation_policy.html", context, status=status)


def _clause(request: HttpRequest, found: Consultation, number: str) -> HttpResponse:
    clause = reading.clause(found, number) if number else None
    if number and clause is None:
        raise Http404
    if request.method == "POST" and clause is not None and request.POST.get("do") == "end":
        return _end_clause(request, found, clause)
    form = _clause_form(request, found, clause)
    if request.method != "POST":
        return _wording_of_clause(request, found, clause, form)
    if not form.is_valid():
        return _wording_of_clause(request, found, clause, form, status=400)
    said = form.words(_fixed_words(found, clause))
    given = {"words": said, "number": number, "seen": form.cleaned_data["seen"]}
    try:
        act(request, actions.write_clause, consultation_id=found.pk, **given)
    except Refusal as refusal:
        form.show(refusal)
        others: list[dict[str, str]] = []
        if refusal.code == "changed-meanwhile" and (fresh := reading.clause(found, number)) is not None:
            form.put(seen=facts.fingerprint(policy.words_of(fresh)))
            others = reading.others_clause(fresh, said)
        return _wording_of_clause(request, found, clause, form, others=others, status=refusal.status)
    messages.success(request, _("The clause is kept."))
    return SeeOther(request.path)


def _clause_form(request: HttpRequest, found: Consultation, clause: PolicyClause | None) -> ClauseForm:
    said = policy.words_of(clause) if clause else {}
    initial: dict[str, str] = {"seen": facts.fingerprint(said) if clause else ""}
    for code, words in said.items():
        initial |= {f"title_{code}": words["title"], f"text_{code}": words["text"]}
    data = request.POST if request.method == "POST" else None
    return ClauseForm(found, data, initial=initial, fixed=_fixed_words(found, clause))


def _fixed_words(found: Consultation, clause: PolicyClause | None) -> dict[str, dict[str, str]]:
    """What decisions stand on once the policy is public."""
    return policy.words_of(clause) if clause and found.published_at else {}


def _wording_of_clause(
    request: HttpRequest,
    found: Consultation,
    clause: PolicyClause | None,
    form: ClauseForm,
    *,
    others: Any = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "prepared": found,
        "title": found.title(get_language() or "en"),
        "clause": clause,
        "fixed": reading.clause_in_words(_fixed_words(found, clause)),
        "others": others,
        "form": form,
        "confirm": request.GET.get("end") == "1",
        "claim": new_claim(),
    }
    return render(request, "office/consultation_clause.html", context, status=status)


def _end_clause(request: HttpRequest, found: Consultation, clause: PolicyClause) -> HttpResponse:
    try:
        act(request, actions.end_clause, consultation_id=found.pk, number=clause.number)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _policy(request, found, status=refusal.status)
    words = _("Clause %(number)s is withdrawn.") if found.published_at else _("Clause %(number)s is gone.")
    messages.success(request, words % {"number": clause.number})
    return SeeOther(request.path)


@for_its_secretariat
def publish(request: HttpRequest, found: Consultation) -> HttpResponse:
    """What becomes public, or what is missing; then it is done, once."""
    if found.published_at is not None:
        return SeeOther(reverse("office:secretariat_consultation", args=[found.slug]))
    if request.method != "POST":
        return _publishing(request, found)
    try:
        act(request, actions.publish_consultation, consultation_id=found.pk)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _publishing(request, found, status=refusal.status)
    messages.success(request, _("The consultation is public."))
    return SeeOther(reverse("pages:consultation", args=[found.slug]))


def _publishing(request: HttpRequest, found: Consultation, *, status: int = 200) -> HttpResponse:
    context = {
        "prepared": found,
        "title": found.title(get_language() or "en"),
        "checklist": reading.checklist(found, at=request.received_at),  # type: ignore[attr-defined]
        "becomes": reading.becomes_public(found, at=request.received_at),  # type: ignore[attr-defined]
        "claim": new_claim(),
    }
    return render(request, "office/consultation_publish.html", context, status=status)


@require_safe
@never_cache
@signed_in
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole text as its readers will see it."""
    found = reading.of_slug(the_person(request), slug)
    if found is None:
        raise Http404
    asked = request.GET.get("text") or get_language() or found.authoritative
    context = {"prepared": found, **reading.preview(found, asked)}
    return render(request, "office/consultation_preview.html", context)
