"""Addresses of the pages for readers and institutions."""

from django.urls import include, path

from consultation.pages.views import (
    comments,
    consultations,
    desk,
    digests,
    endorsing,
    feeds,
    institutions,
    principles,
    searching,
    site,
    standings,
    writing,
)

app_name = "pages"

consultation = [
    path("", consultations.consultation, name="consultation"),
    path("text/", consultations.text, name="text"),
    path("policy/", consultations.policy, name="policy"),
    path("participation/", consultations.participation, name="participation"),
    path("history/", consultations.history, name="history"),
    path("principles/<int:number>/", principles.principle, name="principle"),
    path("principles/<int:number>/changes/<int:earlier>..<int:later>/", principles.changes, name="changes"),
    path("principles/<int:number>/endorse/", endorsing.endorse, name="endorse"),
    path("endorse/", endorsing.endorse_all, name="endorse_all"),
    path("endorsements/", standings.endorsements, name="endorsements"),
    path("endorsements/<uuid:pk>/", endorsing.position, name="position"),
    path("write/", writing.write, name="write"),
    path("comments/id/<uuid:pk>/", comments.own_comment, name="own_comment"),
    path("comments/id/<uuid:pk>/edit/", writing.edit, name="edit_comment"),
    path("comments/id/<uuid:pk>/delete/", writing.delete, name="delete_draft"),
    path("comments/<str:reference>/", comments.comment, name="comment"),
    path("comments/<str:reference>/withdraw/", comments.withdraw, name="withdraw_comment"),
    path("comments/<str:reference>/cosign/", comments.cosign, name="cosign"),
    path("digests/", digests.digests, name="digests"),
    path("digests/<uuid:pk>/", digests.digest, name="digest"),
    path("digests/latest/<str:language>.<slug:form>", digests.latest, name="latest_digest"),
    path("feed.atom", feeds.atom, name="feed"),
    path("calendar.ics", feeds.ics, name="calendar"),
]

urlpatterns = [
    path("", consultations.home, name="home"),
    path("consultations/<slug:slug>/", include(consultation)),
    path("institutions/", institutions.institutions, name="institutions"),
    path("institutions/new/", institutions.register, name="register"),
    path("institutions/<slug:slug>/", institutions.institution, name="institution"),
    path("desk/", desk.desk, name="desk"),
    path("search/", searching.search, name="search"),
    path("about/", site.about, name="about"),
    path("privacy/", site.privacy, name="privacy"),
    path("terms/", site.terms, name="terms"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("contact/", site.contact, name="contact"),
    path("dev/mail/", site.mail, name="mail"),
    path("dev/mail/<str:name>", site.mail, name="letter"),
    path("healthz", site.healthz, name="healthz"),
    path("readyz", site.readyz, name="readyz"),
]
