"""What a move brought (所附内容) in the words of its message: whoever is told need not look up what was decided."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from workflow.arithmetic import said
from workflow.attempt import Attempt
from workflow.fields import Field

Words = Callable[[Attempt, Field, Any], str | None]


def brought(attempt: Attempt) -> str:
    """One line a field, as `理由：…`; what is sealed, evidence and other cases are left out."""
    return "\n".join(f"{label}：{words}" for label, words in _lines(attempt))


def _lines(attempt: Attempt) -> Iterator[tuple[str, str]]:
    for field in attempt.move.brings:
        say = WORDS.get(field.kind)
        # Money is typed in yuan and kept in fen.
        value = attempt.data.get(field.name.replace("_yuan", "_fen"))
        if say and value not in (None, "") and (words := say(attempt, field, value)):
            yield field.label, words


def _unit(attempt: Attempt, _field: Field, value: Any) -> str | None:
    unit = attempt.facts.units.get(value)
    return unit.name if unit else None


def _person(attempt: Attempt, _field: Field, value: Any) -> str | None:
    person = attempt.rules.directory.people.get(value)
    return person.name if person else None


WORDS: Mapping[str, Words] = {
    "text": lambda _attempt, _field, value: str(value),
    "day": lambda _attempt, _field, value: str(value),
    "instant": lambda _attempt, _field, value: said(value),
    "count": lambda _attempt, _field, value: str(value),
    "choice": lambda _attempt, field, value: field.options.get(value),
    "level": lambda attempt, _field, value: attempt.workflow.levels.get(value),
    "money": lambda _attempt, _field, value: f"{value / 100:g}",
    "area": lambda _attempt, _field, value: f"{value:g}",
    "organisation": _unit,
    "person": _person,
}
