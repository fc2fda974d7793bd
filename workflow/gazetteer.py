"""Finds the place (镇、街道、村、社区) that a ledger's words mean, without guessing between two."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Organisation
from workflow.texts import fold

# What a place's office is called, and what that leaves of the name: 东街村委会 sits in 东街村.
OFFICES = {
    "人民政府": "",
    "街道办事处": "街道",
    "街道办": "街道",
    "办事处": "",
    "村民委员会": "村",
    "村委会": "村",
    "居民委员会": "",
    "居委会": "",
}
SEPARATORS = re.compile(r"[-_/\\,.;:·、。，；：>()\[\]]")
ENDINGS = ("街道", "社区", "镇", "乡", "村")
# A name is only believed where the words before it end a larger place: 城关镇 is no mention of 关镇.
LARGER = ("省", "市", "区", "县", "旗", "镇", "乡", "街道", "管委会", "社区", "村")
SHORTEST_INSIDE = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a district; `key` is its folded name, `within` that of the town it lies in ("" for a town)."""

    id: str
    kind: str
    name: str
    town_id: str | None
    village_id: str | None
    key: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All places of one district, read once and asked often."""

    places: tuple[Place, ...]

    def find(self, text: str) -> Place | None:
        """Return the place `text` ends with ("示范区城关镇"), else names inside it; None for none or for two."""
        asked = _key(text)
        by_end = (p for p in self.places if _ends_with(asked, p.key))
        inside = (
            p for p in self.places if len(p.key) >= SHORTEST_INSIDE and p.kind != "district" and _names(asked, p.key)
        )
        shortened = (p for p in self.places if asked and asked in {p.key.removesuffix(ending) for ending in ENDINGS})
        for candidates in (by_end, inside, shortened):
            if best := _longest(candidates):
                return _only(best, asked)
        return None


def gazetteer(session: Session, district_id: str) -> Gazetteer:
    """Read the district, its towns and its villages in one query."""
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.kind,
            Organisation.name,
            Organisation.town_id,
            Organisation.village_id,
        ).where(
            Organisation.district_id == district_id,
            or_(Organisation.kind == "town", Organisation.kind == "village", Organisation.id == district_id),
        )
    ).all()
    towns = {row.id: _key(row.name) for row in rows if row.kind == "town"}
    return Gazetteer(
        tuple(
            Place(*row, _key(row.name), "" if row.kind == "town" else towns.get(row.town_id or "", "")) for row in rows
        )
    )


def find_place(session: Session, text: str, district_id: str) -> Organisation | None:
    """Return the district, town or village that `text` means; None where it means none of them, or two alike."""
    place = gazetteer(session, district_id).find(text)
    return session.get(Organisation, place.id) if place else None


def _key(text: str) -> str:
    plain = SEPARATORS.sub("", fold(text))
    office = next((office for office in OFFICES if plain.endswith(office)), "")
    left = OFFICES.get(office, "")
    return plain.removesuffix(office).removesuffix(left) + left


def _ends_with(asked: str, key: str) -> bool:
    before = asked.removesuffix(key)
    return before != asked and (not before or before.endswith(LARGER))


def _names(asked: str, key: str) -> bool:
    before, found, _ = asked.partition(key)
    return bool(found) and (not before or before.endswith(LARGER))


def _longest(candidates: Iterable[Place]) -> list[Place]:
    known = list(candidates)
    length = max((len(p.key) for p in known), default=0)
    return [p for p in known if len(p.key) == length]


def _only(best: list[Place], asked: str) -> Place | None:
    named = best if len(best) == 1 else [p for p in best if p.within and p.within in asked]
    return named[0] if len(named) == 1 else None
