"""The cells of one data line, by field: dittos resolved, merged and blank unit cells carried down."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.boxes import IN_A_COLUMN, OPTIONS
from ledger.header import Header
from ledger.headings import bare
from ledger.sheets import Cell, Grid
from ledger.words import DITTO, text

# Written once for several hazards of a unit, in ledgers whose merged ranges are lost (.ods, .csv).
OF_THE_UNIT = (
    "unit_name", "credit_code", "place_text", "address", "sector", "unit_type", "found", "finder", "found+finder",
    "contact", "phone", "contact+phone", "published", "source",
)  # fmt: skip
IDENTIFY = ("unit_name", "credit_code", "address", "place_text")


@dataclass(slots=True)
class Columns:
    """Reads the lines of one table in order, remembering the unit above."""

    grid: Grid
    header: Header
    said: Mapping[str, Cell]
    unit: dict[str, Cell] = field(default_factory=dict)
    above: tuple[Cell, ...] = ()
    wanted: tuple[tuple[int, str], ...] = ()
    others: tuple[tuple[int, str], ...] = ()
    descriptions: tuple[int, ...] = ()
    options: tuple[tuple[int, str, str], ...] = ()
    headings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the columns: the first of a field fills it, later ones fill it when it is blank, else stay extra."""
        columns = self.header.columns
        self.descriptions = tuple(column.index for column in columns if column.field == "description")
        self.wanted = tuple(
            (column.index, column.field) for column in columns if column.field not in ("", "description")
        )
        for column in columns:
            for name in column.field.split("+"):
                self.headings.setdefault(name, column.heading)
        named = {bare(column.heading): column.index for column in columns if not column.field}
        self.options = tuple((named[heading], *said) for heading, said in OPTIONS.items() if heading in named)
        self.others = tuple((column.index, column.heading or f"第{column.index + 1}列") for column in columns)

    def cells(self, row: int) -> tuple[dict[str, Cell], dict[str, str]]:
        """The cells of row (0-based) by field, and the texts of all columns no field has taken, by heading."""
        line = self._without_dittos(self.grid.rows[row])
        found: dict[str, Cell] = {}
        taken = set(self.descriptions)
        for index, name in self.wanted:
            if name not in found and line[index] != "":
                found[name] = line[index]
                taken.add(index)
            elif name == "status_text" and line[index] != "":
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

    def described(self, row: int) -> list[str]:
        """The texts of the description column or columns (隐患1, 隐患2 …) that are not blank."""
        line = self.grid.rows[row]
        return [
            said
            for index in self.descriptions
            if line[index] != "" and not self._from_the_left(row, index) and (said := text(line[index]))
        ]

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
