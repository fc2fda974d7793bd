"""Rounds (曝光督办) for the table of who may reach which address: fresh for every request, in every state."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tests.desk import Desk
from tests.rounds import Rounds


class Stage(Protocol):
    """Whatever has a server with a desk."""

    @property
    def server(self) -> Any: ...


def _collecting(rounds: Rounds, hazard_id: str) -> str:
    round_id = rounds.open()
    rounds.add(round_id, hazard_id)
    return round_id


def _frozen(rounds: Rounds, hazard_id: str) -> str:
    round_id = _collecting(rounds, hazard_id)
    rounds.freeze(round_id)
    return round_id


def _approved(rounds: Rounds, hazard_id: str) -> str:
    round_id = _frozen(rounds, hazard_id)
    rounds.approve(round_id)
    return round_id


def _published(rounds: Rounds, hazard_id: str) -> str:
    round_id = _approved(rounds, hazard_id)
    rounds.publish(round_id)
    return round_id


def _suspended(rounds: Rounds, hazard_id: str) -> str:
    round_id = _published(rounds, hazard_id)
    rounds.desk.fire(round_id, "suspend", rounds.desk.cast.leader, reason="疫情封控")
    return round_id


def _done(rounds: Rounds, hazard_id: str) -> str:
    round_id = _published(rounds, hazard_id)
    rounds.desk.fire(hazard_id, "void", rounds.desk.cast.dispatcher, reason="登记错误")
    return round_id


ROADS: Mapping[str, Callable[[Rounds, str], str]] = {
    "empty": lambda rounds, hazard_id: rounds.open(),
    "collecting": _collecting,
    "frozen": _frozen,
    "approved": _approved,
    "published": _published,
    "suspended": _suspended,
    "done": _done,
}


def round_at(state: str, *, item: bool = False, **json: Any) -> Callable[[Stage], dict[str, Any]]:
    """A round that has come so far with one hazard, which the body names if `item`."""

    def made(stage: Stage) -> dict[str, Any]:
        desk: Desk = stage.server.desk
        hazard_id = desk.to("assigned")
        round_id = ROADS[state](Rounds(desk), hazard_id)
        return {"case_id": round_id, "json": json | ({"hazard_id": hazard_id} if item else {})}

    return made


def with_candidate(stage: Stage) -> dict[str, Any]:
    """A round that finds a candidate: the clock goes back afterwards, tokens don't live for ever."""
    desk: Desk = stage.server.desk
    before = desk.clock.now
    desk.to("assigned")
    desk.clock.advance(days=31)
    desk.sweep()
    desk.clock.now = before
    return {"case_id": Rounds(desk).open(), "json": {}}


def ready(stage: Stage) -> dict[str, Any]:
    """An approved round, and what publishing it brings."""
    made = round_at("approved")(stage)
    said = {"published_at": stage.server.desk.clock.now.isoformat(), "published_where": "区政府门户网站"}
    return made | {"json": said}
