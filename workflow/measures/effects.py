"""What the moves of a measure (督办措施) do beyond changing the state."""

from datetime import datetime

from workflow import effects
from workflow.attempt import Attempt, Effect
from workflow.clocks import Named


def carry_out(attempt: Attempt) -> Effect:
    """The talk was held or the paper went out: what is owed next counts from then, not from its entry."""
    at, data = attempt.data["carried_out_at"], attempt.data
    words = {name: data.get(name) for name in ("document", "attended", "minutes")}
    kept, since = Named(kept_at=at), Named(anchor_at=at)
    return Effect(
        details={**words, "carried_out_at": at, "carried_out_by": attempt.actor.id},
        named={"carry_out": kept, "reply": since, "close": since},
    )


def reply(attempt: Attempt) -> Effect:
    """The unit answers here and now."""
    return _replied(attempt, attempt.now)


def take_reply(attempt: Attempt) -> Effect:
    """A written answer came in earlier than it is entered."""
    return _replied(attempt, attempt.data["received_at"])


def _replied(attempt: Attempt, at: datetime) -> Effect:
    """What was asked for meanwhile lapses."""
    return Effect(
        case={"extension_to": None},
        details={"replied_at": at, "reply": attempt.data["reply"]},
        named={"reply": Named(kept_at=at), "close": Named(anchor_at=at)},
        changes=effects.request_lapses(attempt),
    )


def void(attempt: Attempt) -> Effect:
    """撤销: proposals about it fall with it."""
    left = effects.leave(attempt)
    return Effect(case=left.case, changes=(*left.changes, *effects.proposals_fall(attempt)))
