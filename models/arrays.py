"""Arrays as PostgreSQL reads them from text; the driver's own way of writing one costs as much as a query."""

from collections.abc import Iterable


def array(texts: Iterable[str | None]) -> str:
    """The text of an array of these; None is NULL."""
    return f"{{{','.join(map(_element, texts))}}}"


def repeated(text: str | None, times: int) -> str:
    """The text of an array that holds one thing so many times."""
    return f"{{{','.join([_element(text)] * times)}}}"


def _element(text: str | None) -> str:
    return "NULL" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
