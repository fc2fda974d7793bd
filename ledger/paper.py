"""A ledger file as it was read (台账): its digest, its cells, what they hold, and the day its titles name."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger import rows, sheets
from ledger.faults import Fault
from ledger.records import Problem, Reading, Row
from ledger.sheets import Cell
from ledger.words import text

Found = tuple[Fault, str, str]  # fault, field, value
NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """One file: `headings` by sheet and field, `stated_on` by sheet (统计截止) where it names a day."""

    name: str
    sha256: str
    reading: Reading
    cells: Mapping[str, tuple[tuple[Cell, ...], ...]]
    headings: Mapping[str, Mapping[str, str]]
    stated_on: Mapping[str, date]

    def problem(self, row: Row, faults: Iterable[Found]) -> Problem:
        """All that is wrong with a row as one problem, so that rows read = cases + known + refused problems."""
        (fault, field, value), *rest = faults
        reason = "；".join([fault.reason, *(f"{other.reason}（{said}）" for other, _, said in rest)])
        right = "；".join(dict.fromkeys([fault.right, *(other.right for other, _, _ in rest)]))
        merged = Fault(fault.name, fault.severity, fault.field, reason, right)
        return Problem(
            sheet=row.sheet, line=row.line, item=row.item, fault=merged,
            column=self.headings[row.sheet].get(field, ""), value=value,
            cells=tuple(map(text, self.cells[row.sheet][row.line - 1])),
        )  # fmt: skip


def read(path: Path, *, name: str | None = None, today: date | None = None) -> Paper:
    """Read and parse a ledger file; refuses it by name as a whole, or notes problems row by row."""
    grids = sheets.read(path)
    reading = rows.parse(grids, today=today, name=name or path.name)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Paper(
        name=(name or path.name)[:NAME_LENGTH],
        sha256=sha256,
        reading=reading,
        cells={grid.sheet: grid.rows for grid in grids},
        headings={sheet: _headings(reading, sheet) for sheet in reading.columns},
        stated_on=reading.stated_on,
    )


def _headings(reading: Reading, sheet: str) -> dict[str, str]:
    headings: dict[str, str] = {}
    for column in reading.columns[sheet]:
        for field in column.field.split("+"):
            headings.setdefault(field, column.heading)
    return headings
