"""Where a sheet's header (表头) stands, of one row to three, and which column means what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import or_

from ledger.headings import LONGEST, exactly, recognised
from ledger.sheets import Cell, Grid, own

SEARCHED_ROWS = 40
DEEPEST = 3
_LABEL = r"([^\s:：,，。;；]{2,14}?)\s*[:：]"
# 检查日期：…  检查组组长：…  被检查企业：… may share one cell.
LABELS = re.compile(rf"(?:^|[\s;；,，。]){_LABEL}\s*(.*?)\s*(?=$|[\s;；,，。]{_LABEL})", re.DOTALL)
_TO_FILL_IN = re.compile(r"[(（](?:单位)?(?:盖章|公章|签章|签字|章)[)）]|[_＿]+")
# 整改资金 over （万元）: how to fill in the column, not what it is.
_HINT = re.compile(r"[(（][^()（）]*[)）]")
_FORM = re.compile("LV(?:LV?)*")
# What a title row may say once for the whole sheet.
SHEET_WIDE = frozenset(
    {
        "unit_name",
        "credit_code",
        "address",
        "place_text",
        "sector",
        "found",
        "finder",
        "published",
        "responsible_text",
        "deadline",
    }
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
    """The best header among the first rows, or that of a table above it; more rows win only when they say more."""
    found = [header for top in range(min(SEARCHED_ROWS, len(grid.rows))) if (header := at(grid, top))]
    best = max(found, key=_rank, default=None)
    above = [header for header in found if best and header.last + 1 < best.first and _begins_a_table(grid, header)]
    return max((header for header in above if header.first <= above[0].last), key=_rank, default=best)


def is_vertical(grid: Grid, header: Header) -> bool:
    """True for a form whose headings stand one below the other: 存在问题 | 1.…, 整改要求 | …, 整改期限 | …."""
    columns = [column.index for column in header.columns if column.field == "description"]
    rows = (row for row in grid.rows[header.last + 1 :] if not looks_like_one(row))
    said = [name for row in rows for index in columns if (name := _name(row[index]))]
    return bool(said) and 2 * sum(bool(exactly(name)) for name in said) > len(said)


def _begins_a_table(grid: Grid, header: Header) -> bool:
    """A form's labels (被检查单位 | 甲厂 | 检查时间 …) resemble a header, but describe no hazard."""
    outright = any(column.field == "description" and exactly(column.heading) for column in header.columns)
    return outright and any(map(looks_like_one, grid.rows[header.first : header.last + 1]))


def _rank(header: Header) -> tuple[int, int]:
    return header.score, header.first - header.last


def at(grid: Grid, top: int) -> Header | None:
    """The header that starts in this row (0-based), or None."""
    depths = range(1, min(DEEPEST, len(grid.rows) - top) + 1)
    best = max((_header(grid, top, depth) for depth in depths), key=lambda header: header.score)
    if best.score and _hints(grid, best.last + 1):
        best = _header(grid, top, best.last - top + 2)
    return best if best.score else None


def _hints(grid: Grid, row: int) -> bool:
    """True for a line of brackets only: （年/月/日） | （万元） | （是/否）."""
    cells = _cells(grid, row) if row < len(grid.rows) else []
    return bool(cells) and all(_HINT.fullmatch(_name(cell)) for cell in cells)


def again(grid: Grid, row: int, header: Header) -> Header | None:
    """The header that starts in this row below the first: printed on each page, or of another table; or None."""
    if not looks_like_one(grid.rows[row]):
        return None
    found = at(grid, row)
    # A line of options (企业 | 社区 | 其他) names fields, too.
    return found if found and found.fields >= header.fields & {"description"} else None


def titles(grid: Grid, last: int) -> dict[str, Cell]:
    """What rows above the header say for the whole sheet: `受检单位：某某厂`, in one cell or two."""
    said: dict[str, Cell] = {}
    for row in range(last):
        said = said_in(grid, row) | said
    return said


def said_in(grid: Grid, row: int) -> dict[str, Cell]:
    """What one row of titles says for the whole sheet."""
    said: dict[str, Cell] = {}
    cells = _cells(grid, row)
    form = _is_form(cells)
    for cell, following in zip(cells, [*cells[1:], ""], strict=False):
        beside = "" if _is_label(following, bare=form) else following
        for label, value in _labels(cell, bare=form):
            for field in exactly(label)[:1]:
                if field in SHEET_WIDE and (told := _told(value or beside)):
                    said.setdefault(field, told)
    return said


