"""A storm: clients that carry cases along their road over HTTP and repeat, under the same key, what got no answer."""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Condition, Event, Thread
from typing import Any

import httpx
from PIL import Image

from api import accounts, clock
from tests.desk import Desk
from tests.hard.judge import Promise, Promises
from tests.hard.processes import ServerProcess, running
from tests.people import Cast
from workflow.actor import Actor

ANSWER_SECONDS = 20
PATIENCE_SECONDS = 120
ATTEMPTS = 50
KEPT_WAITING = (503,)


class NotAnswered(Exception):
    """A request was answered otherwise than with success, or not at all."""


@dataclass(slots=True)
class Weather:
    """What the storm and its clients share: the server, whether it is up, when to end, how much was answered."""

    server: ServerProcess
    secrets: Mapping[str, str]
    cast: Cast
    promises: Promises = field(default_factory=Promises)
    up: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)
    changed: Condition = field(default_factory=Condition)
    answered: int = 0
    repeated: int = 0
    replayed: int = 0
    failures: list[BaseException] = field(default_factory=list)

    def count(self, **more: int) -> None:
        """Add to `answered`, `repeated` or `replayed`, and tell whoever waits for that."""
        with self.changed:
            for name, n in more.items():
                setattr(self, name, getattr(self, name) + n)
            self.changed.notify_all()

    def fail(self, failure: BaseException) -> None:
        """A client gives up."""
        with self.changed:
            self.failures.append(failure)
            self.changed.notify_all()

    def wait_for(self, answers: int, *, seconds: float) -> None:
        """Until so many more requests were answered; no longer than `seconds`, nor once a client has failed."""
        with self.changed:
            enough = self.answered + answers
            self.changed.wait_for(lambda: self.answered >= enough or self.failures, seconds)


def secrets_of(engine: Any, people: Mapping[str, Actor]) -> dict[str, str]:
    """An API token for each person."""
    now = clock.now() - timedelta(minutes=1)
    return {name: accounts.issue_token(engine, actor.id, "风暴", now=now) for name, actor in people.items()}


def photo(rng: Random) -> bytes:
    """A small JPEG like no other."""
    picture = Image.frombytes("RGB", (8, 8), rng.randbytes(192))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


@dataclass(slots=True)
class Walker:
    """One client with a random number generator of its own."""

    weather: Weather
    rng: Random
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=ANSWER_SECONDS))

    def mark(self) -> str:
        """A word that is found in the history again."""
        mark = f"mark-{self.rng.getrandbits(48):012x}"
        self.weather.promises.ask(mark)
        return mark

    def post(self, who: str, path: str, **content: Any) -> httpx.Response:
        """Send until it is answered, always under the same key; NotAnswered for anything but success."""
        headers = {"Authorization": f"Bearer {self.weather.secrets[who]}", **content.pop("headers", {})}
        headers["Idempotency-Key"] = f"{self.rng.getrandbits(64):016x}"
        for _ in range(ATTEMPTS):
            try:
                answer = self.http.post(f"{self.weather.server.address}/api/v1{path}", headers=headers, **content)
            except httpx.TransportError:
                self.http.close()
                self.http = httpx.Client(timeout=ANSWER_SECONDS)
            else:
                if answer.status_code not in KEPT_WAITING:
                    break
            self.weather.count(repeated=1)
            if not self.weather.up.wait(PATIENCE_SECONDS):
                raise NotAnswered(f"no server for {path}")
        else:
            raise NotAnswered(path)
        if not answer.is_success:
            raise NotAnswered(f"{path}: {answer.status_code} {answer.text}")
        self.weather.count(answered=1, replayed=int("Idempotency-Replayed" in answer.headers))
        return answer

    def open(self, n: int = 1) -> list[str]:
        """One visit with `n` hazards."""
        cast, marks = self.weather.cast, [self.mark() for _ in range(n)]
        found_at = (clock.now() - timedelta(minutes=5)).isoformat()
        hazards = [{"description": f"安全出口堵塞 {mark}", "enterprise_id": cast.enterprise} for mark in marks]
        body = {"visit": {"visited_at": found_at}, "hazards": hazards}
        opened = self.post("inspector", "/hazards", json=body).json()["cases"]
        for case, mark in zip(opened, marks, strict=True):
            self.weather.promises.moved(Promise(mark, case["id"], case["version"]))
        return [case["id"] for case in opened]

    def move(self, who: str, case_id: str, trigger: str, marked: str, **data: Any) -> None:
        """One move whose field `marked` bears a mark."""
        mark = self.mark()
        answer = self.post(who, f"/cases/{case_id}/moves/{trigger}", json={marked: f"照办 {mark}", **data}).json()
        self.weather.promises.moved(Promise(mark, case_id, answer["version"]))

    def upload(self, who: str, case_id: str) -> str:
        """A photo after the work; its SHA-256."""
        content = photo(self.rng)
        sha256 = hashlib.sha256(content).hexdigest()
        path = f"/cases/{case_id}/evidence?phase=after&name=after.jpg"
        self.post(who, path, content=content, headers={"Content-Type": "image/jpeg"})
        self.weather.promises.arrived(case_id, sha256)
        return sha256

    def assign(self, case_id: str) -> None:
        """The dispatcher gives it to the enterprise."""
        unit = self.weather.cast.enterprise
        self.move("dispatcher", case_id, "assign", "requirement", responsible_org_id=unit)


