"""A roster for stories: the bureau's watches from a Monday morning on, planned by the supervisor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from models import Shift, Swap
from models.database import read_session, write_session
from tests.conftest import Clock
from tests.people import Cast
from workflow import handing_over, roster, swaps
from workflow.actor import Actor
from workflow.watches import Post, Watch

DAY = timedelta(days=1)


@dataclass(slots=True)
class Rota:
    """Plans, hands over and swaps in transactions of their own, at the test's clock."""

    engine: Engine
    cast: Cast
    clock: Clock
    org_id: str

    def watch(self, day: float, officer: Actor, leader: Actor | None = None, *, days: float = 1) -> Watch:
        """A watch that begins so many days after tomorrow's 08:30."""
        begins = self.begin + day * DAY
        return Watch(begins, begins + days * DAY, officer.id, (leader or self.cast.leader).id)

    @property
    def begin(self) -> datetime:
        """08:30 on the day after the story's Monday."""
        return datetime(2026, 3, 3, 8, 30, tzinfo=self.clock.now.tzinfo)

    def plan(self, *watches: Watch, org_id: str | None = None, by: Actor | None = None) -> tuple[str, ...]:
        """The supervisor plans; the ids."""
        planner = by or self.cast.supervisor
        return self._did(
            lambda session: tuple(
                shift.id
                for shift in roster.plan(
                    session, org_id=org_id or self.org_id, watches=watches, actor=planner, now=self.clock.now
                )
            )
        )

    def hand_over(self, shift_id: str, by: Actor, note: str = "无异常") -> None:
        """The watch that ends hands over."""
        self._did(lambda session: handing_over.hand_over(session, shift_id, note=note, actor=by, now=self.clock.now).id)

    def acknowledge(self, shift_id: str, by: Actor) -> None:
        """The next one takes over."""
        self._did(lambda session: handing_over.acknowledge(session, shift_id, actor=by, now=self.clock.now).id)

    def ask(self, shift_id: str, by: Actor, to: Actor, post: Post = "officer") -> str:
        """Somebody asks another to take a post; the swap's id."""
        asked = {"post": post, "to_id": to.id, "reason": "家中有事"}
        return self._did(lambda session: swaps.ask(session, shift_id, actor=by, now=self.clock.now, **asked).id)

    def answer(self, act: Callable[..., Swap], swap_id: str, by: Actor) -> None:
        """Agree, decline or withdraw."""
        self._did(lambda session: act(session, swap_id, actor=by, now=self.clock.now).id)

    def shifts(self, org_id: str | None = None) -> list[Shift]:
        """The roster as it is."""
        with read_session(self.engine) as session:
            rows = select(Shift).where(Shift.org_id == (org_id or self.org_id)).order_by(Shift.starts_at)
            return list(session.scalars(rows))

    def swap(self, swap_id: str) -> Swap:
        """The question as it is."""
        with read_session(self.engine) as session:
            return session.get_one(Swap, swap_id)

    def _did(self, act: Callable[[Any], Any]) -> Any:
        with write_session(self.engine) as session:
            return act(session)
