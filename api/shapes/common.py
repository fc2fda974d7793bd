"""Shapes (通用结构) that several answers share."""

from collections.abc import Mapping

from pydantic import BaseModel


class Named(BaseModel):
    """机构、企业或人员。"""

    id: str
    name: str


def named(names: Mapping[str, str], id_: str | None) -> Named | None:
    """The thing with its name; without one, where the id is known but its name is not."""
    return None if id_ is None else Named(id=id_, name=names.get(id_, ""))
