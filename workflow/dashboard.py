"""The dashboard (看板): counters folded by the worker, read as the cells of the places a person answers for."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, false, func, or_, select, true, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Case, Tally, TallyDelta
from workflow.actor import Actor
from workflow.hazard import HAZARD, S
from workflow.tallies import CELL
from workflow.visible import SEEING, Way, ways

COUNTED = ("district_id", "town_id", "level", "state", "overdue")
# Levels of the tree that the counters know; what else a person sees is counted on the cases themselves.
PLACES = ("district_id", "town_id")
OWN = ("enterprise_id", "responsible_org_id", "opened_by")
RECTIFIED = frozenset({S.VERIFIED, S.CLOSED})
NOT_OWED = frozenset({S.VOIDED, S.TRANSFERRED})
UPSERTS: Mapping[str, Callable[[Any], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True, slots=True)
class Cell:
    """How many cases of one town (none: of no town) stand in a state, by level and whether they are overdue."""

    district_id: str
    town_id: str | None
    level: str
    state: str
    overdue: bool
    n: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The cells a person may see, in order of place, level and state."""

    cells: tuple[Cell, ...]

    @property
    def total(self) -> int:
        """All cases counted."""
        return sum(cell.n for cell in self.cells)

    @property
    def overdue(self) -> int:
        """Of them, those with a breached promise still open."""
        return sum(cell.n for cell in self.cells if cell.overdue)

    @property
    def rectification_rate(self) -> float | None:
        """整改率, 0 to 1: verified and closed cases among all but the voided and transferred; none of none."""
        owed = sum(cell.n for cell in self.cells if cell.state not in NOT_OWED)
        done = sum(cell.n for cell in self.cells if cell.state in RECTIFIED)
        return done / owed if owed else None


def fold(session: Session, *, limit: int = 10_000) -> int:
    """Move at most `limit` deltas into the counters and return how many; any number of workers may fold at once.

    Call again until it returns less than `limit`; the caller commits each time.
    """
    oldest = select(TallyDelta.id).order_by(TallyDelta.id).limit(limit).with_for_update(skip_locked=True)
    columns = [getattr(TallyDelta, name) for name in CELL]
    gone = session.execute(
        delete(TallyDelta)
        .where(TallyDelta.id.in_(oldest))
        .returning(*columns, TallyDelta.n)
        .execution_options(synchronize_session=False)
    ).all()
    sums: Counter[tuple[Any, ...]] = Counter()
    for *cell, n in gone:
        sums[tuple(cell)] += n
    # In one order for all: two workers that add to the same cells must not wait for each other in a ring.
    rows = [{**dict(zip(CELL, cell, strict=True)), "n": n} for cell, n in sorted(sums.items()) if n]
    if rows:
        _add(session, rows)
    return len(gone)


def read(session: Session, actor: Actor) -> Dashboard:
    """Return the cells of the places and sectors the actor holds a role for, unfolded changes included.

    A person without such a role (an enterprise's) gets the counts of their own cases, and so do villages and
    departments of theirs, counted on the cases they see.
    """
    seen = list(dict.fromkeys(ways(actor)))
    placed = any(held.role in SEEING for held in actor.held)
    counted = [way for way in seen if way.column in PLACES]
    rest = [way for way in seen if way.column not in PLACES and (way.column in OWN) is not placed]
    sums: Counter[tuple[Any, ...]] = Counter()
    for query in (*_tallied(counted), *_scanned(rest, counted)):
        for *cell, n in session.execute(query):
            sums[tuple(cell)] += int(n)
    return Dashboard(tuple(_cell(key, n) for key, n in sorted(sums.items()) if n > 0))


def _add(session: Session, rows: list[dict[str, Any]]) -> None:
    insert = UPSERTS[session.get_bind().dialect.name](Tally)
    added = insert.on_conflict_do_update(index_elements=CELL, set_={"n": Tally.n + insert.excluded.n})
    session.execute(added, rows)


def _tallied(seen: list[Way]) -> tuple[Select[Any], ...]:
    if not seen:
        return ()
    both = union_all(*(_in_places(table, seen) for table in (Tally, TallyDelta))).subquery()
    cell = [both.c[name] for name in COUNTED]
    summed: Select[Any] = select(*cell, func.sum(both.c.n)).group_by(*cell)
    return (summed,)


def _in_places(table: type[Tally] | type[TallyDelta], seen: list[Way]) -> Select[Any]:
    here = or_(*(_place(table, way) for way in seen))
    return select(*(getattr(table, name) for name in COUNTED), table.n).where(here)


def _place(table: type[Tally] | type[TallyDelta], way: Way) -> ColumnElement[bool]:
    place: ColumnElement[bool] = getattr(table, way.column) == way.value
    return place if way.sector is None else place & (table.sector == way.sector)


def _scanned(seen: list[Way], counted: list[Way]) -> tuple[Select[Any], ...]:
    """Each case once: found by an index of its own, unless the counters or an earlier way have it."""
    if not seen:
        return ()
    overdue = (Case.overdue_since.is_not(None)).label("overdue")
    cell = [Case.district_id, func.coalesce(Case.town_id, ""), Case.level, Case.state, overdue]
    # Not `NOT`: where a case has no sector, the condition is unknown rather than false.
    elsewhere = or_(false(), *(way.condition() for way in counted)).is_not(true())
    ids = [select(Case.id).where(way.condition()) for way in seen]
    mine = ids[0].union(*ids[1:]) if len(ids) > 1 else ids[0]
    # Typed by hand: the stubs give up at so many columns.
    hazards = Case.workflow == HAZARD.name
    scanned: Any = select(*cell, func.count()).where(Case.id.in_(mine), hazards, elsewhere).group_by(*cell)
    return (scanned,)


def _cell(key: tuple[Any, ...], n: int) -> Cell:
    district_id, town_id, level, state, overdue = key
    return Cell(district_id, town_id or None, level, state, bool(overdue), n)
