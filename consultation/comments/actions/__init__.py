"""The public writers of comments."""

from consultation.comments.actions.admitting import admit_late, end_late_admission
from consultation.comments.actions.correcting import answer_correction
from consultation.comments.actions.cosigning import cosign_comment
from consultation.comments.actions.flagging import flag_comment
from consultation.comments.actions.merging import merge_comments, separate_comment
from consultation.comments.actions.sending import Unsent, submit_comment, submit_comments
from consultation.comments.actions.translating import TRANSLATE, ask_translation, translate
from consultation.comments.actions.withdrawing import withdraw_comment
from consultation.comments.actions.writing import delete_draft, revise_comment, save_draft, write_comment

__all__ = [
    "TRANSLATE",
    "Unsent",
    "admit_late",
    "answer_correction",
    "ask_translation",
    "cosign_comment",
    "delete_draft",
    "end_late_admission",
    "flag_comment",
    "merge_comments",
    "revise_comment",
    "save_draft",
    "separate_comment",
    "submit_comment",
    "submit_comments",
    "translate",
    "withdraw_comment",
    "write_comment",
]
