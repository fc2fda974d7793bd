"""Grids to rows: every line below a header becomes hazards, named problems, or a note saying why it is neither."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ledger import header as headers
from ledger.closest import closest
from ledger.columns import Columns
from ledger.facts import Facts
from ledger.faults import FAULTS, Fault
from ledger.header import Column, Header
from ledger.headings import LONGEST_NAME, exactly
from ledger.items import Item, share, split
from ledger.keys import keyed
from ledger.lines import Line, classify, dated, zero_report
from ledger.mixed import untangled
from ledger.records import Problem, Reading, Row
from ledger.refusals import NoHeader
from ledger.sections import opened
from ledger.sheets import Cell, Grid, own
from ledger.stated import named_on, stated_on
from ledger.words import NO_HAZARD, stated, text

LEAST_DATA = 3  # cells: a title, or a label and its value, fills one or two
# Columns in which one cell may speak of each hazard of its line in turn.
SHARED = (
    "deadline",
    "location",
    "level",
    "status_text",
    "more_status",
    "measures",
    "requirement",
    "remark",
    "money",
    "finished_on",
)
# Sheets that explain the table: their rows name fields and options, not hazards.
GUIDE = re.compile("(?:填表|填报|填写|使用)?(?:说明|须知|示例|样表)|(?:数据)?字典|下拉.{0,6}|(?:下拉)?选项|代码表")
LOOKED_FOR = (
    "“隐患描述”（隐患内容、存在问题、隐患清单……）或“单位名称”（企业名称、隐患单位、场所名称……），"
    "并有整改期限、检查日期等列"
)
# A sheet of these alone, beside one of hazards, lists enterprises or what a cell may hold.
LISTED = frozenset(
    ("serial", "unit_name", "credit_code", "address", "place_text", "sector", "unit_type", "kind", "level", "contact")
) | {"phone", "contact+phone", "remark", "source"}
HORIZONTAL = "横排的台账：第一行是表头，以下每条隐患一行；这份是竖式表格，项目名称排在左侧：工作表"


def parse(grids: Iterable[Grid], *, today: date | None = None, name: str = "") -> Reading:
    """All sheets of a ledger; raises NoHeader when none of them has a header that can be recognised.

    Dates without a year are read from the day a sheet speaks of, which is none after `today`; where it names none, from
    that of the file's `name`, else from `today`, and the hazard warns.
    """
    pile = _Pile()
    headed = [(grid, _header(grid)) for grid in grids]
    described = any(header and "description" in header.fields for _, header in headed)
    for grid, header in headed:
        why = _unread(grid, header, described=described)
        if header is None or why:
            pile.notes.append(f"工作表“{grid.sheet}”{why}")
            continue
        pile.columns[grid.sheet] = header.columns
        if stated := stated_on(grid, header.first, today=today):
            pile.stated_on[grid.sheet] = stated
        _read(grid, header, stated or named_on(name, today=today) or today, pile)
    if not pile.columns:
        forms = "、".join(grid.sheet for grid, header in headed if header)
        seen = closest(grid for grid, _ in headed)
        lacking = f"表头中有{LOOKED_FOR}{'。' * bool(seen)}{seen}"
        raise NoHeader(field="file", right=HORIZONTAL + forms if forms else lacking)
    return Reading(
        pile.columns, tuple(keyed(pile.rows)), tuple(pile.problems), tuple(pile.notes), pile.lines, pile.stated_on
    )


def _header(grid: Grid) -> Header | None:
    return None if _is_guide(grid) or grid.note else headers.find(grid)


def _is_guide(grid: Grid) -> bool:
    return GUIDE.fullmatch(grid.sheet.strip()) is not None


def _unread(grid: Grid, header: Header | None, *, described: bool) -> str:
    """Why a sheet is not read, or ""; `described` says that some sheet of the file describes hazards."""
    if _is_guide(grid):
        return "是填表说明或字典，没有读取"
    if header is None:
        return f"：{grid.note or '没有找到可以识别的表头，没有读取'}"
    if headers.is_vertical(grid, header):
        return "是竖式表格，没有读取"
    return "没有隐患描述一列，是名单或选项，没有读取" if described and header.fields <= LISTED else ""


@dataclass(slots=True)
class _Pile:
    """What has been read so far."""

    columns: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    stated_on: dict[str, date] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: int = 0


def _read(grid: Grid, header: Header, reference: date | None, pile: _Pile) -> None:
    said = headers.titles(grid, header.first)
    sections = opened(grid, header.first)
    columns, row, by_day = Columns(grid, header, sections.said | said), header.last + 1, False
    pile.notes.extend(_unread_above(grid, header))
    while row < len(grid.rows):
        if again := headers.again(grid, row, header):
            # Printed again on the next page, the header does not end the unit's hazards; another table does.
            unit = columns.unit if again.fields == columns.header.fields else {}
            columns, row = Columns(grid, again, sections.said | said, unit=unit), again.last + 1
            continue
        if headers.heads_a_block(grid, row):
            said = said | headers.said_in(grid, row)
            columns = Columns(grid, columns.header, sections.said | said)
            pile.notes.append(_no_hazard(grid, row, Line.TITLE))
            row += 1
            continue
        descriptions = columns.described(row) or zero_report(grid, row)
        line = classify(grid, row, columns.header, described=bool(descriptions))
        if line is Line.DATA:
            pile.lines += 1
            _hazards(_Place(grid, row, columns, reference), descriptions, pile)
        elif line is Line.TITLE:
            sections.begin(text(own(grid, row)[0][1]))
            said = said | headers.said_in(grid, row)
            columns.said = sections.said | said
        elif line is Line.SIGNATURE and (day := dated(grid, row)) and (by_day or not columns.above):
            # 2026年3月3日 above all hazards begins those of its day, as the next ones do; below some it signs.
            by_day, said = True, said | {"found": day}
            columns.said = sections.said | said
        if line not in (Line.DATA, Line.BLANK):
            pile.notes.append(_no_hazard(grid, row, line))
        row += 1


def _no_hazard(grid: Grid, row: int, line: Line) -> str:
    return f"工作表“{grid.sheet}”第 {row + 1} 行是{line.value}，不作为隐患：{_shown(grid, row)}"


def _unread_above(grid: Grid, header: Header) -> Iterator[str]:
    """Notes on lines above the header that are no titles, for they may be data under headings nobody knows."""
    for row in range(header.first):
        if len(own(grid, row)) >= LEAST_DATA and not headers.names_fields(grid, row):
            yield f"工作表“{grid.sheet}”第 {row + 1} 行在表头之上，没有读取：{_shown(grid, row)}"


def _shown(grid: Grid, row: int) -> str:
    return " ".join(filter(None, (text(cell) for _, cell in own(grid, row))))[:60]


@dataclass(frozen=True, slots=True)
class _Place:
    """One data line and what is needed to read it."""

    grid: Grid
    row: int
    columns: Columns
    reference: date | None


def _hazards(place: _Place, descriptions: list[tuple[str, str]], pile: _Pile) -> None:
    cells, extra = place.columns.cells(place.row)
    cells = untangled(cells)
    found = [(item, heading) for said, heading in descriptions if _tells(said) for item in split(said)]
    if not found:
        said = [said for said, _ in descriptions]
        pile.problems.append(_problem(place, 1, (_nothing(said, place.columns), "description", " ".join(said))))
        return
    shared = _shared(cells, tuple(item for item, _ in found))
    for position, ((item, heading), its) in enumerate(zip(found, shared, strict=True), start=1):
        headings = place.columns.headings | {"description": heading}
        facts = Facts(its, headings, place.reference, stated=place.grid.sheet in pile.stated_on)
        values = facts.values(item.text)
        if facts.refused:
            pile.problems.append(_problem(place, position, _merged(facts.faults)))
            continue
        pile.problems.extend(_problem(place, position, fault) for fault in facts.faults)
        values["extra"] = {**extra, **facts.unread}
        row = Row(sheet=place.grid.sheet, line=place.row + 1, item=position, description=item.text, **values)
        pile.rows.append(row)


def _nothing(said: list[str], columns: Columns) -> Fault:
    """Why a line holds no hazard."""
    if any(map(NO_HAZARD.fullmatch, said)):
        return FAULTS["ZeroReport"]
    if "description" in columns.headings:
        return FAULTS["NoDescription"]
    unknown = [column.heading for column in columns.header.columns if column.heading and not column.field]
    fault = FAULTS["NoDescriptionColumn"]
    return replace(fault, reason=fault.reason.format(headings="、".join(unknown) or "无"))


def _tells(said: str) -> bool:
    """True for a description in words; figures alone are a count or a number, and a heading is no hazard."""
    return (
        bool(stated(said))
        and not NO_HAZARD.fullmatch(said)
        and any(map(str.isalpha, said))
        and not (len(said) <= LONGEST_NAME and exactly(said))
    )


def _shared(cells: dict[str, Cell], items: tuple[Item, ...]) -> list[Mapping[str, Cell]]:
    """The line's cells for each of its hazards."""
    if len(items) == 1 and items[0].number is None:
        return [cells]
    each: list[dict[str, Cell]] = [dict(cells) for _ in items]
    for name in SHARED:
        cell = cells.get(name)
        if isinstance(cell, str):
            for own, part in zip(each, share(cell.strip(), items), strict=True):
                own[name] = part
    return list(each)


def _merged(faults: list[tuple[Fault, str, str]]) -> tuple[Fault, str, str]:
    """All that refuses a hazard as one problem, so that hazards read = rows + refused problems."""
    refusing = [each for each in faults if each[0].severity == "refused"]
    (first, column, value), rest = refusing[0], refusing[1:]
    reason = "；".join([first.reason, *(f"{fault.reason}（{said}）" for fault, _, said in rest)])
    right = "；".join(dict.fromkeys([first.right, *(fault.right for fault, _, _ in rest)]))
    return replace(first, reason=reason, right=right), column, value


def _problem(place: _Place, item: int, found: tuple[Fault, str, str]) -> Problem:
    fault, column, value = found
    return Problem(
        sheet=place.grid.sheet, line=place.row + 1, item=item, fault=fault,
        column=place.columns.headings.get(column, ""), value=value, cells=tuple(map(text, place.grid.rows[place.row])),
    )  # fmt: skip
