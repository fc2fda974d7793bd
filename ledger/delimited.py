"""Text ledgers (.csv): encoding and delimiter found out, then cells."""

import codecs
import csv
import io
from pathlib import Path

from ledger import refusals

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = ",\t;"


def read(path: Path, *, max_rows: int, max_columns: int) -> list[list[str]]:
    """Rows of text cells; refuses an unknown encoding and what exceeds the caps."""
    text = _decoded(path.read_bytes())
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append(row)
            if len(rows) > max_rows:
                raise refusals.TooManyRows(field="file", right=f"不超过 {max_rows} 行，可分成几个文件导入")
            if len(row) > max_columns:
                raise refusals.TooManyColumns(field="file", right=f"不超过 {max_columns} 列")
    except csv.Error as fault:
        raise refusals.Corrupt(field="file", right="引号成对、每个单元格不超过 13 万字的 CSV") from fault
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


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


def _delimiter(text: str) -> str:
    sample = text[:20_000].splitlines(keepends=True)[:50]

    def width(delimiter: str) -> int:
        try:
            return sum(len(row) - 1 for row in csv.reader(sample, delimiter=delimiter))
        except csv.Error:
            return -1

    return max(DELIMITERS, key=width)
