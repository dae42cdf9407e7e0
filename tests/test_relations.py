"""Keys point down: a table names only its own room's tables or a lower room's (DESIGN 2)."""

from django.apps import apps
from django.conf import settings

ROOMS = [
    "kit",
    "record",
    "post",
    "site",
    "accounts",
    "texts",
    "moderation",
    "comments",
    "endorsements",
    "standing",
    "invitations",
    "responses",
    "insights",
    "digests",
    "notifications",
]
OURS = ("accounts", "consultation")


def room_of(model) -> int | None:
    # A history stands in the room of what it tells of.
    parts = getattr(model, "pgh_tracked_model", model).__module__.split(".")
    if parts[0] not in OURS:
        return None
    return ROOMS.index("accounts" if parts[0] == "accounts" else parts[1])


def relations():
    for model in apps.get_models():
        if model._meta.app_label in OURS and room_of(model) is not None:
            for field in model._meta.get_fields():
                if field.is_relation and field.concrete and field.related_model:
                    yield model, field


def test_every_key_points_to_its_own_or_a_lower_room():
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model, field in relations()
        if field.related_model._meta.label != settings.AUTH_USER_MODEL
        and (room_of(field.related_model) or 0) > room_of(model)
    ]
    assert upward == []


def test_the_walk_sees_the_relations_of_all_rooms_with_tables():
    rooms = {ROOMS[room_of(model)] for model, _field in relations()}
    assert {
        "kit",
        "record",
        "post",
        "site",
        "accounts",
        "texts",
        "moderation",
        "comments",
        "endorsements",
        "digests",
    } <= rooms
