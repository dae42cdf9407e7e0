"""A consultation with a phrase in every text, before and after what happens to them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from accounts.models import JoinRequest, Mandate, SiteRole, User
from consultation.comments.models import Comment
from consultation.digests import building, tasks
from consultation.digests.actions import request_digest
from consultation.digests.models import Digest
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.moderation.models import Case
from consultation.texts.models import Consultation, ConsultationRole
from tests import factories as make
from tests.comments.acts import write
from tests.planted import sowing, standing
from tests.planted.garden import Garden

SLUG = "planted"


@dataclass
class World:
    """Who asks, what was planted, and what still happens to it."""

    garden: Garden
    consultation: Consultation
    people: dict[str, User | None]
    sower: sowing.Sower
    later: list[sowing.Later]
    opinions: list[str]

    def happen(self) -> None:
        """All that was public for a time is taken away; reader and secretariat have their say."""
        for each in self.later:
            each()
        secretariat, reader = self.people["secretariat"], self.people["reader"]
        assert secretariat is not None
        assert reader is not None
        self.opinions = sowing.ask_about(self.sower, secretariat, reader)

    def build(self, formats: list[str], languages: list[str], *, until: int | None = None) -> None:
        """The digests of now, or of an earlier number of the record; new editions of those that were."""
        tasks.sweep()
        for language, principle in product(languages, (None, sowing.PRINCIPLE)):
            request_digest(
                self.people["stranger"],
                consultation=self.consultation,
                principle_number=principle,
                language=language,
                formats=formats,
                until=until,
                at=clock.now(),
            )
        for digest in Digest.objects.filter(consultation=self.consultation).exclude(state="ready"):
            building.build(digest.pk)
            digest.refresh_from_db()
            assert digest.state == "ready", digest.last_error

    def values(self, formats: list[str], *, sample: bool) -> dict[str, list[str]]:
        """What addresses name, by the kind of thing: all there are, or one of each sort."""
        comments = Comment.objects.filter(consultation=self.consultation)
        cases, rows = Case.objects.all(), Endorsement.objects.all()
        if sample:
            comments = comments.filter(pk__in=[self.sower.comments[state].pk for state in sowing.SAMPLE])
            cases = cases.filter(item__comment__in=comments, is_appeal=False)
            rows = Endorsement.objects.filter(pk__in=_keys(rows)[:3])
        return {
            "consultation": [SLUG],
            "institution": [self.sower.institution.slug, "institute-of-lakes", "institute-of-wells"],
            "reference": sorted(comments.exclude(reference=None).values_list("reference", flat=True)),
            "comment": _keys(comments),
            "endorsement": _keys(rows),
            "case": _keys(cases),
            "opinion": self.opinions,
            "digest": _keys(Digest.objects.all()),
            "mandate": _keys(Mandate.objects.all()[:1]),
            "asked": _keys(JoinRequest.objects.all()),
            "public passage": [self.sower.places["public"]],
            "format": formats,
        }

    def hats(self, person: User) -> set[str]:
        """As which kinds of person somebody reads their mail."""
        hats = {name for name, each in self.people.items() if each == person}
        roles = ConsultationRole.objects.filter(consultation=self.consultation, person=person)
        hats |= {*roles.values_list("role", flat=True)}
        hats |= {*SiteRole.objects.filter(person=person).values_list("role", flat=True)}
        if Mandate.objects.filter(person=person, institution__mandates__person=self.people["ours"]).exists():
            hats.add("ours")
        return hats or {"stranger"}


def _keys(rows: object) -> list[str]:
    return [str(key) for key in rows.values_list("pk", flat=True)]  # type: ignore[attr-defined]


def planted() -> World:
    """Everything that can be is still public."""
    garden = Garden()
    consultation = make.consultation(SLUG, principles=4, languages=("en", "fr"))
    make.new_version(consultation, sowing.PRINCIPLE, sowing.text_with_places())
    people = _people(consultation)
    ours, moderator, registrar = (people[name] for name in ("ours", "moderator", "registrar"))
    assert ours is not None
    assert moderator is not None
    assert registrar is not None
    institution = make.verified_institution("Institute of Rivers", by=ours)
    unverified = make.institution("Institute of Lakes", by=ours)
    suspended = make.verified_institution("Institute of Wells", by=ours)
    sower = sowing.Sower(garden, consultation, institution, ours, moderator)
    later = sowing.sow(sower, unverified, suspended)
    standing.sign(standing.Signer(garden, consultation, ours, moderator), unverified, suspended)
    standing.show(garden, ours, registrar, unverified)
    return World(garden, consultation, people, sower, later, [])


def _people(consultation: Consultation) -> dict[str, User | None]:
    other = make.manager(make.verified_institution("Institute of Seas"))
    elsewhere = make.consultation("elsewhere")
    theirs = make.verified_institution("Institute of Bays")
    runs = make.secretariat(elsewhere)
    write(make.manager(theirs), elsewhere, theirs, body="We ask for a register that everybody may read.")
    return {
        "visitor": None,
        "stranger": make.person(),
        "other": other,
        "ours": make.person(),
        "reader": make.person(),
        "moderator": make.moderator(consultation),
        "observer": make.observer(consultation),
        "secretariat": make.secretariat(consultation),
        "elsewhere": runs,
        "registrar": make.registrar(),
        "administrator": make.administrator(),
    }
