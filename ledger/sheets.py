"""Ledger files (台账) to grids of cells, with every guard before the parser."""

import io
import pickle
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ledger import delimited, kinds, refusals

Cell = str | float | int | bool | date | datetime | time | timedelta
Range = tuple[tuple[int, int], tuple[int, int]]

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 200_000, 500
CHILD_MEMORY, CHILD_CPU_SECONDS, CHILD_WALL_SECONDS = 2 * 1024**3, 60, 240
HIDDEN, EMPTY = "隐藏的工作表，没有读取", "空工作表，没有读取"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: rows of cells ("" where blank), row i being line i + 1 of the file.

    `filled` holds the (row, column) of cells that carry the value of a merged range and are blank by themselves;
    `note` says why a sheet without rows was not read.
    """

    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    filled: frozenset[tuple[int, int]] = frozenset()
    note: str = ""


def own(grid: Grid, row: int) -> list[tuple[int, Cell]]:
    """The (column, cell) of a row (0-based) that hold something by themselves, not through a merged range."""
    filled = grid.filled
    return [
        (column, cell)
        for column, cell in enumerate(grid.rows[row])
        if cell != "" and (row, column) not in filled and not (isinstance(cell, str) and not cell.strip())
    ]


def read(path: Path, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> tuple[Grid, ...]:
    """The sheets of an .xlsx, .xls, .ods or .csv file; refuses hostile, locked or damaged ones by name."""
    if kinds.kind(path, max_bytes=max_bytes) == "csv":
        return (_grid("CSV", delimited.read(path, max_rows=max_rows, max_columns=MAX_COLUMNS), ()),)
    return tuple(
        _grid(name, rows, merged or ()) if visible else Grid(sheet=name, rows=(), note=HIDDEN)
        for name, visible, rows, merged in _parsed(path, max_rows)
    )


def _grid(name: str, rows: Sequence[Sequence[Cell]], merged: Iterable[Range]) -> Grid:
    cells = [["" if isinstance(cell, str) and cell.isspace() else cell for cell in row] for row in rows]
    if not any(cell != "" for row in cells for cell in row):
        return Grid(sheet=name, rows=(), note=EMPTY)
    filled = set()
    budget = len(cells) * len(cells[0])  # merged ranges cannot overlap: a file in which they do would cost its square
    for (top, left), (bottom, right) in merged:
        rows_covered, columns_covered = min(bottom + 1, len(cells)) - top, min(right + 1, len(cells[0])) - left
        if rows_covered < 1 or columns_covered < 1:  # outside the cells; it must not add to the budget
            continue
        budget -= rows_covered * columns_covered
        if budget < 0:
            raise refusals.Corrupt(field="file", right=kinds.SAVE_AS)
        if cells[top][left] == "":
            continue
        for row in range(top, min(bottom + 1, len(cells))):
            for column in range(left, min(right + 1, len(cells[row]))):
                if cells[row][column] == "":
                    cells[row][column] = cells[top][left]
                    filled.add((row, column))
    return Grid(sheet=name, rows=tuple(map(tuple, cells)), filled=frozenset(filled))


def _parsed(path: Path, max_rows: int) -> list[tuple[str, bool, list[list[Cell]], list[Range] | None]]:
    limits = (CHILD_MEMORY, CHILD_CPU_SECONDS, max_rows, MAX_COLUMNS)
    script = Path(__file__).with_name("untrusted.py")
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(script), str(path.resolve()), *map(str, limits)],
            capture_output=True,
            timeout=CHILD_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise refusals.SheetTooLarge(field="file", right=kinds.SAVE_AS) from fault
    if child.returncode:
        raise refusals.SheetTooLarge(field="file", right="删去表格最右、最下方的空白区域后另存，或分成几个文件")
    outcome, found = _Plain(io.BytesIO(child.stdout)).load()
    if outcome != "ok":
        raise _REFUSED[outcome](field="file", right=_RIGHT[outcome])
    return found  # type: ignore[no-any-return]  # the child that made it is our own


class _Plain(pickle.Unpickler):
    """Admits the cell types only: what parsed a hostile file is not trusted with objects."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in ("date", "datetime", "time", "timedelta"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


_REFUSED: dict[str, type[refusals.LedgerRefused]] = {
    name: getattr(refusals, name) for name in ("TooManyRows", "TooManyColumns", "SheetTooLarge", "Encrypted", "Corrupt")
}
_RIGHT = {
    "TooManyRows": f"每张工作表不超过 {MAX_ROWS} 行，可分成几个文件导入",
    "TooManyColumns": f"每张工作表不超过 {MAX_COLUMNS} 列",
    "SheetTooLarge": "删去表格最右、最下方的空白区域后另存，或分成几个文件",
    "Encrypted": "取消打开密码后另存再导入",
    "Corrupt": kinds.SAVE_AS,
}
