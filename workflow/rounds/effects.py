"""What the moves of a round (曝光督办) do beyond changing the state."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflow.attempt import Attempt, Effect
from workflow.clocks import Named
from workflow.decision import Change, Proposal
from workflow.effects import request_lapses
from workflow.history import canonical
from workflow.messages import Telling
from workflow.roles import Role
from workflow.rounds.bulletin import bulletin
from workflow.rounds.figures import settlement
from workflow.rounds.items import OUTCOMES, TWICE, Candidate, Item

TOLD = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER})
UNFROZEN = {"frozen_at": None, "frozen_by": None, "approved_at": None, "approved_by": None}


def pull_in(attempt: Attempt) -> Effect:
    """征集: every candidate that is not in the list yet."""
    return Effect(rows=tuple(("round_items", _row(attempt, found)) for found in attempt.facts.candidates))


def add_item(attempt: Attempt) -> Effect:
    """One hazard by hand; one that was dropped comes back."""
    hazard_id = attempt.data["hazard_id"]
    nominee = attempt.facts.nominee
    row = _row(attempt, Candidate(hazard_id, "hand", nominee.consecutive if nominee else 1))
    if hazard_id not in attempt.facts.items:
        return Effect(rows=(("round_items", row),))
    again = {"outcome": None, "settled_at": None, "reason": None}
    values = {name: value for name, value in row.items() if name not in ("round_id", "hazard_id")}
    return Effect(changes=(Change("item_back", _key(attempt, hazard_id), values | again),))


def drop_item(attempt: Attempt) -> Effect:
    """移出: before the list is frozen; it is not taken in again by itself."""
    return Effect(changes=(_ends(attempt, attempt.data["hazard_id"], "dropped", attempt.data["reason"]),))


def withhold_item(attempt: Attempt) -> Effect:
    """不公开: counted and pressed for like any other, never published."""
    return Effect(changes=(_says(attempt, withheld=attempt.data["reason"]),))


def describe_item(attempt: Attempt) -> Effect:
    """公布文字: what the public reads instead of the description."""
    return Effect(changes=(_says(attempt, public_text=attempt.data["public_text"]),))


def freeze(attempt: Attempt) -> Effect:
    """冻结名单."""
    return Effect(details={"frozen_at": attempt.now, "frozen_by": attempt.actor.id})


def thaw(attempt: Attempt) -> Effect:
    """解冻: what was approved was another list."""
    return Effect(details=UNFROZEN)


def approve(attempt: Attempt) -> Effect:
    """批准名单."""
    return Effect(details={"approved_at": attempt.now, "approved_by": attempt.actor.id})


def publish(attempt: Attempt) -> Effect:
    """公布: what was published is kept word for word, and the cycle counts from that instant."""
    at = attempt.data["published_at"]
    number = attempt.facts.details["number"]
    public = bulletin(number, attempt.facts.items.values(), now=attempt.now, published_at=at)
    said = f"第{number}轮曝光名单已公布，共{public['total']}条"
    return Effect(
        details={"published_at": at, "published_where": attempt.data["published_where"], "bulletin": canonical(public)},
        named={"publish": Named(kept_at=at), "settle": Named(anchor_at=at)},
        told=(Telling("round.publish", TOLD, said, data={"bulletin": public}),),
    )


def withdraw_item(attempt: Attempt) -> Effect:
    """撤下: it should not have stood there."""
    return Effect(changes=(_ends(attempt, attempt.data["hazard_id"], "withdrawn", attempt.data["reason"]),))


def escalate_item(attempt: Attempt) -> Effect:
    """升级: exposure is not enough; another act is proposed about the hazard, for a supervisor to decide."""
    hazard_id, reason = attempt.data["hazard_id"], attempt.data["reason"]
    basis = f"{attempt.case.number}曝光督办升级：{reason}"
    act = Proposal(about=hazard_id, kind=attempt.data["act_kind"], basis=basis, by=attempt.actor.id)
    return Effect(changes=(_ends(attempt, hazard_id, "escalated", reason),), proposes=(act,))


def settle(attempt: Attempt) -> Effect:
    """结算: every item left is settled by its hazard's state, and what was carried over twice is proposed for more."""
    items = [item for item in attempt.facts.items.values() if item.stands]
    outcomes = {item.hazard_id: OUTCOMES.get(item.state, "carried_over") for item in items}
    figures = settlement(attempt.facts.items.values(), outcomes)
    return Effect(
        case={"closed_at": attempt.now, "closed_by": attempt.actor.id, "extension_to": None},
        details={"settled_at": attempt.now, "figures": canonical(figures)},
        changes=(*(_settled(attempt, item, outcomes[item.hazard_id]) for item in items), *request_lapses(attempt)),
        proposes=tuple(_proposed(attempt, items, outcomes)),
    )


def void(attempt: Attempt) -> Effect:
    """作废: the hazards are free for another round."""
    ended = {"outcome": "dropped", "settled_at": attempt.now, "reason": attempt.data["reason"]}
    return Effect(changes=(Change("items_of", {"round_id": attempt.case.id}, ended),))


def _proposed(attempt: Attempt, items: list[Item], outcomes: Mapping[str, str]) -> Iterator[Proposal]:
    """A talk for what is carried over a second time, a listing for what is carried over even then."""
    for item in items:
        if outcomes[item.hazard_id] == "carried_over" and item.consecutive >= TWICE:
            kind = "talk" if item.consecutive == TWICE else "listing"
            basis = f"连续{item.consecutive}轮曝光仍未整改（{attempt.case.number}）"
            yield Proposal(about=item.hazard_id, kind=kind, basis=basis)


def _settled(attempt: Attempt, item: Item, outcome: str) -> Change:
    ended = _ends(attempt, item.hazard_id, outcome, REASONS.get(outcome))
    done = outcome == "rectified"
    values = {"money_fen": item.money_fen if done else 0, "area_m2": item.area_m2 if done else 0.0}
    return Change("item", ended.keys, {**ended.values, **values})


REASONS = {"withdrawn": "隐患已作废"}


def _row(attempt: Attempt, found: Candidate) -> dict[str, Any]:
    return {
        "round_id": attempt.case.id,
        "hazard_id": found.hazard_id,
        "source": found.source,
        "consecutive": found.consecutive,
        "added_at": attempt.now,
        "added_by": attempt.actor.id,
    }


def _key(attempt: Attempt, hazard_id: str) -> dict[str, str]:
    return {"round_id": attempt.case.id, "hazard_id": hazard_id}


def _says(attempt: Attempt, **values: str) -> Change:
    return Change("item", _key(attempt, attempt.data["hazard_id"]), values)


def _ends(attempt: Attempt, hazard_id: str, outcome: str, reason: str | None) -> Change:
    values = {"outcome": outcome, "settled_at": attempt.now, "reason": reason}
    return Change("item", _key(attempt, hazard_id), values)
