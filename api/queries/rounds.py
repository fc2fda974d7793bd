"""Reading rounds (曝光督办): whole, their candidates, and what is public of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import UnknownAddress
from api.queries import hazards, ledger, whole
from api.queries.cases import visible_case
from api.queries.names import person_names
from api.shapes.common import named
from api.shapes.rounds import Bulletin, CandidateShown, Figures, ItemShown, RoundLine, RoundShown
from models import Case, Round, RoundItem
from workflow.actor import Actor
from workflow.exposure_round import ROUND
from workflow.load import read_cases
from workflow.rounds.bulletin import bulletin
from workflow.rounds.candidates import candidates_of
from workflow.rounds.facts import items_of
from workflow.rounds.items import SOURCES
from workflow.rows import CaseRow
from workflow.rules import Rules

WORDS = ("repeats", "frozen_at", "approved_at", "published_at", "published_where", "settled_at")
ITEM = ("source", "consecutive", "added_at", "public_text", "withheld", "outcome", "settled_at", "reason", "area_m2")
OUTCOMES = {
    "rectified": "已整改",
    "withdrawn": "已撤下",
    "escalated": "已升级",
    "carried_over": "转入下一轮",
    "dropped": "公布前移出",
}


def visible_round(session: Session, case_id: str, actor: Actor) -> CaseRow:
    """The round as the actor may see it; a case of another workflow is none."""
    case = visible_case(session, case_id, actor)
    if case.workflow != ROUND.name:
        raise UnknownAddress()
    return case


def line(row: ledger.Line) -> RoundLine:
    """A row of the list as it is shown."""
    return RoundLine.model_validate(whole.line(row))


def shown(session: Session, rules: Rules, case: CaseRow, *, actor: Actor, now: datetime) -> RoundShown:
    """All there is to see of one round, with the exits this person has now."""
    words = whole.words(session, case, Round)
    people = person_names(session, [words.frozen_by, words.approved_by])
    return RoundShown.model_validate(
        whole.common(session, rules, case, actor=actor, now=now)
        | whole.same(words, WORDS)
        | {
            "round": words.number,
            "frozen_by": named(people, words.frozen_by),
            "approved_by": named(people, words.approved_by),
            "items": _items(session, case.id),
            "figures": _figures(words.figures),
        }
    )


def candidates(session: Session, case: CaseRow, *, limit: int, after: tuple[Any, ...] | None) -> list[CandidateShown]:
    """What could be taken in now, in order of ids, after the key (id,)."""
    found = [one for one in candidates_of(session, case) if after is None or one.hazard_id > after[0]][:limit]
    lines = _lines(session, [one.hazard_id for one in found])
    return [
        CandidateShown(
            hazard=lines[one.hazard_id],
            source=one.source,  # type: ignore[arg-type]  # the loader's words are the shape's
            source_label=SOURCES[one.source],
            consecutive=one.consecutive,
        )
        for one in found
    ]


def public(session: Session, case: CaseRow, *, now: datetime) -> Bulletin:
    """What was published, but for what was withdrawn since; before that, what would be."""
    words = whole.words(session, case, Round)
    if words.bulletin is None:
        items = items_of(session, [case.id]).get(case.id, {}).values()
        return Bulletin.model_validate(bulletin(words.number, items, now=now, published_at=None))
    kept = Bulletin.model_validate_json(words.bulletin)
    gone = _withdrawn(session, case.id)
    return kept.model_copy(update={"items": [item for item in kept.items if item.number not in gone]})


def published_round(session: Session, case_id: str, actor: Actor | None) -> CaseRow | None:
    """A round that was published, which is everybody's to read; else only as the actor may see it."""
    out = select(Round.case_id).where(Round.case_id == case_id, Round.published_at.is_not(None))
    if session.scalar(out) is not None:
        return read_cases(session, [case_id])[case_id]
    return visible_round(session, case_id, actor) if actor else None


def _items(session: Session, round_id: str) -> list[ItemShown]:
    rows = session.scalars(
        select(RoundItem)
        .join(Case, Case.id == RoundItem.hazard_id)
        .where(RoundItem.round_id == round_id)
        .order_by(Case.number)
    ).all()
    lines = _lines(session, [row.hazard_id for row in rows])
    return [_item(row, lines) for row in rows]


def _item(row: RoundItem, lines: Mapping[str, Any]) -> ItemShown:
    own = {
        "hazard": lines[row.hazard_id],
        "source_label": SOURCES[row.source],
        "outcome_label": OUTCOMES[row.outcome] if row.outcome else None,
        "money_yuan": None if row.money_fen is None else whole.yuan(row.money_fen),
    }
    return ItemShown.model_validate(whole.same(row, ITEM) | own)


def _lines(session: Session, ids: Sequence[str]) -> dict[str, Any]:
    return {row.Case.id: hazards.line(row) for row in ledger.lines(session, ids)}


def _figures(text: str | None) -> Figures | None:
    if text is None:
        return None
    kept = json.loads(text)
    return Figures.model_validate(
        {
            "total": _figure(kept["total"]),
            **{by: {name: _figure(cell) for name, cell in kept[by].items()} for by in ("towns", "sectors")},
        }
    )


def _figure(cell: Mapping[str, Any]) -> dict[str, Any]:
    return {**cell, "money_yuan": whole.yuan(cell["money_fen"])}


def _withdrawn(session: Session, round_id: str) -> set[str]:
    rows = select(Case.number).join(RoundItem, RoundItem.hazard_id == Case.id)
    gone = rows.where(RoundItem.round_id == round_id, RoundItem.outcome == "withdrawn")
    return set(session.scalars(gone))
