"""Lists of cases (清单): the conditions, order and pages that every workflow's list takes alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from api.identity import Call
from api.paging import CursorText, Limit, Page, decode, page
from api.queries.ledger import Line, Sort, Wanted, case_lines
from api.words import HEX_ID, cleaned
from models.database import read_session
from workflow.table import Workflow

KEYS: dict[Sort, tuple[type, ...]] = {"newest": (str,), "due": (datetime, str)}
SORTED = "newest：最新在前；due：快到期的在前，不含没有时限在计时的"
Shown = TypeVar("Shown", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases, in which order, and which page of them."""

    wanted: Wanted
    sort: Sort
    limit: int
    cursor: str | None

    def of(self, call: Call, shown: Callable[[Line], Shown]) -> Page[Shown]:
        """The page of what the caller may see."""
        after = decode(self.cursor, *KEYS[self.sort])
        with read_session(call.engine) as session:
            rows = case_lines(session, call.actor, self.wanted, sort=self.sort, limit=self.limit + 1, after=after)
            items, following = page([shown(row) for row in rows], self.limit, self._key)
        return Page(items=list(items), next=following)

    def _key(self, line: Any) -> tuple[Any, ...]:
        return (line.id,) if self.sort == "newest" else (line.next_due_at, line.id)


def asked_of(workflow: Workflow) -> Any:
    """The dependency that reads a list's query, with the states and levels of its workflow."""

    async def asked(
        state: str | None = None,
        level: str | None = None,
        town_id: Annotated[str | None, Query(pattern=HEX_ID, description="镇街道")] = None,
        enterprise_id: Annotated[str | None, Query(pattern=HEX_ID, description="企业")] = None,
        sector: Annotated[str | None, Query(max_length=32, description="行业领域")] = None,
        overdue: Annotated[bool | None, Query(description="是否超期")] = None,
        q: Annotated[str | None, Query(max_length=100, description="在编号、标题、描述、企业名称中查找")] = None,
        sort: Annotated[
            Sort, Query(description="newest：最新在前；due：快到期的在前，不含没有时限在计时的")
        ] = "newest",
        limit: Limit = 50,
        cursor: CursorText = None,
    ) -> Asked:
        wanted = Wanted(
            workflow=workflow.name, state=state, level=level, town_id=town_id, enterprise_id=enterprise_id,
            sector=cleaned(sector or "") or None, overdue=overdue, q=cleaned(q or "") or None,
        )  # fmt: skip
        return Asked(wanted=wanted, sort=sort, limit=limit, cursor=cursor)

    asked.__annotations__["state"] = Annotated[_one_of(workflow.states) | None, Query(description="状态")]
    asked.__annotations__["level"] = Annotated[_one_of(workflow.levels) | None, Query(description="级别")]
    return Depends(asked)


def _one_of(names: Iterable[str]) -> Any:
    return Literal.__getitem__(tuple(str(name) for name in names))
