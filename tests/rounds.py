"""A desk for stories about rounds (曝光督办): open, take in, freeze, approve, publish, settle, each as who does it."""

import json
from dataclasses import dataclass
from typing import Any

from models import Round, RoundItem
from models.database import write_session
from tests.desk import Desk
from workflow.actor import Actor
from workflow.rounds.opening import open_round


@dataclass(slots=True)
class Rounds:
    """What a story does to rounds goes through here; the hazards are the desk's."""

    desk: Desk

    def open(self, *, by: Actor | None = None, **wanted: Any) -> str:
        """The dispatcher opens a round of the district; its id."""
        desk = self.desk
        with write_session(desk.engine) as session:
            decision = open_round(
                session, desk.rules, actor=by or desk.cast.dispatcher, now=desk.clock.now,
                **{"district_id": desk.cast.district, **wanted},
            )  # fmt: skip
        return decision.after.id

    def add(self, round_id: str, hazard_id: str, **data: Any) -> None:
        """One hazard by hand."""
        said = {"hazard_id": hazard_id, "reason": "群众关注", **data}
        self.desk.fire(round_id, "add_item", self.desk.cast.dispatcher, **said)

    def freeze(self, round_id: str) -> None:
        """The dispatcher freezes the list."""
        self.desk.fire(round_id, "freeze", self.desk.cast.dispatcher)

    def approve(self, round_id: str) -> None:
        """The leader approves it."""
        self.desk.fire(round_id, "approve", self.desk.cast.leader)

    def publish(self, round_id: str, **data: Any) -> None:
        """The dispatcher says that it was published just now."""
        said = {"published_at": self.desk.clock.now, "published_where": "区政府门户网站", **data}
        self.desk.fire(round_id, "publish", self.desk.cast.dispatcher, **said)

    def published(self, *hazards: str, **wanted: Any) -> str:
        """A round of these hazards, just published."""
        round_id = self.open(**wanted)
        for hazard_id in hazards:
            self.add(round_id, hazard_id)
        self.out(round_id)
        return round_id

    def out(self, round_id: str) -> None:
        """Freeze, approve and publish what has been collected."""
        self.freeze(round_id)
        self.approve(round_id)
        self.publish(round_id)

    def settle(self, round_id: str) -> None:
        """The dispatcher settles it."""
        self.desk.fire(round_id, "settle", self.desk.cast.dispatcher)

    def words(self, round_id: str) -> Round:
        """The round's own row."""
        return self.desk.all(Round, Round.case_id == round_id)[0]  # type: ignore[no-any-return]  # rows and JSON of any table

    def items(self, round_id: str) -> dict[str, RoundItem]:
        """Its items by hazard."""
        rows = self.desk.all(RoundItem, RoundItem.round_id == round_id, order=RoundItem.hazard_id)
        return {row.hazard_id: row for row in rows}

    def outcomes(self, round_id: str) -> dict[str, str | None]:
        """What has become of each."""
        return {hazard_id: item.outcome for hazard_id, item in self.items(round_id).items()}

    def bulletin(self, round_id: str) -> dict[str, Any]:
        """What was published."""
        return json.loads(self.words(round_id).bulletin or "{}")  # type: ignore[no-any-return]  # rows and JSON of any table

    def figures(self, round_id: str) -> dict[str, Any]:
        """The settlement's figures."""
        return json.loads(self.words(round_id).figures or "{}")  # type: ignore[no-any-return]  # rows and JSON of any table
