"""What moves bring over HTTP (请求内容): one typed body for each trigger, made from the workflow's table."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from api.words import Day, Id, Sha256, Words
from workflow.fields import Field as Brought
from workflow.fields import Kind
from workflow.table import M, Workflow

MOST_EVIDENCE = 30
FEN = 100
YUAN = {
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
        {"type": "number", "minimum": 0, "maximum": 10**12, "multipleOf": 0.01},
    ]
}
SHAPES: Mapping[Kind, Any] = {
    "text": Words,
    "day": Day,
    "organisation": Id,
    "person": Id,
    "case": Id,
    "hashes": Annotated[list[Sha256], Field(min_length=1, max_length=MOST_EVIDENCE)],
    "money": Annotated[Decimal, Field(ge=0, le=10**12, decimal_places=2), WithJsonSchema(YUAN)],
    "level": Literal["general", "major"],
    "area": Annotated[float, Field(strict=True, ge=0, le=10**9, allow_inf_nan=False)],
}


class Body(BaseModel):
    """Takes the fields it names and no others."""

    model_config = ConfigDict(extra="forbid")


def bodies(workflow: Workflow) -> dict[str, type[Body]]:
    """The body of every trigger of a workflow."""
    return {trigger: _body(f"{workflow.name}_{trigger}", rows) for trigger, rows in workflow.by_trigger.items()}


def data_of(body: Body | None) -> dict[str, Any]:
    """What `fire` takes: money in fen, evidence as a tuple, nothing that was left out."""
    data = body.model_dump(exclude_none=True) if body else {}
    if "money_yuan" in data:
        data["money_fen"] = int(data.pop("money_yuan") * FEN)
    if "evidence" in data:
        data["evidence"] = tuple(data["evidence"])
    return data


def _body(name: str, rows: Iterable[M]) -> type[Body]:
    brought = {field.name: field for row in rows for field in row.brings}
    title = "".join(part.title() for part in name.split("_"))
    return create_model(title, __base__=Body, **{f.name: _shape(f) for f in brought.values()})


def _shape(field: Brought) -> Any:
    kind = SHAPES[field.kind]
    if field.required:
        return kind, Field(title=field.label, description=field.right)
    return kind | None, Field(None, title=field.label, description=field.right)
