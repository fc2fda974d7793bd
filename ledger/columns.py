"""The cells of one data line, by field: dittos resolved, merged and blank unit cells carried down."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledger.boxes import ANSWERS, IN_A_COLUMN, OPTIONS
from ledger.header import Column, Header
from ledger.headings import bare
from ledger.sheets import Cell, Grid
from ledger.words import DITTO, text

# Written once for several hazards of a unit, in ledgers whose merged ranges are lost (.ods, .csv).
OF_THE_UNIT = (
    "unit_name", "credit_code", "place_text", "address", "sector", "unit_type", "found", "finder", "found+finder",
    "contact", "phone", "contact+phone", "published", "source",
)  # fmt: skip
_OF_ITS_OWN = re.compile(
    r"(?:隐患|问题).*[0-9一二三四五六七八九十]|(?!存在|主要|具体|发现|检查|事故|安全).+(?:隐患|问题)"
)
_IN_DETAIL = re.compile("描述|内容|详情|详细|具体|基本情况")
_BY_NAME = re.compile("名称|清单|标题|行为|类别|项目")
# What is finished may wait for somebody else's check: 整改完成 beside 是否验收 否.
_CHECK = re.compile(r"是否.*(?:验收|复查|复核|核查|核验|销号)")
_NOT_YET = frozenset({"否", "未", "×"})
IDENTIFY = ("unit_name", "credit_code", "address", "place_text")


def _described_by(columns: Sequence[Column]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The columns that describe hazards, and those that describe the same ones in other words, the best of them first.

    隐患1 and 隐患2, 一般隐患 and 重大隐患 are hazards of their own; 隐患名称 and 隐患描述 are one.
    """
    if all(_OF_ITS_OWN.fullmatch(bare(column.heading)) for column in columns):
        return tuple(column.index for column in columns), ()
    best, *others = (column.index for column in sorted(columns, key=_worth))
    return (best,), tuple(others)


def _worth(column: Column) -> int:
    """Less for a heading that promises more words."""
    return 1 - bool(_IN_DETAIL.search(column.heading)) + bool(_BY_NAME.search(column.heading))