def _is_label(cell: Cell, *, bare: bool) -> bool:
    return any(exactly(label) for label, _ in _labels(cell, bare=bare)) or LABELS.search(_name(cell)) is not None


def _told(value: Cell) -> Cell:
    """The value without the place for a seal; "" for a line to write on."""
    return _TO_FILL_IN.sub("", value).strip() if isinstance(value, str) else value


def heads_a_block(grid: Grid, row: int) -> bool:
    """True for a line between two tables that names the unit of the next and holds labels only."""
    cells = _cells(grid, row)
    # Every line is asked; the first cell alone answers for nearly all.
    if not (cells and _is_label(cells[0], bare=True)) or "unit_name" not in said_in(grid, row):
        return False
    labels = [bool(LABELS.search(_name(cell))) for cell in cells]
    return _is_form(cells) or all(map(or_, labels, [False, *labels[:-1]]))


def _labels(cell: Cell, *, bare: bool) -> list[tuple[str, str]]:
    """The labels in a cell with what follows them there; in a form the whole cell may be a label."""
    name = _name(cell)
    return [(found[1], found[2]) for found in LABELS.finditer(name)] or [(name, "")] * bare


def _is_form(cells: Sequence[Cell]) -> bool:
    """被检查单位 | 甲厂 | 检查时间 | 2023年8月1日: labels and values in turn without colons, one may be blank."""
    kinds = "".join("L" if exactly(_name(cell)) else "x" if recognised(_name(cell)) else "V" for cell in cells)
    return kinds == "L" or (_FORM.fullmatch(kinds) is not None and kinds.count("L") <= kinds.count("V") + 1)


def names_fields(grid: Grid, row: int) -> bool:
    """True for a row above the header whose words are headings or labels, not data."""
    return bool(said_in(grid, row)) or sum(bool(exactly(_name(cell))) for cell in grid.rows[row]) >= 2


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
    telling = {"description", "unit_name"}
    if len(fields - {"serial"}) < 2 or not fields & telling:
        return 0
    # A hint how to fill in one field (根据隐患情况填写…) resembles the heading of another.
    if not outright & telling and len(outright - {"serial"}) < 2 and len(fields) < 4:
        return 0
    return len(outright) + len(fields) + ("description" in fields)


def _names(grid: Grid, top: int, depth: int) -> Iterator[tuple[int, str]]:
    upper = list(map(_name, grid.rows[top]))
    if depth == 1:
        for index, name in enumerate(upper):
            yield index, name if (top, index) not in grid.filled or _is_down(grid, top, index) else ""
        return
    for row in range(top + 1, top + depth):
        upper = list(_under(upper, grid, row, last=row == top + depth - 1))
    yield from enumerate(upper)


def _under(upper: Sequence[str], grid: Grid, row: int, *, last: bool) -> Iterator[str]:
    """The names of the columns down to this row, below the names so far; above the last row one may head several."""
    group = ""
    for index, above in enumerate(upper):
        own = _name(grid.rows[row][index])
        if (row, index) in grid.filled and (last or own == above):
            own = ""
        group = above or (group if own else "")
        yield _joined(group, own) if own else above


def _is_down(grid: Grid, row: int, column: int) -> bool:
    """True when a filled cell carries the value from above, not from its left."""
    return not (column and grid.rows[row][column - 1] == grid.rows[row][column])


def _joined(group: str, own: str) -> str:
    """`整改` over `期限` is 整改期限; `交办` over `检查单位` is 检查单位; `资金` over `（万元）` is 资金（万元）."""
    if _HINT.fullmatch(own):
        return group + own
    return group + own if (len(own) < 3 or not exactly(own)) and exactly(group + own) else own


def _cells(grid: Grid, row: int) -> list[Cell]:
    return [cell for _, cell in own(grid, row)]


def _name(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def looks_like_one(row: Sequence[Cell]) -> bool:
    """True for a row that is itself a header, such as the one printed again on each page."""
    return sum(len(cell) <= LONGEST and bool(exactly(cell)) for cell in row if isinstance(cell, str)) >= 3
