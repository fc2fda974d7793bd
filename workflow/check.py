"""What can be wrong with a workflow's table: all faults at once, so that a table is mended in one go."""

from collections import Counter
from collections.abc import Iterator

from workflow.limits import LEVELS, NAMES
from workflow.table import D, M, Workflow

Standing = tuple[str, tuple[str, ...]]


class TableFault(ValueError):
    """Everything that is wrong with a workflow's table, one line each."""


def sound(workflow: Workflow) -> Workflow:
    """The same table, if nothing is wrong with it; so a module whose table can't be right does not import."""
    if found := tuple(faults(workflow)):
        raise TableFault("\n".join(found))
    return workflow


def faults(workflow: Workflow) -> Iterator[str]:
    """Every fault of the table, one sentence each; none if it is sound."""
    yield from _names(workflow)
    yield from _rows(workflow)
    yield from _states(workflow)
    yield from _clocks(workflow)


def _names(workflow: Workflow) -> Iterator[str]:
    states = set(workflow.states)
    triggers = set(workflow.by_trigger) | {"open"}
    for move in workflow.moves:
        yield from (
            f"{move.trigger}: unknown state {s!r}" for s in sorted((move.sources | {move.to or ""}) - states - {""})
        )
    for deadline in workflow.deadlines:
        yield from (f"deadline {deadline.name}: unknown trigger {t!r}" for t in sorted(deadline.triggers - triggers))
        if deadline.limit not in NAMES:
            yield f"deadline {deadline.name}: unknown limit {deadline.limit!r}"
        if deadline.behind not in (None, *_before(workflow, deadline)):
            yield f"deadline {deadline.name}: no deadline {deadline.behind!r} above it"
    if set(workflow.levels) != LEVELS.get(workflow.name, set(workflow.levels)):
        yield f"levels {sorted(workflow.levels)} are not those that profiles know"
    if workflow.extends not in workflow.by_deadline:
        yield f"no deadline {workflow.extends!r} to extend"
    yield from (
        f"unknown state {s!r} named initial or final" for s in sorted({workflow.initial, *workflow.final} - states)
    )


def _before(workflow: Workflow, deadline: D) -> tuple[str, ...]:
    names = tuple(d.name for d in workflow.deadlines)
    return names[: names.index(deadline.name)]


def _rows(workflow: Workflow) -> Iterator[str]:
    seen = Counter((m.trigger, s) for m in workflow.moves for s in m.sources)
    yield from (f"{trigger}: two rows leave {state!r}" for (trigger, state), n in seen.items() if n > 1)
    yield from (f"{m.trigger}: nobody may fire it" for m in workflow.moves if not m.who)
    yield from (f"{m.trigger}: leaves no state" for m in workflow.moves if not m.sources)
    twice = Counter(d.name for d in workflow.deadlines)
    yield from (f"deadline {name}: named twice" for name, n in twice.items() if n > 1)
    for deadline in workflow.deadlines:
        rungs = Counter(rung.name for rung in deadline.ladder)
        yield from (f"deadline {deadline.name}: rung {name!r} twice" for name, n in rungs.items() if n > 1)
        if not any(rung.amount >= 0 for rung in deadline.ladder):
            yield f"deadline {deadline.name}: no rung at or after the promise, a breach would go unseen"


def _states(workflow: Workflow) -> Iterator[str]:
    reached = {state for state, _ in _standings(workflow)}
    yield from (f"state {s!r} can't be reached" for s in workflow.states if s not in reached)
    for state in workflow.states:
        if state not in workflow.final and all(m.to in (None, state) for m in workflow.moves_from(state)):
            yield f"state {state!r} has no exit"


def _clocks(workflow: Workflow) -> Iterator[str]:
    told = set()
    for state, clocks in _standings(workflow):
        unwatched = state not in workflow.final and "runs" not in clocks
        left = [d.name for d, c in zip(workflow.deadlines, clocks, strict=True) if c != "off"]
        if unwatched and (state, "unwatched") not in told:
            told.add((state, "unwatched"))
            yield f"state {state!r} can rest with no deadline running"
        if state in workflow.final and left and (state, "left") not in told:
            told.add((state, "left"))
            yield f"final state {state!r} keeps deadlines: {', '.join(left)}"


def _standings(workflow: Workflow) -> set[Standing]:
    """Every reachable pair of a state and the statuses of all deadlines in it."""
    off = tuple("off" for _ in workflow.deadlines)
    seen: set[Standing] = set()
    todo = [(workflow.initial, clocks) for clocks in _after(workflow, "open", off)]
    while todo:
        standing = todo.pop()
        if standing in seen:
            continue
        seen.add(standing)
        state, clocks = standing
        for move in workflow.moves_from(state):
            todo.extend((_target(move, state), after) for after in _after(workflow, move.trigger, clocks))
    return seen


def _target(move: M, state: str) -> str:
    return state if move.to is None else move.to


def _after(workflow: Workflow, trigger: str, clocks: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The statuses after `trigger`; two ways where a deadline that may start need not."""
    ways: list[tuple[str, ...]] = [()]
    for deadline, status in zip(workflow.deadlines, clocks, strict=True):
        after = deadline.step(status, trigger)
        begins = (status, after) == ("off", "runs")
        choices = (after, "off") if begins and deadline.may_be_absent else (after,)
        ways = [
            (*way, a) for way in ways for a in (("off",) if begins and _waits(workflow, deadline, way) else choices)
        ]
    return ways


def _waits(workflow: Workflow, deadline: D, way: tuple[str, ...]) -> bool:
    """Whether the promise that this one stands behind is open, given the statuses of those above it."""
    above = dict(zip(_before(workflow, deadline), way, strict=False))
    return above.get(deadline.behind or "", "off") != "off"