@dataclass(slots=True)
class Columns:
    """Reads the lines of one table in order, remembering the unit above."""

    grid: Grid
    header: Header
    said: Mapping[str, Cell]
    unit: dict[str, Cell] = field(default_factory=dict)
    above: tuple[Cell, ...] = ()
    wanted: tuple[tuple[int, str], ...] = ()
    checks: frozenset[int] = frozenset()
    others: tuple[tuple[int, str], ...] = ()
    spans: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    descriptions: tuple[int, ...] = ()
    instead: tuple[int, ...] = ()
    options: tuple[tuple[int, str, str], ...] = ()
    ticked: frozenset[int] = frozenset()
    headings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the columns: the first of a field fills it, later ones fill it when it is blank, else stay extra."""
        columns = self.header.columns
        described = [c for c in columns if c.field == "description"]
        self.spans = {column.index: self._span(column) for column in described}
        beneath = {index for _, *rest in self.spans.values() for index in rest}
        self.descriptions, self.instead = _described_by([c for c in described if c.index not in beneath])
        checks = [c for c in columns if c.field == "status_text" and _CHECK.search(bare(c.heading))]
        self.checks = frozenset(column.index for column in checks)
        wanted = (column for column in columns if column.field not in ("", "description"))
        self.wanted = tuple((c.index, c.field) for c in sorted(wanted, key=lambda c: c.index in self.checks))
        for column in columns:
            for name in column.field.split("+"):
                self.headings.setdefault(name, column.heading)
        named = {bare(column.heading): column.index for column in columns}
        self.options = tuple((named[heading], *said) for heading, said in OPTIONS.items() if heading in named)
        self.ticked = frozenset(index for index, *_ in self.options)
        self.others = tuple((column.index, column.heading or f"第{column.index + 1}列") for column in columns)

    def _span(self, column: Column) -> tuple[int, ...]:
        """The column and those over which its heading is merged: 存在问题 over a kind and the hazard."""
        headings, last = self.grid.rows[self.header.last], self.header.last
        span = [column.index]
        for other in self.header.columns[column.index + 1 :]:
            merged = (last, other.index) in self.grid.filled and headings[other.index] == headings[column.index]
            if not merged or other.heading not in ("", column.heading):
                break
            span.append(other.index)
        return tuple(span)

    def cells(self, row: int) -> tuple[dict[str, Cell], dict[str, str]]:
        """The cells of row (0-based) by field, and the texts of all columns no field has taken, by heading."""
        line = self._without_dittos(self.grid.rows[row])
        found: dict[str, Cell] = {}
        taken = {index for column in self._describing(row) for index in self._telling(row, column)}
        for index, name in self.wanted:
            if name not in found and line[index] != "" and not self._is_tick(index, line[index]):
                found[name] = line[index]
                taken.add(index)
            elif name == "status_text" and line[index] != "" and not self._waits(index, line[index]):
                found["more_status"] = f"{found.get('more_status', '')}\n{text(line[index])}".strip()
        for index, name, said in self.options:
            if name not in found and text(line[index]).upper() in IN_A_COLUMN:
                found[name] = said
                taken.add(index)
        extra: dict[str, str] = {}
        for index, heading in self.others:
            if index not in taken and line[index] != "" and (value := text(line[index])):
                name = heading if heading not in extra else f"{heading}({index + 1})"
                extra[name] = value
        self._carry(found)
        return found, extra

    def _is_tick(self, column: int, cell: Cell) -> bool:
        return column in self.ticked and text(cell).upper() in ANSWERS

    def _waits(self, column: int, cell: Cell) -> bool:
        return column in self.checks and text(cell) in _NOT_YET

    def described(self, row: int) -> list[tuple[str, str]]:
        """The texts of the description column or columns (隐患1, 隐患2 …) that are not blank, with their headings."""
        headings, line = self.header.columns, self.grid.rows[row]
        return [
            ("：".join(text(line[index]) for index in self._telling(row, column)), headings[column].heading)
            for column in self._describing(row)
        ]

    def _describing(self, row: int) -> tuple[int, ...]:
        """The columns that describe this line's hazards; 隐患名称 does where 隐患描述 beside it is blank."""
        found = tuple(index for index in self.descriptions if self._telling(row, index))
        return found or tuple(index for index in self.instead if self._telling(row, index))[:1]

    def _telling(self, row: int, column: int) -> tuple[int, ...]:
        """The columns under a heading that hold something; figures (序号, 条数) beside words describe nothing."""
        found = tuple(index for index in self.spans[column] if self._tells(row, index))
        if len(found) < 2:
            return found
        return tuple(index for index in found if any(map(str.isalpha, text(self.grid.rows[row][index])))) or found

    def _tells(self, row: int, column: int) -> bool:
        cell = self.grid.rows[row][column]
        return (
            cell != "" and not self._from_the_left(row, column) and text(cell) != "" and not self._is_tick(column, cell)
        )

    def _from_the_left(self, row: int, column: int) -> bool:
        """A title, a note or a signature merged across the table is no description."""
        line = self.grid.rows[row]
        return (row, column) in self.grid.filled and column > 0 and line[column - 1] == line[column]

    def _without_dittos(self, line: tuple[Cell, ...]) -> tuple[Cell, ...]:
        if not DITTO.isdisjoint(cell for cell in line if isinstance(cell, str)):
            line = tuple(
                above if cell in DITTO and index not in self.descriptions else cell
                for index, (cell, above) in enumerate(zip(line, self.above or line, strict=True))
            )
        self.above = line
        return line

    def _carry(self, found: dict[str, Cell]) -> None:
        if any(name in found for name in IDENTIFY):
            self.unit = {name: found[name] for name in OF_THE_UNIT if name in found}
        elif self.unit:
            if "serial" in found:
                found["carried"] = True  # a number of its own, yet no unit: likely, not certain
            for name, cell in self.unit.items():
                found.setdefault(name, cell)
        for name, cell in self.said.items():
            found.setdefault(name, cell)
