"""What moves bring over HTTP (请求内容): one typed body for each trigger, made from the workflow's table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from api.instants import Told
from api.words import Day, Id, Sha256, Words
from workflow.fields import Field as Brought
from workflow.fields import Kind
from workflow.table import M, Workflow
from workflow.workflows import WORKFLOWS

MOST_EVIDENCE = 30
FEN = 100
YUAN = {
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
        {"type": "number", "minimum": 0, "maximum": 10**12, "multipleOf": 0.01},
    ]
}
Yuan = Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=2), WithJsonSchema(YUAN)]


def _one_of(names: Iterable[str]) -> Any:
    return Literal.__getitem__(tuple(dict.fromkeys(names)))


SHAPES: Mapping[Kind, Any] = {
    "text": Words,
    "day": Day,
    "organisation": Id,
    "person": Id,
    "case": Id,
    "hashes": Annotated[list[Sha256], Field(min_length=1, max_length=MOST_EVIDENCE)],
    "money": Yuan,
    "level": _one_of(name for table in WORKFLOWS.values() for name in table.levels),
    "sealed": Words,
    "instant": Told,
    "count": Annotated[int, Field(strict=True, ge=0, le=10**7)],
    "choice": Words,
    "area": Annotated[float, Field(strict=True, ge=0, le=10**9, allow_inf_nan=False)],
}


class Body(BaseModel):
    """Takes the fields it names and no others."""

    model_config = ConfigDict(extra="forbid")


def bodies(workflows: Iterable[Workflow]) -> dict[str, type[Body]]:
    """The body of every trigger; one that several workflows have takes the fields of all of them.

    A field is required where every one of them requires it; else the case's own table still refuses what is missing.
    """
    rows: dict[str, list[M]] = defaultdict(list)
    for workflow in workflows:
        for trigger, own in workflow.by_trigger.items():
            rows[trigger].extend(own)
    return {trigger: _body(f"move_{trigger}", found) for trigger, found in rows.items()}


def data_of(body: Body | None) -> dict[str, Any]:
    """What `fire` takes: money in fen, evidence as a tuple, nothing that was left out."""
    data = body.model_dump(exclude_none=True) if body else {}
    for name in [name for name in data if name.endswith("_yuan")]:
        data[name.replace("_yuan", "_fen")] = int(data.pop(name) * FEN)
    if "evidence" in data:
        data["evidence"] = tuple(data["evidence"])
    return data


def _body(name: str, rows: Iterable[M]) -> type[Body]:
    every = [{field.name: field for field in row.brings} for row in rows]
    brought = {name: field for fields in every for name, field in fields.items()}
    needed = {name for name in brought if all(name in fields and fields[name].required for fields in every)}
    title = "".join(part.title() for part in name.split("_"))
    shapes = {f.name: _shape(f if f.name in needed else f.optional) for f in brought.values()}
    return create_model(title, __base__=Body, **shapes)


def _shape(field: Brought) -> Any:
    kind = _one_of(field.options) if field.options else SHAPES[field.kind]
    if field.required:
        return kind, Field(title=field.label, description=field.right)
    return kind | None, Field(None, title=field.label, description=field.right)
