"""What the isolated child says about a file: an exit status, so that nothing it prints is ever read."""

import errno
from enum import IntEnum

# The disk's way of saying no: full, over quota, over a file size limit, read-only, not ours.
UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM})


class Outcome(IntEnum):
    """Exit statuses of the child; 1 and 2 are left to the interpreter, whose failure is ours and not the file's."""

    DONE = 0
    CORRUPT = 10
    TOO_MANY_PIXELS = 11
    UNWRITABLE = 12
    ENCRYPTED = 13
    ACTIVE = 14


class Stop(Exception):
    """Ends the look at a file with an outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.name)
        self.outcome = outcome
