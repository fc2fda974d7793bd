"""What requests of the offices share (请求格式): ids in paths and queries, particulars that may be cleared, secrets."""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.bodies import Body
from api.words import HEX_ID
from workflow.texts import tidy

IdPath = Annotated[str, Path(pattern=HEX_ID)]
IdQuery = Annotated[str | None, Query(pattern=HEX_ID)]
# An empty text clears it; its column says how long it may be.
Particular = Annotated[str, StringConstraints(max_length=500), AfterValidator(tidy)]
Secret = Annotated[str, Field(min_length=1, max_length=1000)]
Search = Annotated[
    str | None, Query(max_length=100, description="名称或代码中的文字"), AfterValidator(lambda q: tidy(q or ""))
]


class Asked(Body):
    """A request's body that tells what was said from what was left out."""

    def given(self) -> dict[str, Any]:
        """Only what the request itself said."""
        return self.model_dump(exclude_unset=True)


class Shown(BaseModel):
    """An answer made from a row."""

    model_config = ConfigDict(from_attributes=True)
