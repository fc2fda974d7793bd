"""What a sheet says once for the hazards below it (标题、小标题): their level, in its title, its name or a section."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.sheets import Cell, Grid
from ledger.words import SECTION, text

_OF = "(?:生产|安全|事故|火灾|消防)*隐患(?![数\\d])"
_MAJOR, _GENERAL = re.compile(f"(?<![非无])重大{_OF}"), re.compile(f"(?:一般|较大){_OF}")
# A campaign against major hazards finds others, too; 重大隐患：0条 counts them.
_CAMPAIGN = re.compile("排查|整治|行动|专项|判定|动态|[:：]")
LONGEST_TITLE = 40  # characters; what is longer is a note


@dataclass(slots=True)
class Sections:
    """The sections that have begun, the outermost first, by how they are numbered: 一、 holds （一） and （二）."""

    begun: dict[str, dict[str, Cell]] = field(default_factory=dict)

    def begin(self, title: str) -> None:
        """Take in a section line; it ends the section of its own numbering and what that holds."""
        numbered = SECTION.match(title)
        numbering = numbered[0][-1] if numbered else ""
        outer = list(self.begun)
        if numbering in outer:
            outer = outer[: outer.index(numbering)]
        self.begun = {each: self.begun[each] for each in outer} | {numbering: _said(title)}

    @property
    def said(self) -> dict[str, Cell]:
        """What the sections say of the next line, the innermost last."""
        return {name: cell for section in self.begun.values() for name, cell in section.items()}


def opened(grid: Grid, titles: Iterable[Cell]) -> Sections:
    """The sections as they stand at the head of a table, with these titles above it."""
    sections = Sections({"sheet": _said(grid.sheet)})
    for title in filter(None, map(text, titles)):
        if SECTION.match(title):
            sections.begin(title)
        else:
            sections.begun["sheet"] |= _said(title)
    return sections


def level_of(title: str) -> str:
    """重大 or 一般 where a title, a heading or a name calls all of its hazards so, else ""."""
    if len(title) > LONGEST_TITLE or _CAMPAIGN.search(title):
        return ""
    major, general = _MAJOR.search(title), _GENERAL.search(title)
    return "" if bool(major) == bool(general) else "重大" if major else "一般"


def _said(title: str) -> dict[str, Cell]:
    level = level_of(title)
    return {"level": level} if level else {}
