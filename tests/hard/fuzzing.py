"""Fuzzing of every operation that the application describes, in process; ids that exist and hostile values mixed in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from structlog.testing import capture_logs

from api.paging import encode

load_all_checks()
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Nonsense is refused early; what fits the description gets further.
MODES = (GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# A red light is answered with 503: monitors read the status alone.
RED_LIGHT = "GET /healthz"
# What fits many a description and no column, calendar or alphabet. (The fuzzer itself stumbles over half a surrogate
# pair before it is sent; tests/api/test_problems.py sends one.)
HOSTILE_TEXTS = (
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01", "9999-12-31", "2026-02-30", "\x00",
    "\u202e@所有人", "=1+1", "%", "_", "'", "../../../key", "９９９", "9" * 400, "长" * 5000, "", " ",
)  # fmt: skip
HOSTILE_NUMBERS = (-1, 0, 2**31, 2**63, 10**30, 1e308, 0.1 + 0.2, True)
HOSTILE_CURSORS = (
    encode("0001-01-01T00:00:00+23:59", "0" * 32), encode("9999-12-31T23:59:59-23:59", "0" * 32), encode(2**63),
    encode("\x00"), encode(None), encode(*range(9)), "=", "é",
)  # fmt: skip
SLOW = re.compile("POST /api/v1/(session|setup|password)$")  # a password's hash takes a tenth of a second by design


@dataclass(slots=True)
class Report:
    """How often each operation was answered with which status, and the first failure of each."""

    statuses: dict[str, list[int]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """How many were sent."""
        return sum(map(len, self.statuses.values()))

    def seen(self, *statuses: int) -> int:
        """How many were answered with one of these statuses."""
        return sum(answers.count(status) for answers in self.statuses.values() for status in statuses)


@dataclass(frozen=True, slots=True)
class Fuzzer:
    """Who asks, and which ids exist, by the name of the parameter or field that takes them."""

    secret: str
    known: Mapping[str, Sequence[str]]
    examples: int

    def fuzz(self, app: FastAPI) -> Report:
        """Send `examples` requests to each operation of the application."""
        report = Report()
        schema = schemathesis.openapi.from_asgi("/openapi.json", app)
        with capture_logs():  # thousands of lines about refusals would hide the one failure
            for operation in schema.get_all_operations():
                self._fuzz_one(operation.ok(), report)
        return report

    def _fuzz_one(self, operation: Any, report: Report) -> None:
        headers = {"Authorization": f"Bearer {self.secret}"}
        answers = report.statuses.setdefault(operation.label, [])
        made = st.one_of([operation.as_strategy(generation_mode=mode) for mode in MODES])
        checks = CHECKS[1:] if operation.label == RED_LIGHT else CHECKS
        examples = max(3, self.examples // 10) if SLOW.match(operation.label) else self.examples

        @settings(
            max_examples=examples, derandomize=True, database=None, deadline=None, phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(made, st.integers(0, 2**32))
        def send(case: Any, seed: int) -> None:
            self._spice(case, Random(seed))
            try:
                response = case.call(headers=headers)
                answers.append(response.status_code)
                case.validate_response(response, checks=checks, headers=headers)
            except (FailureGroup, Exception) as failure:  # what leaves the application unhandled is a failure too
                report.failures.setdefault(operation.label, f"{type(failure).__name__}: {str(failure)[:1500]}")

        send()

    def _spice(self, case: Any, rng: Random) -> None:
        """Put what exists, and what hurts, in the place of some of the values."""
        for name in case.path_parameters or {}:
            if name in self.known and rng.random() < 0.7:
                case.path_parameters[name] = rng.choice(self.known[name])
        for name in case.query or {}:
            if name == "cursor":
                case.query[name] = rng.choice(HOSTILE_CURSORS)
            elif name in self.known and rng.random() < 0.5:
                case.query[name] = rng.choice(self.known[name])
        if isinstance(case.body, dict | list):
            case.body = self._spiced("", case.body, rng)

    def _spiced(self, name: str, value: Any, rng: Random) -> Any:
        if isinstance(value, dict):
            return {key: self._spiced(key, inner, rng) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._spiced(name, inner, rng) for inner in value]
        if isinstance(value, str) and name in self.known and rng.random() < 0.7:
            return rng.choice(self.known[name])
        if isinstance(value, str) and rng.random() < 0.1:
            return rng.choice(HOSTILE_TEXTS)
        if isinstance(value, int | float) and rng.random() < 0.1:
            return rng.choice(HOSTILE_NUMBERS)
        return value