def desk_work(walker: Walker) -> None:
    """Opened, assigned, begun, reported on several times; some voided."""
    for case_id in walker.open(walker.rng.randint(1, 3)):
        walker.assign(case_id)
        if walker.rng.random() < 0.2:
            walker.move("dispatcher", case_id, "void", "reason")
            continue
        walker.move("enterprise_person", case_id, "start", "plan_responsibility")
        for _ in range(walker.rng.randint(0, 3)):
            walker.move("enterprise_person", case_id, "report", "note")


def whole_road(walker: Walker) -> None:
    """From discovery to closure, with a photo."""
    (case_id,) = walker.open()
    second = walker.weather.cast.second_inspector.id
    walker.assign(case_id)
    walker.move("enterprise_person", case_id, "start", "plan_responsibility")
    sha256 = walker.upload("enterprise_person", case_id)
    walker.move("enterprise_person", case_id, "submit", "measures", evidence=[sha256])
    walker.move("inspector", case_id, "verify", "note", second_officer=second)
    walker.move("supervisor", case_id, "close", "note")


PEOPLE = ("inspector", "dispatcher", "enterprise_person", "supervisor")
ROADS = (desk_work, desk_work, desk_work, whole_road)


def blow(weather: Weather, roads: Sequence[Callable[[Walker], None]], rng: Random) -> list[Thread]:
    """Start one client a road, each going along it again and again until the weather is over."""

    def go(road: Callable[[Walker], None], own: Random) -> None:
        walker = Walker(weather, own)
        try:
            while not weather.over.is_set():
                road(walker)
        except BaseException as failure:
            weather.fail(failure)
        finally:
            walker.http.close()

    threads = [Thread(target=go, args=(road, Random(rng.getrandbits(64)))) for road in roads]
    for thread in threads:
        thread.start()
    return threads


@contextmanager
def storm(desk: Desk, folder: Path, rng: Random) -> Iterator[Weather]:
    """Clients at work against a running server; at its end every request has been answered and the server is gone."""
    url = desk.engine.url.render_as_string(hide_password=False)
    people = {name: getattr(desk.cast, name) for name in PEOPLE}
    with running(ServerProcess(folder, url, {"sweep_seconds": "1"})) as server:
        weather = Weather(server, secrets_of(desk.engine, people), desk.cast)
        weather.up.set()
        clients = blow(weather, ROADS, rng)
        try:
            yield weather
        finally:
            weather.over.set()
            weather.up.set()
            for client in clients:
                client.join(60)
        assert [client for client in clients if client.is_alive()] == []
