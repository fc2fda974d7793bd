"""Tells which enterprises (企业) the units named in a ledger are: by credit code, else by name and place."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, aliased

from models import Organisation, new_id
from workflow.credit_code import checked_credit_code
from workflow.places import BRANCH, held, unconfirmed_branch
from workflow.refusals import Refusal, UnknownOrganisation
from workflow.texts import check_lengths, fold, required

# Of a registered company the name is its own in the whole district; a shop's is not (企业名称登记管理规定 art. 17).
REGISTERED = "公司"
CODES_AT_ONCE = 5_000


class AmbiguousEnterprise(Refusal):
    """有几家企业符合这个名称，无法确定是哪一家。"""


@dataclass(frozen=True, slots=True)
class Sought:
    """A unit as a ledger names it; `town_id` is the town it is said to be in, none where that is not known."""

    name: str
    town_id: str | None = None
    credit_code: str | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """Enterprise ids for what was sought: one each, or several between which nobody but a person can tell."""

    found: Mapping[Sought, str]
    ambiguous: Mapping[Sought, tuple[str, ...]]


@dataclass(slots=True)
class _Known:
    id: str
    town_id: str | None
    credit_code: str | None


@dataclass(slots=True)
class _Register:
    """The enterprises of one district, by code and by folded name; `learnt`: codes that only a ledger told, by id."""

    codes: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[_Known]] = field(default_factory=lambda: defaultdict(list))
    split: frozenset[str] = frozenset()
    ids: dict[str, _Known] = field(default_factory=dict)
    learnt: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, known: _Known) -> None:
        # One that was merged leads to the same by another name.
        known = self.ids.setdefault(known.id, known)
        self.names[fold(name)].append(known)
        if known.credit_code:
            self.codes[known.credit_code] = known.id

    def knows(self, sought: Sought) -> bool:
        """Whether anything fits; the one that does takes a code it had not, so that another code is another unit."""
        fitting = self.candidates(sought)
        if len(fitting) == 1 and sought.credit_code and sought.credit_code not in self.codes:
            self.codes[sought.credit_code] = fitting[0]
            self.learnt[fitting[0]] = self.ids[fitting[0]].credit_code = sought.credit_code
        return bool(fitting)

    def candidates(self, sought: Sought) -> tuple[str, ...]:
        """Ids that fit: by code, else by name in the town, else by name where no other town speaks against it.

        A name sought in several towns at once (`split`) is several units: one of unknown place is none of them.
        """
        if sought.credit_code in self.codes:
            return (self.codes[sought.credit_code],)
        named = [k for k in self.names.get(fold(sought.name), ()) if None in (k.credit_code, sought.credit_code)]
        in_town = [k for k in named if sought.town_id and k.town_id == sought.town_id]
        if sought.town_id and fold(sought.name) in self.split:
            return tuple(k.id for k in in_town)
        anywhere = [k for k in named if None in (sought.town_id, k.town_id) or REGISTERED in sought.name]
        return tuple(dict.fromkeys(k.id for k in in_town or anywhere))


def match(session: Session, *, district_id: str, sought: Collection[Sought]) -> Matches:
    """Match any number of units at once in four queries; what is in neither mapping is not known yet.

    BadCreditCode for a code that fails its check: take those out before.
    """
    register = _register(session, district_id, sought)
    for unit in _in_order(sought):
        register.knows(unit)
    return _matches(register, sought)


def find_or_add(session: Session, *, district_id: str, sought: Collection[Sought], now: datetime) -> Matches:
    """Match, and add what is not known as unconfirmed enterprises, in their town or under the branch 待确认.

    An enterprise known by its name alone takes the code that comes with it.
    """
    # Two imports at once would each add the same unit.
    held(session, district_id)
    register = _register(session, district_id, sought)
    branch_id = unconfirmed_branch(session, district_id, now).id
    _refuse_foreign_towns(session, district_id, sought)
    rows: list[dict[str, object]] = []
    for unit in _in_order(sought):
        if register.knows(unit):
            continue
        made = _Known(new_id(now), unit.town_id, unit.credit_code)
        register.add(unit.name, made)
        rows.append(_row(unit, made.id, district_id, unit.town_id or branch_id, now))
    if rows:
        session.execute(insert(Organisation), rows)
    if register.learnt:
        codes = [{"id": id_, "credit_code": code} for id_, code in register.learnt.items()]
        session.execute(update(Organisation), codes)
    return _matches(register, sought)


def _in_order(sought: Iterable[Sought]) -> list[Sought]:
    """Those with a code or a town first: the same unit without one is then found by its name."""
    return sorted(
        set(map(_checked, sought)),
        key=lambda s: (s.credit_code is None, not s.town_id, s.name, s.credit_code or "", s.town_id or ""),
    )


def _matches(register: _Register, sought: Collection[Sought]) -> Matches:
    candidates = {unit: register.candidates(_checked(unit)) for unit in sought}
    return Matches(
        found={unit: ids[0] for unit, ids in candidates.items() if len(ids) == 1},
        ambiguous={unit: ids for unit, ids in candidates.items() if len(ids) > 1},
    )


def _checked(unit: Sought) -> Sought:
    code = checked_credit_code(unit.credit_code) if unit.credit_code else None
    return Sought(required(unit.name, field="name"), unit.town_id, code)


def _row(unit: Sought, id_: str, district_id: str, town_id: str, now: datetime) -> dict[str, object]:
    check_lengths(Organisation, {"name": unit.name})
    return {
        "id": id_,
        "kind": "enterprise",
        "name": unit.name,
        "credit_code": unit.credit_code,
        "parent_id": town_id,
        "district_id": district_id,
        "town_id": town_id,
        "unconfirmed": True,
        "created_at": now,
    }


def _register(session: Session, district_id: str, sought: Iterable[Sought]) -> _Register:
    register = _Register(split=_split(sought))
    own, kept, town = aliased(Organisation), aliased(Organisation), aliased(Organisation)
    standing = (
        select(own.name, own.id, own.town_id, own.credit_code, town.name)
        .outerjoin(town, town.id == own.town_id)
        .where(own.kind == "enterprise", own.district_id == district_id)
    )
    # One that was merged stands under the one that was kept, and its name still leads there.
    merged = (
        select(own.name, kept.id, kept.town_id, kept.credit_code, town.name)
        .join(kept, kept.id == own.parent_id)
        .outerjoin(town, town.id == kept.town_id)
        .where(own.kind == "enterprise", kept.kind == "enterprise", kept.district_id == district_id)
    )
    for query in (standing, merged):
        for name, id_, town_id, code, town_name in session.execute(query.order_by(own.id)):
            register.add(name, _Known(id_, None if town_name == BRANCH else town_id, code))
    _add_elsewhere(session, register, {code for code in (_checked(unit).credit_code for unit in sought) if code})
    return register


def _split(sought: Iterable[Sought]) -> frozenset[str]:
    """The folded names, other than those of registered companies, that are sought in more than one town."""
    towns: dict[str, set[str]] = defaultdict(set)
    for unit in sought:
        if unit.town_id and REGISTERED not in unit.name:
            towns[fold(unit.name)].add(unit.town_id)
    return frozenset(name for name, ids in towns.items() if len(ids) > 1)


def _add_elsewhere(session: Session, register: _Register, codes: set[str]) -> None:
    # A code is one unit in the whole country, whatever district it stands in.
    unknown = sorted(codes - register.codes.keys())
    for start in range(0, len(unknown), CODES_AT_ONCE):
        some = unknown[start : start + CODES_AT_ONCE]
        rows = session.execute(
            select(Organisation.credit_code, Organisation.id).where(Organisation.credit_code.in_(some))
        )
        register.codes.update({code: id_ for code, id_ in rows if code})


def _refuse_foreign_towns(session: Session, district_id: str, sought: Iterable[Sought]) -> None:
    asked = {unit.town_id for unit in sought if unit.town_id}
    known = select(Organisation.id).where(Organisation.kind == "town", Organisation.district_id == district_id)
    if foreign := asked - set(session.scalars(known)):
        raise UnknownOrganisation(field="town_id", right="本区县的镇（街道）", ids=tuple(sorted(foreign)))
