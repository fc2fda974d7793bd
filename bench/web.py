"""Moves over HTTP, beside an endpoint that takes the same body from the same people and does nothing."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from api import accounts, clock
from bench.figures import Figure, Goal, ratio, spread
from bench.places import Ground, plain_url
from bench.road import Step, road
from bench.sizes import Sizes
from bench.stage import Stage, bring_evidence, build, open_hazards
from models.database import read_session
from workflow import load

CLIENTS = 32
STEPS = 7
WARM = 1


class Unanswered(AssertionError):
    """A request was answered otherwise than with 200."""


def web(ground: Ground, sizes: Sizes) -> Iterator[Figure]:
    """One figure a database: requests a second of both addresses, turn by turn."""
    rounds, each = sizes.rounds, max(1, sizes.requests // CLIENTS // STEPS)
    for kind in ("postgresql", "sqlite"):
        rates: dict[str, list[float]] = {"moves": [], "nothing": []}
        with ground.database(kind) as engine:
            stage = build(engine)
            cases = iter(open_hazards(engine, stage, (rounds + WARM) * each * CLIENTS, now=clock.now()))
            with _server(engine, ground.folder) as port:
                for n in range(rounds + WARM):
                    lanes = _lanes(engine, stage, [[next(cases) for _ in range(each)] for _ in range(CLIENTS)])
                    for path in rates:
                        rate = asyncio.run(_all(port, [[_sent(r, path) for r in lane] for lane in lanes]))
                        if n >= WARM:
                            rates[path].append(rate)
        yield Figure(
            what=f"moves over HTTP, 1 worker, {CLIENTS} clients",
            database=kind,
            against="a no-op with the same body and authentication",
            value=ratio(rates["moves"], rates["nothing"]),
            unit="×",
            goal=Goal(0.10, 0.15),
            made_of=f"{spread(rates['moves'])} beside {spread(rates['nothing'])} requests/s",
        )


def _lanes(engine: Engine, stage: Stage, lanes: Sequence[Sequence[str]]) -> list[list["Request"]]:
    """What each client sends, one request after the other; the evidence is there, and everybody has a token."""
    case_ids = [case_id for lane in lanes for case_id in lane]
    bring_evidence(engine, case_ids)
    with read_session(engine) as session:
        cases = load.read_cases(session, case_ids)
    tokens: dict[str, str] = {}

    def request(case_id: str, step: Step) -> Request:
        who = step.actor.id
        if who not in tokens:
            since = clock.now() - timedelta(minutes=1)
            tokens[who] = accounts.issue_token(engine, who, "bench", now=since)
        return Request(case_id, step.trigger, tokens[who], _body(step.data))

    return [[request(c, step) for c in lane for step in road(stage, c, str(cases[c].enterprise_id))] for lane in lanes]


@dataclass(frozen=True, slots=True)
class Request:
    """One move as a client asks for it."""

    case_id: str
    trigger: str
    token: str
    body: bytes


def _body(data: Mapping[str, Any]) -> bytes:
    said = {name: value for name, value in data.items() if name != "money_fen"}
    if "money_fen" in data:
        said["money_yuan"] = f"{data['money_fen'] / 100:.2f}"
    return json.dumps(said, ensure_ascii=False).encode()


def _sent(request: Request, kind: str) -> bytes:
    head = (
        f"POST /api/v1/cases/{request.case_id}/{kind}/{request.trigger} HTTP/1.1\r\nHost: bench\r\n"
        f"Authorization: Bearer {request.token}\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {uuid4()}\r\nContent-Length: {len(request.body)}\r\n\r\n"
    )
    return head.encode() + request.body


async def _all(port: int, lanes: Sequence[Sequence[bytes]]) -> float:
    """Requests a second of all clients together, each on a connection of its own that stays open."""
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in lanes]
    begun = time.perf_counter()
    await asyncio.gather(*(_lane(*stream, lane) for stream, lane in zip(streams, lanes, strict=True)))
    taken = time.perf_counter() - begun
    for _, writer in streams:
        writer.close()
    return sum(map(len, lanes)) / taken


async def _lane(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lane: Sequence[bytes]) -> None:
    for request in lane:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith(b"http/1.1 200"):
            raise Unanswered(body.decode())


@contextmanager
def _server(engine: Engine, folder: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.server", plain_url(engine), str(folder / "house")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
