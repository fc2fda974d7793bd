"""Serve (服务): the API in one process, on one machine with the worker inside."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import uvicorn

from api import clock, logs
from api.accounts import first_link
from api.app import create_app
from api.helper import Helper
from api.house import House
from api.litter import look_seldom
from api.lock import alone
from api.ticker import loops, ticking, until_told
from api.worker import Worker, client_of
from workflow.refusals import Refusal

# An upload or a long export may finish; a proxy gives up sooner than that.
GRACE_SECONDS = 30
LISTEN_SECONDS = 0.5


class PortTaken(Refusal):
    """这个地址和端口不能监听，可能已被别的程序占用。"""

    status = 409


@contextmanager
def working(house: House) -> Iterator[Worker]:
    """The worker's loops, ticking beside the caller; WorkerRuns where an embedded database has its worker already."""
    with ExitStack() as stack:
        helper = None
        if embedded(house):
            stack.enter_context(alone(house.settings.data_dir))
        else:
            helper = stack.enter_context(closing(Helper(house.settings)))
        logs.configure(logging.INFO)
        worker = Worker(house, stack.enter_context(closing(client_of(house))), helper=helper)
        stack.enter_context(ticking(worker, loops(house.settings)))
        yield worker


def embedded(house: House) -> bool:
    """Whether the database is a file of this machine, which has exactly one worker."""
    return house.engine.dialect.name == "sqlite"


def work(house: House, *, ready: Callable[[], None]) -> None:
    """Run the worker alone until told to stop; `ready` is called once it runs."""
    with until_told() as told, working(house):
        look_seldom()
        ready()
        # Python hears of a signal that another thread received only when this one wakes.
        while not told.stop:
            time.sleep(LISTEN_SECONDS)


def serve(house: House, *, with_worker: bool, ready: Callable[[str], None]) -> None:
    """Answer requests until told to stop; `ready` gets the address once it is ours.

    PortTaken for an address that can't be had; an embedded database always brings its worker.
    """
    with ExitStack() as stack:
        stack.enter_context(until_told())
        listener = stack.enter_context(closing(_listen(house.settings.host, house.settings.port)))
        if with_worker or embedded(house):
            stack.enter_context(working(house))
        # Its own log would carry addresses, and links in them are secrets.
        config = uvicorn.Config(
            create_app(house), access_log=False, log_config=None, timeout_graceful_shutdown=GRACE_SECONDS
        )
        look_seldom()
        ready(address(listener))
        uvicorn.Server(config).run(sockets=[listener])


def address(listener: socket.socket) -> str:
    """Where a browser on this machine finds us."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def set_up_secret(house: House) -> str | None:
    """The secret of the one-time set-up link while nobody has an account."""
    return first_link(house.engine, clock.now())


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as taken:
        right = f"空闲的端口；现在是 {host}:{port}，用 --port 或 HAZARDLOOP_PORT 换一个"
        raise PortTaken(field="port", right=right) from taken
