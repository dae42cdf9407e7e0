"""Load the initiative, and somebody who comments on it; run by the tests as a program, prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from consultation.config.first_start import own_directory  # noqa: E402
from consultation.texts.models import Consultation  # noqa: E402
from tests import factories as make  # noqa: E402

if __name__ == "__main__":
    own_directory(Path(settings.STATIC_ROOT))
    call_command("load_initiative", verbosity=0)
    consultation = Consultation.objects.get()
    institution = make.verified_institution("Academy of Faults")
    for number in range(1, 4):
        make.comment(consultation, institution, principle=number)
    contributor = make.manager(institution)
    known = {
        "slug": consultation.slug,
        "institution": institution.slug,
        "email": contributor.email,
        "password": make.PASSWORD,
        "token": make.token(contributor),
    }
    json.dump(known, sys.stdout)
