"""Values as clients write them (输入值): texts cleaned of what nobody sees, dates and instants only as written ones."""

import unicodedata
from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from workflow.texts import INVISIBLE

HEX_ID = r"^[0-9a-f]{32}$"
HEX_SHA256 = r"^[0-9a-f]{64}$"
TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
VERSION_TAG = r'^("[0-9]{1,9}"|\*)$'
VISIBLE_ASCII = r"^[\x21-\x7e]{1,128}$"


def cleaned(text: str) -> str:
    """The text without invisible characters, NUL among them, which PostgreSQL can't keep; its lines stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in INVISIBLE)
    return seen.strip()


def _said(text: str) -> str:
    text = cleaned(text)
    if not text:
        raise PydanticCustomError("blank", "blank")
    return text


def _written(value: Any) -> Any:
    # Pydantic would take numbers for dates as well: 20260331 seconds after 1970.
    if not isinstance(value, str):
        raise PydanticCustomError("not_written", "not written")
    return value


def _in_reach(day: date) -> date:
    if not 1980 <= day.year < 2200:
        raise PydanticCustomError("out_of_reach", "out of reach")
    return day


Words = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_said)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_said)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(_said)]
Id = Annotated[str, StringConstraints(pattern=HEX_ID)]
Sha256 = Annotated[str, StringConstraints(pattern=HEX_SHA256)]
Day = Annotated[
    date,
    BeforeValidator(_written, json_schema_input_type=str),
    AfterValidator(_in_reach),
    Field(examples=["2026-03-31"]),
]
CaseId = Annotated[str, Path(pattern=HEX_ID, description="事项编号（32 位十六进制）")]
