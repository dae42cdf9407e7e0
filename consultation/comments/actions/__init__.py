"""The public writers of comments."""

from consultation.comments.actions.cosigning import cosign_comment
from consultation.comments.actions.sending import Unsent, submit_comment, submit_comments
from consultation.comments.actions.withdrawing import withdraw_comment
from consultation.comments.actions.writing import delete_draft, revise_comment, save_draft, write_comment

__all__ = [
    "Unsent",
    "cosign_comment",
    "delete_draft",
    "revise_comment",
    "save_draft",
    "submit_comment",
    "submit_comments",
    "withdraw_comment",
    "write_comment",
]
