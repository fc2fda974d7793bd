"""Ledgers made for the tests: real files of each kind, as untidy as bureaus send them."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from ledger import rows, sheets
from ledger.records import Reading

DATA = Path(__file__).with_name("data")
HEADINGS = ("序号", "单位名称", "隐患描述", "检查日期", "整改期限", "整改情况")
Line = Sequence[object]


def xlsx(path: Path, lines: Iterable[Line], *, merged: Iterable[tuple[int, int, int, int, object]] = ()) -> Path:
    """Write one sheet; `merged` gives (first row, first column, last row, last column, value), 0-based."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                if hasattr(cell, "isoformat"):
                    sheet.write_datetime(row, column, cell, day)
                elif cell != "":
                    sheet.write(row, column, cell)
        for top, left, bottom, right, value in merged:
            sheet.merge_range(top, left, bottom, right, value)
    return path


def csv(path: Path, lines: Iterable[Line], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write a text ledger in the given encoding."""
    path.write_bytes("\r\n".join(delimiter.join(map(str, line)) for line in lines).encode(encoding))
    return path


def ods(path: Path, lines: Iterable[Line], *, spans: Mapping[str, tuple[int, int]] | None = None) -> Path:
    """Write an OpenDocument sheet of texts by hand; `spans` gives by text how many rows and columns its cell covers."""
    body = "".join(
        "<table:table-row>" + "".join(_ods_cell(str(cell), spans or {}) for cell in line) + "</table:table-row>"
        for line in lines
    )
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="台账">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def _ods_cell(text: str, spans: Mapping[str, tuple[int, int]]) -> str:
    if not text:
        return "<table:table-cell/>"
    down, across = spans.get(text, (1, 1))
    span = f'table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
    return f'<table:table-cell {span} office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def reading(path: Path) -> Reading:
    """Read the file from end to end."""
    return rows.parse(sheets.read(path))


def table(*lines: Line, headings: Line = HEADINGS) -> Reading:
    """Read lines under a header without a file between."""
    width = len(headings)
    padded = [tuple(line) + ("",) * (width - len(line)) for line in (headings, *lines)]
    return rows.parse([sheets.Grid("台账", tuple(padded))])
