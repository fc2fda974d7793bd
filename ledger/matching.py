"""Which place and unit (单位) each row of a ledger means, set-based; unknown ones are made under 待确认 or refused."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ledger.import_faults import FAULTS
from ledger.paper import Found
from ledger.records import Row
from ledger.words import stated
from models import Organisation, new_id
from workflow.directory_version import count_up
from workflow.enterprises import Matches, Sought, find_or_add, match
from workflow.gazetteer import Place, gazetteer
from workflow.places import unconfirmed_branch
from workflow.texts import fold, tidy

LONGEST_NAME = 200
IDS_AT_ONCE = 5_000
# An address up to its last administrative ending names a place; only one that ends there is nothing else.
REGION = re.compile(r".*(?:省|市|区|县|旗|镇|乡|街道|村|社区)")
LONGEST_REGION = 40

Unknown = Literal["create", "refuse"]


class Home(NamedTuple):
    """Where an enterprise stands, and its sector (行业领域)."""

    town_id: str | None = None
    village_id: str | None = None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a hazard belongs: ids of its town, village and enterprise, none where the ledger names none; its sector."""

    town_id: str | None = None
    village_id: str | None = None
    enterprise_id: str | None = None
    sector: str | None = None


@dataclass(slots=True)
class Matched:
    """By row key: where the hazard belongs, or all that refuses it."""

    standings: dict[str, Standing] = field(default_factory=dict)
    faults: dict[str, list[Found]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done about names nobody knows: functions that give the places and the units for them."""

    places: Callable[[Session, str, Collection[str], datetime], Mapping[str, Place]]
    units: Callable[[Session, str, Collection[Sought], datetime], Matches]


def belongings(session: Session, district_id: str, rows: Sequence[Row], *, unknown: Unknown, now: datetime) -> Matched:
    """Where every row belongs; a fixed number of queries, however many rows. The caller holds the district's row."""
    policy = POLICIES[unknown]
    places = _places(session, district_id, rows, policy, now)
    sought = {row.key: unit for row in rows if (unit := _sought(row, places))}
    units = policy.units(session, district_id, set(sought.values()), now) if sought else Matches({}, {})
    homes = _homes(session, district_id, set(units.found.values()))
    matched = Matched()
    for row in rows:
        faults = [*_place_faults(row, places), *_unit_faults(row, sought.get(row.key), units)]
        if faults:
            matched.faults[row.key] = faults
        else:
            unit = sought.get(row.key)
            matched.standings[row.key] = _standing(row, places, units.found[unit] if unit else None, homes)
    return matched


def _place_words(row: Row) -> tuple[str, bool]:
    """The words for a row's place ("" for none), and whether they name a place and nothing else."""
    if said := stated(row.place_text):
        return tidy(said), True
    address = tidy(stated(row.address))
    found = REGION.match(address)
    if found is None:
        return "", False
    return found[0], found[0] == address and len(address) <= LONGEST_REGION


def _places(
    session: Session, district_id: str, rows: Sequence[Row], policy: Policy, now: datetime
) -> Mapping[str, Place]:
    known = gazetteer(session, district_id)
    texts = dict(sorted({words for row in rows if (words := _place_words(row))[0]}))
    found = {text: place for text in texts if (place := known.find(text))}
    unknown = [text for text, sure in texts.items() if sure and text not in found and len(text) <= LONGEST_NAME]
    return {**found, **policy.places(session, district_id, unknown, now)}


def _sought(row: Row, places: Mapping[str, Place]) -> Sought | None:
    name = tidy(stated(row.unit_name))
    if not name or len(name) > LONGEST_NAME:
        return None
    place = places.get(_place_words(row)[0])
    return Sought(name, place.town_id if place else None, row.credit_code or None)


def _place_faults(row: Row, places: Mapping[str, Place]) -> list[Found]:
    text, sure = _place_words(row)
    if not sure or text in places:
        return []
    name = "PlaceTooLong" if len(text) > LONGEST_NAME else "UnknownPlace"
    return [(FAULTS[name], "place_text", text)]


def _unit_faults(row: Row, sought: Sought | None, units: Matches) -> list[Found]:
    if sought is None:
        too_long = len(tidy(row.unit_name)) > LONGEST_NAME
        return [(FAULTS["NameTooLong"], "unit_name", row.unit_name)] if too_long else []
    if sought in units.found:
        return []
    name = "AmbiguousUnit" if sought in units.ambiguous else "UnknownUnit"
    return [(FAULTS[name], "unit_name", row.unit_name)]


def _standing(row: Row, places: Mapping[str, Place], unit_id: str | None, homes: Mapping[str, Home]) -> Standing:
    """The row's own place; where it names none, or only the district, that of its unit. The sector is the unit's."""
    place, home = places.get(_place_words(row)[0]), homes.get(unit_id or "", Home())
    stands = place if place and place.town_id else home
    return Standing(stands.town_id, stands.village_id, unit_id, home.sector)


def _homes(session: Session, district_id: str, unit_ids: Collection[str]) -> Mapping[str, Home]:
    """Of the units that stand in the district."""
    ids, homes = sorted(unit_ids), {}
    columns = (Organisation.id, Organisation.town_id, Organisation.village_id, Organisation.sector)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = select(*columns).where(Organisation.id.in_(ids[start : start + IDS_AT_ONCE]))
        found = session.execute(some.where(Organisation.district_id == district_id))
        homes.update({id_: Home(*home) for id_, *home in found})
    return homes


def _make_places(session: Session, district_id: str, texts: Collection[str], now: datetime) -> Mapping[str, Place]:
    """Towns under the branch 待确认, one for all spellings of a name."""
    if not texts:
        return {}
    branch = unconfirmed_branch(session, district_id, now)
    made = {key: _town(text, key, now) for key, text in {fold(text): text for text in texts}.items()}
    common = {"kind": "town", "parent_id": branch.id, "district_id": district_id, "unconfirmed": True}
    rows = [{**common, "id": p.id, "town_id": p.id, "name": p.name, "created_at": now} for p in made.values()]
    session.execute(insert(Organisation), rows)
    count_up(session)
    return {text: made[fold(text)] for text in texts}


def _town(name: str, key: str, now: datetime) -> Place:
    id_ = new_id(now)
    return Place(id_, "town", name, id_, None, key)


def _make_units(session: Session, district_id: str, sought: Collection[Sought], now: datetime) -> Matches:
    return find_or_add(session, district_id=district_id, sought=sought, now=now)


def _no_places(_session: Session, _district_id: str, _texts: Collection[str], _now: datetime) -> Mapping[str, Place]:
    return {}


def _known_units(session: Session, district_id: str, sought: Collection[Sought], _now: datetime) -> Matches:
    return match(session, district_id=district_id, sought=sought)


POLICIES: Mapping[Unknown, Policy] = {
    "create": Policy(places=_make_places, units=_make_units),
    "refuse": Policy(places=_no_places, units=_known_units),
}
