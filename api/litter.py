"""When Python looks for unreachable cycles (垃圾回收): seldom, and not among what was there from the start."""

import gc

# Containers that must pile up before the youngest are looked through. A move leaves some three hundred behind, nearly
# all freed at once by their counts; the interpreter's own 700 makes it look after every second move.
YOUNGEST = 50_000


def look_seldom() -> None:
    """Call once when a process is ready to serve: what it has loaded by then stays for good and is passed over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, 10, 10)
