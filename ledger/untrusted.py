"""Parse one workbook in a process of its own, so that a hostile file can only kill that process.

Run as a script by `ledger.sheets`, never imported: a sheet of two cells at opposite corners makes the parser ask for
half a terabyte and abort, which no `except` catches.
"""

import contextlib
import pickle
import sys
import zipfile
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MOST_SPANS = 100_000  # in a sheet
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
ROWS_SPANNED, COLUMNS_SPANNED = f"{TABLE}number-rows-spanned", f"{TABLE}number-columns-spanned"
ROWS_REPEATED, COLUMNS_REPEATED = f"{TABLE}number-rows-repeated", f"{TABLE}number-columns-repeated"
Range = tuple[tuple[int, int], tuple[int, int]]


def contain(memory_bytes: int, cpu_seconds: int) -> None:
    """Cap address space, processor time and core files of this process where the platform can."""
    with contextlib.suppress(ImportError):
        import resource

        for what, limit in (
            (resource.RLIMIT_AS, memory_bytes),
            (resource.RLIMIT_CPU, cpu_seconds),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(what, (limit, limit))


def sheets(path: str, max_rows: int, max_columns: int) -> tuple[str, object]:
    """("ok", [(name, visible, rows, merged ranges)]) or (the name of a refusal, the sheet it concerns)."""
    found: list[tuple[str, bool, list[list[Any]], list[Any] | None]] = []
    spans = Spans().read(path) if path.lower().endswith(".ods") else {}
    with CalamineWorkbook.from_path(path) as book:
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                found.append((meta.name, False, [], None))
                continue
            sheet = book.get_sheet_by_name(meta.name)
            last_row, last_column = sheet.end or (-1, -1)
            if last_row >= max_rows:
                return "TooManyRows", meta.name
            if last_column >= max_columns:
                return "TooManyColumns", meta.name
            merged = sheet.merged_cell_ranges or spans.get(meta.name)
            found.append((meta.name, True, sheet.to_python(skip_empty_area=False), merged))
    return "ok", found


class Spans:
    """The merged ranges of an .ods file, which the parser of its cells leaves out, by the name of the sheet."""

    def __init__(self) -> None:
        """Stand before the first sheet."""
        self.found: dict[str, list[Range]] = {}
        self.ranges: list[Range] = []
        self.row = self.rows = self.column = 0
        self.starts = {
            f"{TABLE}table": self._table,
            f"{TABLE}table-row": self._row,
            f"{TABLE}table-cell": self._cell,
            f"{TABLE}covered-table-cell": self._cell,
        }

    def read(self, path: str) -> dict[str, list[Range]]:
        """Raises for what is no XML, and for a document type: nothing here declares entities."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse
        with zipfile.ZipFile(path) as packed, packed.open("content.xml") as content:
            parser.ParseFile(content)
        return self.found

    def _refuse(self, *_declaration: object) -> None:
        raise ValueError("DOCTYPE")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if start := self.starts.get(name):
            start(attributes)

    def _table(self, attributes: dict[str, str]) -> None:
        self.ranges = self.found.setdefault(attributes.get(f"{TABLE}name", ""), [])
        self.row = self.rows = 0

    def _row(self, attributes: dict[str, str]) -> None:
        self.row += self.rows
        self.rows = int(attributes.get(ROWS_REPEATED, 1))
        self.column = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        down, across = attributes.get(ROWS_SPANNED, "1"), attributes.get(COLUMNS_SPANNED, "1")
        if (down, across) != ("1", "1") and len(self.ranges) < MOST_SPANS:
            self.ranges.append(((self.row, self.column), (self.row + int(down) - 1, self.column + int(across) - 1)))
        self.column += int(attributes.get(COLUMNS_REPEATED, 1))


def main(path: str, *limits: str) -> None:
    """Write the pickled outcome of `sheets` to standard output."""
    memory_bytes, cpu_seconds, max_rows, max_columns = map(int, limits)
    contain(memory_bytes, cpu_seconds)
    outcome: tuple[str, object]
    try:
        outcome = sheets(path, max_rows, max_columns)
    except MemoryError:
        outcome = ("SheetTooLarge", "")
    except PasswordError:
        outcome = ("Encrypted", "")
    except BaseException as fault:  # a panic of the parser is no Exception
        outcome = ("Corrupt", str(fault)[:200])
    pickle.dump(outcome, sys.stdout.buffer, protocol=5)


if __name__ == "__main__":
    main(*sys.argv[1:])
