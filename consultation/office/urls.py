"""Addresses of the pages for moderators, registrars, the secretariat and the administrator."""

from django.urls import path

from consultation.office.views import erasures, moderation, registry, secretariat, site

app_name = "office"

urlpatterns = [
    path("moderation/", moderation.queue, name="moderation"),
    path("moderation/cases/<uuid:pk>/", moderation.case, name="case"),
    path("registry/", registry.registry, name="registry"),
    path("registry/<slug:slug>/", registry.institution, name="registry_institution"),
    path("registry/<slug:slug>/merge/", registry.merge, name="registry_merge"),
    path("registry/<slug:slug>/data/", registry.data, name="registry_data"),
    path("secretariat/", secretariat.consultations, name="secretariat"),
    path("secretariat/<slug:slug>/", secretariat.consultation, name="secretariat_consultation"),
    path("secretariat/<slug:slug>/roles/", secretariat.consultation_roles, name="secretariat_roles"),
    path("site/", site.check, name="site"),
    path("site/erasures/", erasures.erasures, name="erasures"),
    path("site/roles/", site.site_roles, name="site_roles"),
    path("site/pages/", site.pages, name="site_pages"),
    path("site/pages/<slug:key>/", site.page, name="site_page"),
]
