"""Who sees what: one table of ways to see a case, from which both the query and the single check are made."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_

from models import Case
from workflow.actor import Actor
from workflow.roles import Role
from workflow.rows import CaseRow

PLACES = ("district_id", "town_id", "village_id", "lead_org_id", "lister_org_id")
SEEING = frozenset({Role.INSPECTOR, Role.DISPATCHER, Role.SUPERVISOR, Role.DUTY_OFFICER, Role.LEADER})


@dataclass(frozen=True, slots=True)
class Way:
    """A case is seen where `column` equals `value` and, unless it is none, the sector does too."""

    column: str
    value: str
    sector: str | None = None

    def condition(self) -> ColumnElement[bool]:
        """The way as a condition on `cases`, each answered by an index of its own."""
        place: ColumnElement[bool] = getattr(Case, self.column) == self.value
        return place if self.sector is None else and_(place, Case.sector == self.sector)


def ways_in_office(actor: Actor) -> Iterator[Way]:
    """The ways in which this person sees cases as holder of a role for a place."""
    for held in actor.held:
        if held.role in SEEING:
            yield from (Way(column, held.org_id, held.sector) for column in PLACES)


def ways(actor: Actor) -> Iterator[Way]:
    """Every way in which this person sees cases: as holder of a role for a place, as the unit concerned, as opener."""
    yield from ways_in_office(actor)
    yield Way("enterprise_id", actor.org_id)
    yield Way("responsible_org_id", actor.org_id)
    yield Way("opened_by", actor.id)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """One condition on `cases` that every list, count, search, export, attachment and metric goes through."""
    return or_(*(way.condition() for way in dict.fromkeys(ways(actor))))


def visible_in_office(actor: Actor) -> ColumnElement[bool]:
    """The cases that a role shows to the actor; not those seen as the unit concerned or as opener alone."""
    return or_(false(), *(way.condition() for way in dict.fromkeys(ways_in_office(actor))))


def sees(actor: Actor, case: CaseRow) -> bool:
    """The same for one loaded case."""
    return any(getattr(case, way.column) == way.value and way.sector in (None, case.sector) for way in ways(actor))
