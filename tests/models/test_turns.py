"""Who asks first writes first, and who waits too long is told so."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

from sqlalchemy import Engine

from models import Visit, new_id
from models.database import write_session
from models.turns import Turns
from tests.conftest import Clock

SOON = 0.01
LONG = 30


def test_turns_come_in_the_order_of_asking() -> None:
    turns, served, threads = Turns(), [], []
    with turns.turn(seconds=SOON):
        for n in range(20):
            waiting = Event()

            def ask(n: int = n, waiting: Event = waiting) -> None:
                waiting.set()
                with turns.turn(seconds=LONG):
                    served.append(n)

            threads.append(Thread(target=ask))
            threads[-1].start()
            waiting.wait()
            while len(turns._waiting) <= n:
                pass
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_who_waits_in_vain_has_no_turn_and_blocks_nobody() -> None:
    turns = Turns()
    with turns.turn(seconds=SOON) as first, turns.turn(seconds=SOON) as second:
        assert (first, second) == (True, False)
    with turns.turn(seconds=SOON) as third:
        assert third


def test_one_at_a_time_has_a_turn() -> None:
    turns, inside, most = Turns(), [0], [0]
    start = Barrier(16)

    def work() -> None:
        start.wait()
        for _ in range(50):
            with turns.turn(seconds=LONG):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most[0], turns._taken) == (1, False)


def test_sixteen_threads_write_to_a_file_and_none_is_refused(sqlite_database: Engine, clock: Clock) -> None:
    def write(_: int) -> None:
        with write_session(sqlite_database) as session:
            session.add(Visit(id=new_id(clock.now), visited_at=clock.now, created_at=clock.now))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(write, range(200)))
