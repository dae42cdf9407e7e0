"""Addresses of the pages for moderators, registrars, the secretariat and the administrator."""

from django.urls import path

from consultation.office.views import (
    editor,
    erasures,
    importing,
    letters,
    moderation,
    preparing,
    registry,
    rounds,
    secretariat,
    site,
    versions,
)

app_name = "office"

urlpatterns = [
    path("moderation/", moderation.queue, name="moderation"),
    path("moderation/cases/<uuid:pk>/", moderation.case, name="case"),
    path("registry/", registry.registry, name="registry"),
    path("registry/<slug:slug>/", registry.institution, name="registry_institution"),
    path("registry/<slug:slug>/merge/", registry.merge, name="registry_merge"),
    path("registry/<slug:slug>/data/", registry.data, name="registry_data"),
    path("secretariat/", secretariat.consultations, name="secretariat"),
    path("secretariat/new/", preparing.new, name="secretariat_new"),
    path("secretariat/<slug:slug>/", secretariat.consultation, name="secretariat_consultation"),
    path("secretariat/<slug:slug>/facts/", preparing.about, name="secretariat_facts"),
    path("secretariat/<slug:slug>/policy/", preparing.clauses, name="secretariat_policy"),
    path("secretariat/<slug:slug>/publish/", preparing.publish, name="secretariat_publish"),
    path("secretariat/<slug:slug>/preview/", preparing.preview, name="secretariat_preview"),
    path("secretariat/<slug:slug>/principles/", editor.principles, name="principles"),
    path("secretariat/<slug:slug>/principles/new/", editor.new_principle, name="principle_new"),
    path("secretariat/<slug:slug>/principles/preview/", editor.preview, name="principle_preview"),
    path("secretariat/<slug:slug>/principles/<int:number>/", editor.principle, name="principle"),
    path(
        "secretariat/<slug:slug>/principles/<int:number>/publish/", versions.publish, name="principle_publish"
    ),
    path(
        "secretariat/<slug:slug>/principles/<int:number>/withdraw/",
        versions.withdraw,
        name="principle_withdraw",
    ),
    path("secretariat/<slug:slug>/endorsements/record/", letters.letter, name="record_letter"),
    path("secretariat/<slug:slug>/import/", importing.import_text, name="import_text"),
    path("secretariat/<slug:slug>/roles/", secretariat.consultation_roles, name="secretariat_roles"),
    path("secretariat/<slug:slug>/rounds/", rounds.rounds, name="rounds"),
    path("secretariat/<slug:slug>/rounds/<int:number>/", rounds.round_, name="round"),
    path("site/", site.check, name="site"),
    path("site/erasures/", erasures.erasures, name="erasures"),
    path("site/roles/", site.site_roles, name="site_roles"),
    path("site/pages/", site.pages, name="site_pages"),
    path("site/pages/<slug:key>/", site.page, name="site_page"),
]
