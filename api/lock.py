"""One at a time (独占): a lock file that the system itself frees when its holder ends, however it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from workflow.refusals import Refusal

NAME = "worker.lock"


class WorkerRuns(Refusal):
    """这个数据目录已有后台程序在运行，不能同时再开一个。"""

    status = 409


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock file in `folder`; WorkerRuns while another process holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a+b") as file:
        try:
            _take(file)
        except OSError as held:
            right = "使用正在运行的 hazardloop serve 或 worker，或者先停止它；需要几个后台程序时请改用 PostgreSQL"
            raise WorkerRuns(field="data_dir", right=right) from held
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
