"""What tests stand on, made as the site makes it: by its verbs. Use as `from tests import factories as make`.

Every function fills in what is not given, and makes what is missing: a comment its institution and its
consultation, a decision its moderator.
"""

from tests.factories.institutions import (
    institution,
    manager,
    representative,
    signatory,
    suspend,
    verified_institution,
    verify,
)
from tests.factories.people import (
    PASSWORD,
    accept_terms,
    administrator,
    person,
    publish_page,
    registrar,
    token,
)
from tests.factories.positions import endorsement, proposal
from tests.factories.texts import (
    consultation,
    moderator,
    new_version,
    observer,
    secretariat,
    unpublish,
    with_role,
)
from tests.factories.words import comment, cosign, decide, draft, pending_comment, sent_comment, words

__all__ = [
    "PASSWORD",
    "accept_terms",
    "administrator",
    "comment",
    "consultation",
    "cosign",
    "decide",
    "draft",
    "endorsement",
    "institution",
    "manager",
    "moderator",
    "new_version",
    "observer",
    "pending_comment",
    "person",
    "proposal",
    "publish_page",
    "registrar",
    "representative",
    "secretariat",
    "sent_comment",
    "signatory",
    "suspend",
    "token",
    "unpublish",
    "verified_institution",
    "verify",
    "with_role",
    "words",
]
