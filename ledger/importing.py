"""The import of a ledger (台账导入): a file becomes cases in one transaction; every row is a case, known, or a problem.

The one place below the edge that opens a transaction of its own: none is open while the file is read.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ledger import paper as papers
from ledger.district import receiving_or_new
from ledger.matching import Unknown
from ledger.old import old_hazard
from ledger.outcome import Outcome, columns_of
from ledger.paper import Paper
from ledger.records import Problem
from ledger.scratch import undone
from ledger.sorting import Sorted, dated, sorted_out
from models import Import, new_id
from models.database import write_session
from workflow.actor import Actor
from workflow.arithmetic import SHANGHAI
from workflow.rules import Rules
from workflow.taking_in import take_in

CASES_AT_ONCE = 1_000
Progress = Callable[[int, int], None]


def preview(path: Path) -> Outcome:
    """What a file holds, without any database: recognised columns, rows, and the problems of reading them."""
    paper = papers.read(path)
    return _outcome(paper, cases=len(paper.reading.rows), known=0, problems=paper.reading.problems)


def import_ledger(
    engine: Engine,
    rules: Rules,
    path: Path,
    *,
    actor: Actor,
    now: datetime,
    unknown: Unknown = "create",
    dry_run: bool = False,
    district_id: str | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Take a ledger in: all good rows in one transaction, the others as problems; the same file again adds nothing.

    `unknown`: places and units nobody knows are made under the branch 待确认 (create) or refused row by row (refuse).
    `dry_run` counts and writes nothing, on a database without tables or district against nothing. `progress` hears
    (cases written, cases in all). Refuses by name a file that is no ledger and a district that is not clear.
    """
    paper = papers.read(path, name=name, today=now.astimezone(SHANGHAI).date())
    rows, problems = dated(paper, rules, now)
    import_id = None
    with undone(engine, now) if dry_run else write_session(engine) as session:
        district = receiving_or_new(session, district_id, unknown=unknown, now=now)
        found = sorted_out(session, paper, rows, district, unknown=unknown, now=now)
        problems += found.problems
        if found.ready and not dry_run:
            import_id = new_id(now)
            refused = sum(problem.refused for problem in problems)
            session.add(_record(paper, found, refused, import_id, actor=actor, now=now))
            session.flush()
            _write(session, rules, paper, found, import_id, actor=actor, now=now, progress=progress or _unheard)
    return _outcome(paper, cases=len(found.ready), known=found.known, problems=problems, import_id=import_id)


def _record(paper: Paper, found: Sorted, refused: int, import_id: str, *, actor: Actor, now: datetime) -> Import:
    return Import(
        id=import_id,
        name=paper.name,
        sha256=paper.sha256,
        imported_at=now,
        imported_by=actor.id,
        rows=_rows(paper),
        cases=len(found.ready),
        known=found.known,
        problems=refused,
    )


def _write(
    session: Session,
    rules: Rules,
    paper: Paper,
    found: Sorted,
    import_id: str,
    *,
    actor: Actor,
    now: datetime,
    progress: Progress,
) -> None:
    whole = len(found.ready)
    # Sorted beforehand: all are of one instant, and a list by id is then in the ledger's order.
    ids = sorted(new_id(now) for _ in found.ready)
    for start in range(0, whole, CASES_AT_ONCE):
        some = found.ready[start : start + CASES_AT_ONCE]
        same = {"district_id": found.district_id, "import_id": import_id}
        old = [
            old_hazard(each, paper.headings[each.row.sheet], case_id=case_id, **same)
            for each, case_id in zip(some, ids[start:], strict=False)
        ]
        take_in(session, rules, old, actor=actor, now=now)
        progress(start + len(some), whole)


def _rows(paper: Paper) -> int:
    return len(paper.reading.rows) + len(paper.reading.refused)


def _outcome(
    paper: Paper, *, cases: int, known: int, problems: Sequence[Problem], import_id: str | None = None
) -> Outcome:
    sheets = list(paper.reading.columns)
    return Outcome(
        rows=_rows(paper),
        lines=paper.reading.lines,
        cases=cases,
        known=known,
        problems=tuple(sorted(problems, key=lambda each: (sheets.index(each.sheet), each.line, each.item))),
        notes=paper.reading.notes,
        columns=columns_of(paper.reading),
        import_id=import_id,
    )


def _unheard(_written: int, _whole: int) -> None:
    """Nobody asked to hear."""
