"""Where a sheet's header (表头) stands, of one row or two, and which column means what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.headings import WRITTEN, exactly, recognised
from ledger.sheets import Cell, Grid

SEARCHED_ROWS = 40
LABEL = re.compile(r"^\s*([^\s:：,，。]{2,14}?)\s*[:：]\s*(.*)$", re.DOTALL)
# What a title row may say once for the whole sheet.
SHEET_WIDE = frozenset(
    {"unit_name", "credit_code", "address", "place_text", "sector", "found", "finder", "published", "responsible_text"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its number (0-based), its heading as written, and the field it fills ("" when not recognised)."""

    index: int
    heading: str
    field: str


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table, the rows (0-based) its header takes, and what the titles say for all its rows."""

    first: int
    last: int
    columns: tuple[Column, ...]
    score: int

    @property
    def fields(self) -> frozenset[str]:
        """The fields recognised."""
        return frozenset(column.field for column in self.columns if column.field)


def find(grid: Grid) -> Header | None:
    """The best header among the first rows, or None; two rows win only when they say more."""
    found = (at(grid, top) for top in range(min(SEARCHED_ROWS, len(grid.rows))))
    return max((header for header in found if header), key=_rank, default=None)


def _rank(header: Header) -> tuple[int, int]:
    return header.score, header.first - header.last


def at(grid: Grid, top: int) -> Header | None:
    """The header that starts in this row (0-based), or None."""
    depths = range(1, min(2, len(grid.rows) - top) + 1)
    best = max((_header(grid, top, depth) for depth in depths), key=lambda header: header.score)
    return best if best.score else None


def titles(grid: Grid, last: int) -> dict[str, Cell]:
    """What rows above the header say for the whole sheet: `受检单位：某某厂`, in one cell or two."""
    said: dict[str, Cell] = {}
    for row in range(last):
        cells = [cell for column, cell in enumerate(grid.rows[row]) if cell != "" and (row, column) not in grid.filled]
        for position, cell in enumerate(cells):
            label = LABEL.match(cell) if isinstance(cell, str) else None
            if label is None:
                continue
            following = cells[position + 1] if position + 1 < len(cells) else ""
            for field in exactly(label[1])[:1]:
                if field in SHEET_WIDE:
                    said.setdefault(field, label[2].strip() or following)
    return said


def _header(grid: Grid, top: int, depth: int) -> Header:
    names = list(_names(grid, top, depth))
    choices = [recognised(name) if name else () for _, name in names]
    taken = {fields[0] for fields in choices if len(fields) == 1}
    columns = []
    for (index, name), fields in zip(names, choices, strict=True):
        field = fields[0] if fields else ""
        if len(fields) > 1:
            field = next((each for each in fields if each not in taken), fields[-1])
            taken.add(field)
        columns.append(Column(index, name, field))
    return Header(top, top + depth - 1, tuple(columns), _score(columns))


def _score(columns: list[Column]) -> int:
    """Twice the fields named outright, once those guessed; 0 when the row can't be a header."""
    outright = {column.field for column in columns if column.field and exactly(column.heading)}
    fields = {column.field for column in columns if column.field}
    if len(fields - {"serial"}) < 2 or not outright - {"serial"} or not fields & {"description", "unit_name"}:
        return 0
    return len(outright) + len(fields) + ("description" in fields)


def _names(grid: Grid, top: int, depth: int) -> Iterator[tuple[int, str]]:
    upper = grid.rows[top]
    if depth == 1:
        for index, cell in enumerate(upper):
            yield index, _name(cell) if (top, index) not in grid.filled or _is_down(grid, top, index) else ""
        return
    group = ""
    lower = grid.rows[top + 1]
    for index in range(len(upper)):
        own, above = _name(lower[index]), _name(upper[index])
        group = above or (group if own else "")
        if (top + 1, index) in grid.filled:
            own = ""
        yield index, _joined(group, own) if own else above


def _is_down(grid: Grid, row: int, column: int) -> bool:
    """True when a filled cell carries the value from above, not from its left."""
    return not (column and grid.rows[row][column - 1] == grid.rows[row][column])


def _joined(group: str, own: str) -> str:
    """`整改` over `期限` is 整改期限; `交办` over `检查单位` is 检查单位."""
    return group + own if (len(own) < 3 or not exactly(own)) and exactly(group + own) else own


def _name(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def looks_like_one(row: Sequence[Cell]) -> bool:
    """True for a row that is itself a header, such as the one printed again on each page."""
    return sum(cell in WRITTEN for cell in row if isinstance(cell, str)) >= 3
