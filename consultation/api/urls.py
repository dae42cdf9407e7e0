"""The addresses of API v1."""

from django.urls import URLPattern, URLResolver, path, re_path, register_converter

from consultation.api import (
    bench,
    comments,
    consultations,
    converters,
    decisions,
    digests,
    documents,
    endorsements,
    flags,
    institutions,
    late,
    me,
    moderation,
    translations,
)

register_converter(converters.NumberConverter, "number")
register_converter(converters.ReferenceConverter, "reference")

OF_CONSULTATION = "consultations/<slug:slug>"
BY_REFERENCE, BY_ID = "comments/<slug:slug>/<reference:reference>", "comments/id/<uuid:id>"
ENDORSEMENT = "endorsements/<uuid:id>"
CASE = "moderation/cases/<uuid:id>"
INSTITUTION = "institutions/<slug:slug>"


def _of_comment(place: str, name: str) -> list[URLPattern]:
    return [
        path(f"{place}/", comments.OneComment.as_view(), name=name),
        path(f"{place}/submit/", comments.Submit.as_view(), name=f"{name}-submit"),
        path(f"{place}/correction/", comments.AnswerCorrection.as_view(), name=f"{name}-correction"),
        path(f"{place}/withdraw/", comments.Withdraw.as_view(), name=f"{name}-withdraw"),
        path(f"{place}/cosign/", comments.Cosign.as_view(), name=f"{name}-cosign"),
        path(f"{place}/flags/", flags.Flags.as_view(), name=f"{name}-flags"),
        path(f"{place}/revisions/", comments.Revisions.as_view(), name=f"{name}-revisions"),
    ]


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", documents.Schema.as_view(), name="schema"),
    path("docs/", documents.docs, name="docs"),
    path("me/", me.Me.as_view(), name="me"),
    path("consultations/", consultations.Consultations.as_view(), name="consultations"),
    path(f"{OF_CONSULTATION}/", consultations.OneConsultation.as_view(), name="consultation"),
    path(f"{OF_CONSULTATION}/principles/", consultations.Principles.as_view(), name="principles"),
    path(
        f"{OF_CONSULTATION}/principles/<number:number>/",
        consultations.OnePrinciple.as_view(),
        name="principle",
    ),
    path(f"{OF_CONSULTATION}/comments/", comments.Comments.as_view(), name="comments"),
    path(f"{OF_CONSULTATION}/comments/submit/", comments.SubmitMany.as_view(), name="submit-comments"),
    path(f"{OF_CONSULTATION}/late-admissions/", late.LateAdmissions.as_view(), name="late-admissions"),
    path("late-admissions/<uuid:id>/end/", late.EndLateAdmission.as_view(), name="late-admission-end"),
    path(f"{OF_CONSULTATION}/endorsements/", endorsements.Endorsements.as_view(), name="endorsements"),
    path(f"{OF_CONSULTATION}/digests/", digests.Digests.as_view(), name="digests"),
    *_of_comment(BY_ID, "comment-by-id"),
    *_of_comment(BY_REFERENCE, "comment"),
    path(f"{BY_REFERENCE}/merged/", comments.Merged.as_view(), name="comment-merged"),
    path(f"{BY_REFERENCE}/merge/", comments.Merge.as_view(), name="comment-merge"),
    path(f"{BY_REFERENCE}/separate/", comments.Separate.as_view(), name="comment-separate"),
    path(
        f"{BY_REFERENCE}/translations/<slug:language>/",
        translations.Translation.as_view(),
        name="comment-translation",
    ),
    path(f"{ENDORSEMENT}/sign/", endorsements.Sign.as_view(), name="endorsement-sign"),
    path(f"{ENDORSEMENT}/withdraw/", endorsements.Withdraw.as_view(), name="endorsement-withdraw"),
    path(f"{ENDORSEMENT}/reaffirm/", endorsements.Reaffirm.as_view(), name="endorsement-reaffirm"),
    path(f"{ENDORSEMENT}/contest/", endorsements.Contest.as_view(), name="endorsement-contest"),
    path(f"{ENDORSEMENT}/confirm/", endorsements.Confirm.as_view(), name="endorsement-confirm"),
    path("moderation/languages/", bench.Languages.as_view(), name="languages-read"),
    path("moderation/opinions/<uuid:id>/", bench.OneOpinion.as_view(), name="opinion"),
    path(f"{CASE}/notes/", bench.Notes.as_view(), name="case-notes"),
    path(f"{CASE}/opinions/", bench.Opinions.as_view(), name="case-opinions"),
    path("moderation/cases/", moderation.Cases.as_view(), name="cases"),
    path("moderation/claim/", moderation.ClaimNext.as_view(), name="claim-next"),
    path(f"{CASE}/", moderation.OneCase.as_view(), name="case"),
    path(f"{CASE}/claim/", moderation.Claim.as_view(), name="case-claim"),
    path(f"{CASE}/release/", moderation.Release.as_view(), name="case-release"),
    path(f"{CASE}/decide/", moderation.Decide.as_view(), name="case-decide"),
    path(f"{CASE}/undo/", decisions.Undo.as_view(), name="case-undo"),
    path(f"{CASE}/appeal/", decisions.Appeal.as_view(), name="case-appeal"),
    path("moderation/decide/", decisions.DecideMany.as_view(), name="decide-cases"),
    path("digests/schema.json", documents.digest_schema, name="digest-schema"),
    path("digests/<uuid:id>/", digests.OneDigest.as_view(), name="digest"),
    path("digests/<uuid:id>/files/<slug:form>/", digests.DigestFile.as_view(), name="digest-file"),
    path("institutions/", institutions.Institutions.as_view(), name="institutions"),
    path(f"{INSTITUTION}/", institutions.OneInstitution.as_view(), name="institution"),
    path(f"{INSTITUTION}/verify/", institutions.Verify.as_view(), name="institution-verify"),
    path(f"{INSTITUTION}/reject/", institutions.Reject.as_view(), name="institution-reject"),
    path(f"{INSTITUTION}/suspend/", institutions.Suspend.as_view(), name="institution-suspend"),
    path("participation/<slug:slug>/", consultations.Participation.as_view(), name="participation"),
    re_path(r"^(?P<rest>.*)$", documents.Nowhere.as_view(), name="nowhere"),
]
