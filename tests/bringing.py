"""What a move brings, drawn by the kinds of its fields: mostly sensible; with junk among it only if `wild`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from models import Deadline, Evidence
from tests.desk import Desk
from tests.people import Cast
from workflow.actor import Actor
from workflow.arithmetic import SHANGHAI, last_day
from workflow.fields import Field, Kind
from workflow.roles import Role
from workflow.table import M
from workflow.workflows import WORKFLOWS

UNITS = ("enterprise", "other_enterprise", "village_enterprise", "bureau", "town")
WORDS = ("", " ", "已办", "𠮷\u202e'\"\\%s{}\n\x01")
JUNK_ID = "0" * 32
AGO = (0, 0, 1, 7, 31, 90, 600, 2000)
COUNTS = (0, 0, 1, 2, 3, 9, 10, 29, 30, 50)
# Fields that only some days, people or units make sense in: days from today, role, organisations.
DAYS: Mapping[str, tuple[int, int]] = {"rectify_by": (15, 90), "report_by": (0, 60), "plan_by": (1, 14)}
HOLDERS: Mapping[str, Role] = {"second_officer": Role.INSPECTOR, "sponsor_id": Role.LEADER}
ORGANISATIONS: Mapping[str, tuple[str, ...]] = {
    "lead_org_id": ("fire_department",), "lister_org_id": ("district", "bureau", "town"),
}  # fmt: skip
# Every field of any workflow by name; what one name means, it means everywhere.
FIELDS = {field.name: field for table in WORKFLOWS.values() for move in table.moves for field in move.brings}


def everybody(cast: Cast) -> list[Actor]:
    """All people of the cast, in its order."""
    found = (getattr(cast, f.name) for f in fields(cast))
    return [who for who in found if isinstance(who, Actor)]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One case about to be moved, the cases there are (in the order they came), and where chance comes from."""

    desk: Desk
    case: Any
    cases: Sequence[str]
    rng: Random
    wild: bool

    @property
    def now(self) -> datetime:
        """The desk's clock."""
        now: datetime = self.desk.clock.now
        return now

    def brings(self, move: M) -> dict[str, Any]:
        """A value for each field of a move, but for some that may be left out."""
        wanted = [field for field in move.brings if field.required or self.rng.randrange(2)]
        return self.values(wanted)

    def anything(self) -> dict[str, Any]:
        """Values for some fields of any moves of any workflow."""
        own = sorted({field.name for move in WORKFLOWS[self.case.workflow].moves for field in move.brings})
        names = [name for name in (own if self.rng.randrange(4) else sorted(FIELDS)) if self.rng.randrange(2)]
        versions = [None, None, self.case.version, 1]
        return self.values([FIELDS[name] for name in names]) | {"version": self.rng.choice(versions)}

    def values(self, wanted: Sequence[Field]) -> dict[str, Any]:
        """A value for each field, none left out where none was drawn."""
        # The edge turns yuan into fen.
        drawn = {field.name.replace("_yuan", "_fen"): KINDS[field.kind](self, field) for field in wanted}
        return {name: value for name, value in drawn.items() if value is not None}

    def pick(self, good: Sequence[Any], junk: Sequence[Any] = ()) -> Any:
        """One of these, or of the junk too if that is wanted; none if there is nothing."""
        every = [*good, *(junk if self.wild else ())]
        return self.rng.choice(every) if every else None


def _text(draw: Drawing, _field: Field) -> str:
    return str(draw.pick(WORDS)) if draw.wild else f"第{draw.rng.randint(1, 10**6)}号"


def _day(draw: Drawing, field: Field) -> date:
    today = draw.now.astimezone(SHANGHAI).date()
    if field.name == "extend_to":
        return _later(draw, today)
    first, last = DAYS.get(field.name, (0, 60))
    return today + timedelta(days=draw.rng.randint(*((-2, last + 5) if draw.wild else (first, last))))


def _later(draw: Drawing, today: date) -> date:
    """A day after the promise that may be extended."""
    promise = WORKFLOWS[draw.case.workflow].extends
    rows = draw.desk.all(
        Deadline, Deadline.case_id == draw.case.id, Deadline.name == promise, Deadline.outcome.is_(None)
    )
    day = last_day(rows[0].due_at) if rows else today
    return day + timedelta(days=draw.rng.randint(*((-2, 65) if draw.wild else (1, 60))))


def _instant(draw: Drawing, _field: Field) -> datetime:
    minutes: int = draw.pick(AGO, (-1, -600, 10**6))
    return draw.now - timedelta(minutes=minutes)


def _organisation(draw: Drawing, field: Field) -> Any:
    names = ORGANISATIONS.get(field.name, UNITS)
    return draw.pick([getattr(draw.desk.cast, name) for name in names], [JUNK_ID, draw.desk.cast.town])


def _person(draw: Drawing, field: Field) -> Any:
    role = HOLDERS.get(field.name)
    return draw.pick([who.id for who in everybody(draw.desk.cast) if role is None or who.holds(role)], [JUNK_ID])


def _case(draw: Drawing, _field: Field) -> Any:
    return draw.pick(draw.cases, [JUNK_ID, draw.case.id])


def _hashes(draw: Drawing, _field: Field) -> tuple[str, ...]:
    """After-evidence of the present cycle."""
    rows = draw.desk.all(
        Evidence, Evidence.case_id == draw.case.id, Evidence.phase == "after", Evidence.cycle == draw.case.cycle
    )
    absent = ["a" * 64] if draw.wild and draw.rng.randrange(2) else []
    return (*sorted(row.sha256 for row in rows), *absent)


KINDS: Mapping[Kind, Callable[[Drawing, Field], Any]] = {
    "text": _text,
    "sealed": _text,
    "day": _day,
    "instant": _instant,
    "organisation": _organisation,
    "person": _person,
    "case": _case,
    "hashes": _hashes,
    "money": lambda draw, _: draw.rng.randint(0, 10**12),
    "area": lambda draw, _: draw.rng.randint(0, 10**7) / 10,
    "count": lambda draw, _: draw.rng.choice(COUNTS),
    "level": lambda draw, _: draw.pick(sorted(WORKFLOWS[draw.case.workflow].levels), [JUNK_ID, "major"]),
    "choice": lambda draw, field: draw.pick(field.options, [JUNK_ID]),
}
