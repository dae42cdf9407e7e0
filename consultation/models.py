"""The models of all rooms, gathered for one line of migrations."""

from consultation.comments.models import *  # noqa: F403
from consultation.digests.models import *  # noqa: F403
from consultation.endorsements.models import *  # noqa: F403
from consultation.kit.models import *  # noqa: F403
from consultation.moderation.models import *  # noqa: F403
from consultation.post.models import *  # noqa: F403
from consultation.record.models import *  # noqa: F403
from consultation.site.models import *  # noqa: F403
from consultation.texts.models import *  # noqa: F403
