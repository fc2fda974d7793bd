"""Text ledgers (.csv): encoding and delimiter found out, then cells."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ledger import refusals

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = ",\t;|"
WIDE = "，"  # also in every other sentence: a delimiter only where there is no other
SAMPLE = 50  # lines


def read(path: Path, *, max_rows: int, max_columns: int) -> list[list[str]]:
    """Rows of text cells; refuses an unknown encoding and what exceeds the caps."""
    text = _decoded(path.read_bytes())
    rows: list[list[str]] = []
    try:
        for row in _rows(text):
            rows.append(row)
            if len(rows) > max_rows:
                raise refusals.TooManyRows(field="file", right=f"不超过 {max_rows} 行，可分成几个文件导入")
            if len(row) > max_columns:
                raise refusals.TooManyColumns(field="file", right=f"不超过 {max_columns} 列")
    except csv.Error as fault:
        raise refusals.Corrupt(field="file", right="引号成对、每个单元格不超过 13 万字的 CSV") from fault
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _rows(text: str) -> Iterator[list[str]]:
    """The rows; where a quote that is not closed swallows lines below, its own line is read without quotes."""
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter(lines[:SAMPLE])
    columns = max(map(len, csv.reader(lines[:SAMPLE], delimiter=delimiter)), default=0)
    first = 0
    while first < len(lines):
        line, reader = first, csv.reader(islice(lines, first, None), delimiter=delimiter)
        for row in reader:
            read = first + reader.line_num
            if any(_swallows(cell, delimiter, columns) for cell in row) and not _closes(lines[line:read], delimiter):
                yield from csv.reader(lines[line : line + 1], delimiter=delimiter, quoting=csv.QUOTE_NONE)
                first = line + 1
                break
            yield row
            line = read
        else:
            return


def _swallows(cell: str, delimiter: str, columns: int) -> bool:
    """True for a cell that holds another line of the table."""
    return columns > 2 and any(line.count(delimiter) + 1 >= columns for line in cell.splitlines()[1:])


def _closes(lines: list[str], delimiter: str) -> bool:
    """True where every quote that opens a cell closes at the cell's end."""
    try:
        return bool(list(csv.reader(lines, delimiter=delimiter, strict=True)))
    except csv.Error:
        return False


def _decoded(raw: bytes) -> str:
    named = [encoding for bom, encoding in BOMS if raw.startswith(bom)]
    for encoding in named or ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refusals.UnknownEncoding(field="file", right="UTF-8 或 GB18030（GBK）编码的 CSV")


def _delimiter(sample: list[str]) -> str:
    def width(delimiter: str) -> int:
        try:
            return sum(len(row) - 1 for row in csv.reader(sample, delimiter=delimiter))
        except csv.Error:
            return -1

    best = max(DELIMITERS, key=width)
    return best if width(best) >= len(sample) or width(WIDE) < len(sample) else WIDE
