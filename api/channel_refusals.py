"""Faults of channels and messages (渠道问题) said as refusals: notifications knows neither the engine nor its words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from notifications.faults import Fault
from workflow.refusals import Refusal


def _refusal(fault: type[Fault]) -> type[Refusal]:
    words = {"__doc__": fault.__doc__, "__module__": __name__, "status": fault.status}
    return type(fault.__name__, (Refusal,), words)


REFUSALS: Mapping[type[Fault], type[Refusal]] = {fault: _refusal(fault) for fault in Fault.__subclasses__()}


@contextmanager
def as_refusals() -> Iterator[None]:
    """Raise the refusal of the same name, field and right in place of a fault."""
    try:
        yield
    except Fault as fault:
        raise REFUSALS[type(fault)](field=fault.field, right=fault.right) from fault
