"""Which lines of a sheet are hazards (隐患), and which only titles, totals, signatures, notes or examples."""

import unicodedata
from enum import StrEnum

from ledger import words
from ledger.header import Header
from ledger.sheets import Cell, Grid, own


class Line(StrEnum):
    """What a line below the header is, in Chinese."""

    DATA = "隐患"
    BLANK = "空行"
    TOTAL = "合计行"
    SIGNATURE = "填报、审核或说明行"
    TITLE = "小标题行"
    EXAMPLE = "示例行"
    END = "落款或“以下空白”行"
    NUMBERS = "列号行"
    RESERVED = "只有序号的预留行"


def classify(grid: Grid, row: int, header: Header, *, described: bool) -> Line:
    """What a row (0-based) is; `described` says that its description column holds something."""
    cells = own(grid, row)
    if not cells:
        return Line.BLANK
    column, cell = cells[0]
    first = unicodedata.normalize("NFKC", words.text(cell)).strip()
    if row == header.last + 1 and _guides(cells):
        return Line.EXAMPLE
    if len(cells) == 1 and _ends(column, first, header, described=described):
        return Line.END
    if len(first) > 60 and described:
        return Line.DATA
    if _goes_on(first, cells, header):
        return Line.DATA
    if _is_total(first, cells, described=described):
        return Line.TOTAL
    if _is_label(first) or words.REMARK.match(first) or _labels_only(first, cells):
        return Line.SIGNATURE if _is_signed(cells, header) else Line.DATA
    if _is_blank_form(cells):
        return Line.SIGNATURE
    if words.EXAMPLE.fullmatch(first):
        return Line.EXAMPLE
    if row == header.last + 1 and len(cells) > 2 and _counts_up(cells):
        return Line.NUMBERS
    if len(cells) == 1 and first.isdecimal() and header.columns[column].field == "serial":
        return Line.RESERVED
    if not described and len(cells) == 1 and _is_title(grid, row, column, first, header):
        return Line.TITLE
    return Line.DATA


def _guides(cells: list[tuple[int, Cell]]) -> bool:
    """数字 | 必填，营业执照全称 | 选填：一般/重大 under the headings."""
    said = [words.text(cell) for _, cell in cells]
    return len(said) > 2 and 2 * sum(map(bool, map(words.GUIDANCE.search, said))) > len(said)


def _ends(column: int, first: str, header: Header, *, described: bool) -> bool:
    """以下空白 anywhere, or 区安委办 to the right of all descriptions, alone in its line."""
    beside = not described and column > max(_descriptions(header), default=column)
    return words.END.fullmatch(first) is not None or (beside and words.BODY.fullmatch(first) is not None)


def _goes_on(first: str, cells: list[tuple[int, Cell]], header: Header) -> bool:
    """One more hazard of the unit above begins in the description column: `共3处指示标志损坏`, `负责人：未取得证书`."""
    if cells[0][0] not in _descriptions(header) or not any(map(str.isalpha, first)):
        return False
    if words.BARE_TOTAL.fullmatch(first) or words.EXAMPLE.fullmatch(first):
        return False
    if len(cells) == 1:
        return words.TOTAL.fullmatch(first) is not None
    rest = [unicodedata.normalize("NFKC", words.text(cell)) for _, cell in cells[1:]]
    signed = first.endswith(":") or words.CLERICAL.match(first) or _labels_only(first, cells)
    return not signed and not any(map(_is_label, rest))


def _descriptions(header: Header) -> set[int]:
    return {column.index for column in header.columns if column.field == "description"}


def _is_label(said: str) -> bool:
    """`填 报 人：张三` is padded to the width of its neighbours."""
    return words.SIGNATURE.match(said.replace(" ", "")) is not None


def zero_report(grid: Grid, row: int) -> list[tuple[str, str]]:
    """`本月无隐患` alone in a line, wherever it stands, and under no heading."""
    cells = [words.text(cell) for _, cell in own(grid, row)]
    return [(cells[0], "")] if len(cells) == 1 and words.NO_HAZARD.fullmatch(cells[0]) else []


def _is_total(first: str, cells: list[tuple[int, Cell]], *, described: bool) -> bool:
    if words.TOTAL.fullmatch(first):
        return True
    rest = [words.text(cell) for _, cell in cells[1:]]
    return bool(words.SUBTOTAL.fullmatch(first)) and (not described or all(map(words.COUNT.fullmatch, rest)))


def _labels_only(first: str, cells: list[tuple[int, Cell]]) -> bool:
    """填报人 | 张三 without a colon, or a date alone below the table."""
    label = words.SIGNATURE.fullmatch(first.replace(" ", "") + ":") is not None
    return label or (len(cells) == 1 and words.DATE_ALONE.fullmatch(first) is not None)


def _is_blank_form(cells: list[tuple[int, Cell]]) -> bool:
    """检查组组长： | 被查单位： printed at the foot of each page, to be filled in by hand."""
    return len(cells) > 1 and all(words.text(cell).rstrip().endswith((":", "：")) for _, cell in cells)


def dated(grid: Grid, row: int) -> Cell:
    """The day that stands alone in a line, else ""."""
    cells = own(grid, row)
    alone = len(cells) == 1 and words.DATE_ALONE.fullmatch(
        unicodedata.normalize("NFKC", words.text(cells[0][1])).strip()
    )
    return cells[0][1] if alone else ""


def _is_signed(cells: list[tuple[int, Cell]], header: Header) -> bool:
    """A hazard may begin with 说明：…, but then it stands in the description column beside other cells."""
    descriptions = _descriptions(header)
    in_text = [words.text(cell) for column, cell in cells if column in descriptions]
    labels = [unicodedata.normalize("NFKC", said) for said in in_text]
    return (len(cells) == 1 and cells[0][0] in descriptions) or all(map(_is_label_or_value, labels))


def _is_label_or_value(said: str) -> bool:
    return _is_label(said) or len(said) <= 4


def _counts_up(cells: list[tuple[int, Cell]]) -> bool:
    """1, 2, 3 … (or 甲, 乙, 1, 2 …) under the headings."""
    said = [words.text(cell).strip("()（） ") for _, cell in cells]
    figures = [int(each) for each in said if each.isdecimal() and len(each) < 4]
    rest = [each for each in said if not each.isdecimal()]
    return (
        bool(figures)
        and figures == list(range(figures[0], figures[0] + len(figures)))
        and set(rest) <= set("甲乙丙丁戊")
    )


def _is_title(grid: Grid, row: int, column: int, first: str, header: Header) -> bool:
    """One text alone: numbered, a serial, merged across three or more, or a town among the units: `一、消防类`."""
    across = sum((row, each) in grid.filled for each in range(column + 1, len(grid.rows[row])))
    field = header.columns[column].field
    town = field == "unit_name" and words.TOWN.fullmatch(first) is not None
    return across >= 2 or (field == "serial" and not first.isdecimal()) or town or bool(words.SECTION.match(first))
