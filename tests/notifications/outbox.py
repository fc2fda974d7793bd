"""What `workflow` would have written, and a worker that sends it."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import httpx
from sqlalchemy import Engine, func, select, update

from models import Case, Channel, Message, Organisation
from models.database import read_session, write_session
from notifications.channels import new_channel
from notifications.delivery import Delivered, deliver
from notifications.sealing import unseal
from notifications.settings import Settings
from tests.conftest import Clock
from tests.notifications.fakeim import HOOK_SECRET, SECRET, Platform

KEY = b"k" * 32
BASE_URL = "https://hazards.example.gov.cn"


@dataclass
class Outbox:
    """What `workflow` would have written, and a worker to send it."""

    engine: Engine
    clock: Clock
    client: httpx.Client
    platform: Platform
    numbers: dict[str, int] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=count)

    def channel(self, kind: str, **settings: Any) -> str:
        """Add a channel to the platform; return its id."""
        url, secret = {"dingtalk": (self.platform.robot, SECRET), "webhook": (self.platform.hook, HOOK_SECRET)}[kind]
        values = {"url": url, "secrets": (secret,), "base_url": BASE_URL, **settings}
        row = new_channel(
            kind=kind, name="群", org_id="bureau", settings=Settings(**values), keys=[KEY], now=self.clock.now
        )
        with write_session(self.engine) as session:
            session.add(row)
        return row.id

    def case(self, number: int = 142) -> str:
        """Add a case; return its id."""
        id = f"case-{number}"
        with write_session(self.engine) as session:
            session.add(
                Case(
                    id=id, number=f"HZ-2026-{number:06d}", workflow="hazard", state="assigned", version=1, seq=1,
                    head="", cycle=1, message_no=0, level="general", title="灭火器过期", district_id="bureau",
                    opened_at=self.clock.now, opened_by="li", opened_by_org="bureau", submission_no=0,
                    evidence_count=0, rejections=0,
                )
            )  # fmt: skip
        return id

    def message(
        self, channel: str, case: str | None, *, priority: int = 2, text: str = "请按期整改", **more: Any
    ) -> str:
        """Write the next message of a case to a channel; return its id."""
        n = self.numbers[case or ""] = self.numbers.get(case or "", 0) + 1
        number = f"HZ-2026-{int(case.removeprefix('case-')):06d}" if case else None
        payload = {
            "title": f"【隐患 {number} · 第{n}号通知】隐患交办", "text": text, "number": number, "case_id": case,
            "workflow": "hazard", "state": "assigned", "seq": n, "message_no": n, "priority": priority,
            "data": {"phone": "13800000000"},
            **more,
        }  # fmt: skip
        # As `new_id` makes them, but in order within a millisecond too.
        id = f"{int(self.clock.now.timestamp() * 1000):012x}{next(self.ids):020x}"
        with write_session(self.engine) as session:
            session.add(
                Message(
                    id=id, case_id=case, event_seq=n, number=n, template="assigned", target=f"channel:{channel}",
                    channel_id=channel, priority=priority, payload=json.dumps(payload, ensure_ascii=False),
                    created_at=self.clock.now, wake_at=self.clock.now, attempts=0,
                )
            )  # fmt: skip
        return id

    def round(self, **options: Any) -> Delivered:
        """One round of delivery."""
        opener = options.pop("unseal", partial(_unseal, keys=[KEY]))
        return deliver(
            self.engine, now=lambda: self.clock.now, client=options.pop("client", self.client), unseal=opener, **options
        )

    def rounds(self, seconds: float, until: Callable[[], bool], *, threads: int = 1, most: int = 2_000) -> None:
        """Deliver, with so many at once, and let so many seconds pass, until it is so; fail when it never is."""
        with ThreadPoolExecutor(threads) as pool:
            for _ in range(most):
                list(pool.map(lambda _: self.round(), range(threads)))
                if until():
                    return
                self.clock.advance(seconds=seconds)
        raise AssertionError("never")

    def row(self, id: str) -> Message:
        with read_session(self.engine) as session:
            return session.get_one(Message, id)

    def channel_row(self, id: str) -> Channel:
        with read_session(self.engine) as session:
            return session.get_one(Channel, id)

    def waiting(self) -> int:
        """How many messages are not settled."""
        with read_session(self.engine) as session:
            return session.scalar(select(func.count()).where(Message.outcome.is_(None))) or 0

    def withdraw(self, id: str) -> None:
        """What a move does to a message it makes pointless."""
        with write_session(self.engine) as session:
            session.execute(
                update(Message)
                .where(Message.id == id, Message.outcome.is_(None))
                .values(outcome="withdrawn", settled_at=self.clock.now, wake_at=None)
            )


def _unseal(channel_id: str, sealed: str, *, keys: list[bytes]) -> Settings:
    return unseal(sealed, channel_id=channel_id, keys=keys)


def outbox_on(engine: Engine, clock: Clock, platform: Platform, client: httpx.Client) -> Outbox:
    """An empty outbox of one bureau in a database without rows."""
    with write_session(engine) as session:
        session.add(Organisation(id="bureau", kind="department", name="应急管理局", created_at=clock.now))
    return Outbox(engine=engine, clock=clock, client=client, platform=platform)
