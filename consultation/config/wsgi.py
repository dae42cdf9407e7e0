"""The entrance for the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation.config.settings")

application = get_wsgi_application()

# A tenth of every answer went into looking for garbage among what is loaded for good, at each 700th object.
gc.freeze()
gc.set_threshold(50_000, 20, 100)
