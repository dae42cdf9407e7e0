"""Addresses of the site: each face has its own, and django-allauth the signing in."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("consultation.api.urls")),
    path("", include("consultation.office.urls")),
    path("", include("consultation.pages.urls")),
]
