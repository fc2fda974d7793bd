"""A real server process on loopback: started by the command line, killed by its own process id, started again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

START_SECONDS = 60
END_SECONDS = 30
SERVE = "from api.start import main; main()"
HOUSE = Path(__file__).resolve().parents[2]


class DidNotStart(Exception):
    """The server ended, or said nothing, before it listened."""


@dataclass(slots=True)
class ServerProcess:
    """One `hazardloop serve` with its worker, on a free port of 127.0.0.1; `options` are settings without prefix."""

    data_dir: Path
    database_url: str = ""
    options: dict[str, str] = field(default_factory=dict)
    address: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Of the server that runs now."""
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> Path:
        """What all its lives said."""
        return self.data_dir / "server.log"

    def start(self) -> None:
        """Start it and wait until it says where it listens; DidNotStart."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-c", SERVE, "serve", "--with-worker", "--port", "0", "--json"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=HOUSE, env=self._environment(), stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        # A server that never speaks would hold up the test for ever.
        watch = Timer(START_SECONDS, self.process.kill)
        watch.start()
        try:
            self.address = json.loads(self.process.stdout.readline())["address"]
        except ValueError as silence:
            self.kill()
            raise DidNotStart(self.log.read_text(encoding="utf-8")[-4000:]) from silence
        finally:
            watch.cancel()

    def kill(self) -> None:
        """SIGKILL of this one process: no handler runs, nothing is flushed."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait(END_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None

    def _environment(self) -> dict[str, str]:
        own = {f"HAZARDLOOP_{name.upper()}": value for name, value in self.options.items()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("HAZARDLOOP_")}
        return inherited | {
            "HAZARDLOOP_DATA_DIR": str(self.data_dir), "HAZARDLOOP_DATABASE_URL": self.database_url, **own,
        }  # fmt: skip


@contextmanager
def running(server: ServerProcess) -> Iterator[ServerProcess]:
    """The server, started; whatever happens, nothing of it is left running."""
    server.start()
    try:
        yield server
    finally:
        server.kill()
