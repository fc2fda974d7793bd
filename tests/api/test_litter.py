"""A process that serves looks for cycles seldom, and passes over what was there from the start."""

import subprocess
import sys

LOOKS = """
import gc
import models
from api.litter import YOUNGEST, look_seldom
look_seldom()
there = gc.get_freeze_count()
class Ring: pass
ring = Ring(); ring.ring = ring
del ring
assert there > 1_000 and gc.get_threshold()[0] == YOUNGEST
assert gc.collect() >= 1, "a cycle made later must still be found"
assert gc.get_freeze_count() == there
"""


def test_what_was_there_is_passed_over_and_what_comes_later_is_still_found() -> None:
    # In a process of its own: it would change how this one tidies up.
    subprocess.run([sys.executable, "-c", LOOKS], check=True, timeout=60)
