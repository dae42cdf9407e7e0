from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    name = "consultation"

    def ready(self) -> None:
        """Register what rooms do for each other, the start-up checks, and Celery for wake-ups."""
        from consultation.comments import handlers as comments
        from consultation.config import celery, checks  # noqa: F401
        from consultation.digests import handlers as digests
        from consultation.endorsements import handlers as endorsements
        from consultation.site import handlers as site

        comments.register()
        endorsements.register()
        digests.register()
        site.register(self)
