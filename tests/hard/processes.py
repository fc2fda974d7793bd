"""A real server process on loopback: begun by its command, killed by its own process id, begun again.

Each is forked from a process that has loaded the modules and done nothing else, for loading them is most of a start;
that the command starts from nothing too is tested once, with the command line.
"""

import json
import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Timer

START_SECONDS = 60
END_SECONDS = 30
SERVE = ("serve", "--with-worker", "--port", "0", "--json")
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["api.cli", "api.serve"])


class DidNotStart(Exception):
    """The server ended, or said nothing, before it listened."""


@dataclass(slots=True)
class ServerProcess:
    """One `hazardloop serve` with its worker, on a free port of 127.0.0.1; `options` are settings without prefix."""

    data_dir: Path
    database_url: str = ""
    options: dict[str, str] = field(default_factory=dict)
    address: str = ""
    process: ForkServerProcess | None = None

    @property
    def pid(self) -> int:
        """Of the server that runs now."""
        assert self.process is not None
        assert self.process.pid is not None
        return self.process.pid

    @property
    def log(self) -> Path:
        """What all its lives said."""
        return self.data_dir / "server.log"

    def start(self) -> None:
        """Start it and wait until it says where it listens; DidNotStart."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        ours, its = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=_live, args=(its, self.log, self._environment()))
        self.process.start()
        its.close()
        # A server that never speaks would hold up the test for ever.
        watch = Timer(START_SECONDS, self.process.kill)
        watch.start()
        try:
            with open(ours.fileno(), encoding="utf-8", closefd=False) as said:
                self.address = json.loads(said.readline())["address"]
        except ValueError as silence:
            self.kill()
            raise DidNotStart(self.log.read_text(encoding="utf-8")[-4000:]) from silence
        finally:
            watch.cancel()
            ours.close()

    def kill(self) -> None:
        """SIGKILL of this one process: no handler runs, nothing is flushed."""
        if self.process is None:
            return
        self.process.kill()
        self.process.join(END_SECONDS)
        self.process = None

    def _environment(self) -> dict[str, str]:
        own = {f"HAZARDLOOP_{name.upper()}": value for name, value in self.options.items()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HAZARDLOOP_")}
        return inherited | {
            "HAZARDLOOP_DATA_DIR": str(self.data_dir), "HAZARDLOOP_DATABASE_URL": self.database_url, **own,
        }  # fmt: skip


def _live(said: Connection, log: Path, environment: dict[str, str]) -> None:
    """The server's whole life: its words go to whoever began it, its complaints to the log."""
    from api.start import main

    with log.open("ab") as complaints:
        os.dup2(said.fileno(), sys.stdout.fileno())
        os.dup2(complaints.fileno(), sys.stderr.fileno())

    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = SERVE
    main()


@contextmanager
def running(server: ServerProcess) -> Iterator[ServerProcess]:
    """The server, started; whatever happens, nothing of it is left running."""
    server.start()
    try:
        yield server
    finally:
        server.kill()
