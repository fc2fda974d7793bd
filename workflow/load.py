"""Loading cases with their promises: under their lock, to be moved, or without it, to be read; many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.database import connection
from models.reading import Ask, Read, Rows, read, read_together
from workflow import directory
from workflow.rows import CaseRow, DeadlineRow
from workflow.rules import Rules

_CASES = Read("cases", CaseRow._fields, key="id")
_LOCKED = Read(
    "cases", CaseRow._fields, key="id", also=("(SELECT version FROM directory_version)",), order="id", lock=True
)
_PROMISES = Read("deadlines", DeadlineRow._fields, key="case_id", order="id")


class Locked(NamedTuple):
    """A case nobody else moves before the transaction ends, none if there is none; rules with the directory of now.

    `found`: rows of facts that were read with the lock.
    """

    case: CaseRow | None
    rules: Rules
    deadlines: tuple[DeadlineRow, ...]
    found: Mapping[str, Rows]


def lock_cases(session: Session, rules: Rules, ids: Sequence[str]) -> tuple[dict[str, CaseRow], Rules]:
    """Lock the cases in id order (the first and only lock) and return them, with rules whose directory is of now."""
    rows = read(connection(session), _LOCKED, ids)
    known = rows[0][-1] if rows else rules.directory.version
    return {row[0]: CaseRow._make(row[:-1]) for row in rows}, current(session, rules, known)


def lock_case(session: Session, rules: Rules, case_id: str, asks: Mapping[str, Ask]) -> Locked:
    """One case locked, with its promises and the answers to `asks` as they stand under that lock."""
    ids = (case_id,)
    rows, promises, *found = read_together(connection(session), ((_LOCKED, ids), (_PROMISES, ids), *asks.values()))
    if not rows:
        return Locked(None, rules, (), {})
    *row, known = rows[0]
    standing = tuple(map(DeadlineRow._make, promises))
    return Locked(CaseRow._make(row), current(session, rules, known), standing, dict(zip(asks, found, strict=True)))


def current(session: Session, rules: Rules, known: int | None) -> Rules:
    """The rules, with the directory read anew if somebody changed it since it was kept."""
    if (known or 0) == rules.directory.version:
        return rules
    return Rules(rules.profile, rules.calendar, directory.load(session))


def read_with_promises(
    session: Session, ids: Sequence[str]
) -> tuple[dict[str, CaseRow], dict[str, tuple[DeadlineRow, ...]]]:
    """The cases, in the order of the ids, and all their promises."""
    rows, promises = read_together(connection(session), ((_CASES, ids), (_PROMISES, ids)))
    cases = {row[0]: CaseRow._make(row) for row in rows}
    return {case_id: cases[case_id] for case_id in ids}, _by_case(promises)


def read_cases(session: Session, ids: Sequence[str]) -> dict[str, CaseRow]:
    """The cases without a lock, for reading."""
    return {row[0]: CaseRow._make(row) for row in read(connection(session), _CASES, ids)}


def load_deadlines(session: Session, case_ids: Sequence[str]) -> dict[str, tuple[DeadlineRow, ...]]:
    """All deadlines of the cases, ended ones too (rounds are counted over them), oldest first."""
    return _by_case(read(connection(session), _PROMISES, case_ids))


def _by_case(rows: Iterable[Sequence[Any]]) -> dict[str, tuple[DeadlineRow, ...]]:
    found: dict[str, list[DeadlineRow]] = defaultdict(list)
    for row in rows:
        promise = DeadlineRow._make(row)
        found[promise.case_id].append(promise)
    return {case_id: tuple(promises) for case_id, promises in found.items()}
