"""What may refuse a move of a round (曝光督办)."""

from workflow.arithmetic import last_day, said
from workflow.attempt import Attempt
from workflow.rounds import fields as f
from workflow.rounds import refusals as no
from workflow.rounds.items import OWED
from workflow.table import guard


@guard("candidates")
def finds_candidates(attempt: Attempt) -> None:
    """Taking in brings at least one hazard more."""
    if not attempt.facts.candidates:
        raise no.NoCandidates()


@guard("nominee", "items")
def may_stand(attempt: Attempt) -> None:
    """A hazard added by hand is owed, of this round's place, and stands in no open round."""
    nominee = attempt.facts.nominee
    if nominee is None or not nominee.owed:
        raise no.UnknownHazard(field="hazard_id", right=f.HAZARD.right + "，还没有整改合格")
    item = attempt.facts.items.get(nominee.hazard_id)
    if item is not None and item.stands:
        raise no.AlreadyInRound(field="hazard_id", right="另一件隐患")
    if nominee.taken:
        raise no.HazardInAnotherRound(field="hazard_id", right="没有列入其他未结算轮次的隐患")


@guard("items")
def stands_here(attempt: Attempt) -> None:
    """A move of one item names one that stands in this round."""
    item = attempt.facts.items.get(attempt.data.get("hazard_id") or "")
    if item is None or not item.stands:
        raise no.NotInRound(field="hazard_id", right="本轮名单中的一件隐患")


@guard()
def known_act(attempt: Attempt) -> None:
    """What an escalation proposes is one of the acts there are for it."""
    if attempt.data.get("act_kind") not in f.ACT_KIND.options:
        raise no.UnknownAct(field="act_kind", right=f.ACT_KIND.right)


@guard("items")
def has_items(attempt: Attempt) -> None:
    """An empty list is not frozen."""
    if not any(item.stands for item in attempt.facts.items.values()):
        raise no.EmptyRound(right="先列入至少一件隐患")


@guard("details")
def another_person(attempt: Attempt) -> None:
    """Who froze the list does not approve it."""
    if attempt.actor.id == attempt.facts.details.get("frozen_by"):
        raise no.OwnFreeze(right="由另一名领导批准")


@guard("details", "items")
def published_when(attempt: Attempt) -> None:
    """The instant of publication lies in the minute of the approval or later, and not in the future."""
    at, approved_at = attempt.instant("published_at"), attempt.facts.details.get("approved_at")
    if approved_at is None:
        raise no.PublishedWhen(field="published_at", right=f.PUBLISHED_AT.right)
    # People type minutes: who publishes at once says the minute in which it was approved.
    first = approved_at.replace(second=0, microsecond=0)
    if at is None or not first <= at <= attempt.now:
        raise no.PublishedWhen(field="published_at", right=f"{said(first)} 至 {said(attempt.now)} 之间的时刻")


@guard("items")
def cycle_over(attempt: Attempt) -> None:
    """A round is settled from the last day of its cycle on, or as soon as nothing in it is owed any more."""
    running = attempt.extended
    owed = any(item.stands and item.state in OWED for item in attempt.facts.items.values())
    if owed and running is not None and last_day(attempt.now) < last_day(running.due_at):
        raise no.SettlesTooEarly(right=f"{last_day(running.due_at)}或以后")
