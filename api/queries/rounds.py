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
from workflow.rounds.bulletin import bulletin, unnamed_because
from workflow.rounds.candidates import candidates_of
from workflow.rounds.facts import items_of
from workflow.rounds.items import SOURCES
from workflow.rows import CaseRow
from workflow.rules import Rules
from workflow.visible import SEEING

WORDS = ("repeats", "frozen_at", "approved_at", "published_at", "published_where", "settled_at")
ITEM = ("source", "consecutive", "added_at", "public_text", "withheld", "outcome", "settled_at", "reason", "area_m2")
OUTCOMES = {
    "rectified": "已整改",
    "withdrawn": "已撤下",
    "escalated": "已升级",
    "carried_over": "转入下一轮",
    "dropped": "公布前移出",
}

# What is not in the list that is public, or not any more.
GONE = ("dropped", "withdrawn")


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
            "page": page_of(case.id),
            "items": _items(session, case.id, actor),
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
        said = bulletin(words.number, items, now=now, published_at=None)
        return Bulletin.model_validate(said | {"page": page_of(case.id)})
    kept = Bulletin.model_validate(json.loads(words.bulletin) | {"page": page_of(case.id)})
    gone = _withdrawn(session, case.id)
    return kept.model_copy(update={"items": [item for item in kept.items if item.number not in gone]})


def page_of(round_id: str) -> str:
    """The address of the page that everybody may read once the round is published."""
    return f"/rounds/{round_id}/page"


def published_round(session: Session, case_id: str, actor: Actor | None) -> CaseRow | None:
    """A round that was published, which is everybody's to read; else only as the actor may see it."""
    out = select(Round.case_id).where(Round.case_id == case_id, Round.published_at.is_not(None))
    if session.scalar(out) is not None:
        return read_cases(session, [case_id])[case_id]
    return visible_round(session, case_id, actor) if actor else None


def _items(session: Session, round_id: str, actor: Actor) -> list[ItemShown]:
    rows = session.scalars(
        select(RoundItem)
        .join(Case, Case.id == RoundItem.hazard_id)
        .where(RoundItem.round_id == round_id)
        .order_by(Case.number)
    ).all()
    lines = _lines(session, [row.hazard_id for row in rows])
    known, officer = items_of(session, [round_id]).get(round_id, {}), any(held.role in SEEING for held in actor.held)
    why = {hazard_id: unnamed_because(item) for hazard_id, item in known.items()}
    return [_item(row, lines, why[row.hazard_id], officer) for row in rows]


def _item(row: RoundItem, lines: Mapping[str, Any], why: str | None, officer: bool) -> ItemShown:
    own = {
        "hazard": lines[row.hazard_id],
        "source_label": SOURCES[row.source],
        "named": why is None and row.outcome not in GONE,
        "unnamed_because": why if officer else None,
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
