"""What reading a ledger (台账) gives: rows, problems, recognised columns, notes; all frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.dates import Precision
from ledger.deadlines import Deadline
from ledger.faults import REFUSED, Fault
from ledger.header import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One hazard (隐患) of a ledger: its place in the file, its texts as written, and what could be read from them.

    `line` is the row number in the file (1-based), `item` the hazard's place in its cell (1 when alone); texts are ""
    when blank; `found_day` is the first day `found_text` may mean; `money_yuan` is in yuan; `extra` holds every other
    column that was not blank, by heading; `key` is the same for the same hazard, and differs between repeats.
    """

    sheet: str
    line: int
    item: int
    key: str = ""
    number: str = ""
    unit_name: str = ""
    unit_type: str = ""
    credit_code: str = ""
    place_text: str = ""
    address: str = ""
    sector: str = ""
    description: str
    location: str = ""
    level: str = "general"
    level_text: str = ""
    level_assumed: bool = True
    kind: str = ""
    found_text: str = ""
    found_day: date | None = None
    found_precision: Precision = Precision.NONE
    published_text: str = ""
    published_day: date | None = None
    finder: str = ""
    source: str = ""
    responsible_text: str = ""
    lead_text: str = ""
    requirement: str = ""
    deadline_text: str = ""
    deadline: Deadline
    report_by: date | None = None
    status_text: str = ""
    finished: bool = False
    finished_on: date | None = None
    measures: str = ""
    money_yuan: Decimal | None = None
    contact: str = ""
    phone: str = ""
    remark: str = ""
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a hazard of a line: in which column (its heading), with what value, and the line's cells."""

    sheet: str
    line: int
    item: int
    fault: Fault
    column: str
    value: str
    cells: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """True when the hazard is not imported for it."""
        return self.fault.severity == REFUSED


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole ledger: columns by sheet, rows to import, problems (one for each hazard refused, and warnings), notes.

    `lines` counts the data lines of the file; rows and refused problems count hazards, several to some lines.
    `stated_on` is the day (统计截止) that a sheet names for itself.
    """

    columns: Mapping[str, tuple[Column, ...]]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    lines: int
    stated_on: Mapping[str, date]

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The problems that keep a hazard out, one each."""
        return tuple(problem for problem in self.problems if problem.refused)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems of hazards that are imported all the same."""
        return tuple(problem for problem in self.problems if not problem.refused)
