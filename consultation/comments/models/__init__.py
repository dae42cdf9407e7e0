"""What institutions say: comments, their revisions, co-signatures."""

from consultation.comments.models.comments import Comment, CommentState, Series, Visibility
from consultation.comments.models.corrections import Correction
from consultation.comments.models.cosignatures import Cosignature, Stance
from consultation.comments.models.counting import CommentCount, CommentText
from consultation.comments.models.late import LateAdmission
from consultation.comments.models.revisions import CommentDraft, CommentRevision
from consultation.comments.models.translations import MachineTranslation
from consultation.comments.models.words import Kind, Words

__all__ = [
    "Comment",
    "CommentCount",
    "CommentDraft",
    "CommentRevision",
    "CommentState",
    "CommentText",
    "Correction",
    "Cosignature",
    "Kind",
    "LateAdmission",
    "MachineTranslation",
    "Series",
    "Stance",
    "Visibility",
    "Words",
]
