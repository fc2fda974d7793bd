"""A decision is plain values: what is true now, and the rows to write for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from workflow.history import EventRow
from workflow.rows import CaseRow


class Change(NamedTuple):
    """Rows that match `keys` (and the condition of `kind`, a row of `write.CHANGES`) get `values`."""

    kind: str
    keys: Mapping[str, Any]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An act that no rung proposes: about which case, of which kind and why; `by`: the person, none if nobody chose."""

    about: str
    kind: str
    basis: str
    by: str | None = None


class Decision(NamedTuple):
    """What `write` writes: the case before (none: new) and after, its events, new rows as (table, row), changes.

    `elsewhere`: what is proposed about other cases, whose histories must say so too.
    """

    before: CaseRow | None
    after: CaseRow
    events: tuple[EventRow, ...]
    inserts: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    changes: tuple[Change, ...] = ()
    elsewhere: tuple[Proposal, ...] = ()
