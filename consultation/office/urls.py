"""Addresses of the pages for moderators, registrars, the secretariat and the administrator."""

from django.urls import path

from consultation.office.views import moderation, registry, secretariat, site

app_name = "office"

urlpatterns = [
    path("moderation/", moderation.queue, name="moderation"),
    path("moderation/cases/<uuid:pk>/", moderation.case, name="case"),
    path("registry/", registry.registry, name="registry"),
    path("registry/<slug:slug>/", registry.institution, name="registry_institution"),
    path("secretariat/", secretariat.consultations, name="secretariat"),
    path("secretariat/<slug:slug>/", secretariat.consultation, name="secretariat_consultation"),
    path("site/", site.check, name="site"),
]
