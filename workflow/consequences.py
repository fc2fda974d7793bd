"""Consequences (后续): what a move of one case means for others, written in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from workflow.actor import Actor
from workflow.decision import Decision
from workflow.rounds.opening import next_round
from workflow.rules import Rules


class Consequence(Protocol):
    """Writes what follows from a decision that has just been written."""

    def __call__(self, session: Session, rules: Rules, decision: Decision, *, actor: Actor, now: datetime) -> None: ...


# (workflow, trigger) → what follows.
CONSEQUENCES: Mapping[tuple[str, str], Consequence] = {
    ("round", "settle"): next_round,
}
