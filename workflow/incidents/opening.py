"""Opening an incident (突发事件): what was reported to the duty desk, and what its clocks are counted from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from workflow import incident_refusals as not_so
from workflow import refusals as no
from workflow.clocks import Named
from workflow.incidents.guards import needs_right_figures, needs_sound_level
from workflow.incidents.levels import level_by_figures, level_of
from workflow.incidents.words import FIGURES, KINDS, headline, said_lacking
from workflow.opening import Opening

Basis = Literal["occurred", "received"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIncident:
    """What is known when it is entered; unknown is none, never nought. `counted_from`: occurrence or receipt."""

    kind: str
    district_id: str
    counted_from: Basis
    anchor_source: str
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    town_id: str | None = None
    village_id: str | None = None
    enterprise_id: str | None = None
    lead_org_id: str | None = None
    sector: str | None = None
    place: str | None = None
    unit: str | None = None
    course: str | None = None
    cause: str | None = None
    deaths: int | None = None
    missing: int | None = None
    injured: int | None = None
    trapped: int | None = None
    evacuated: int | None = None
    loss_fen: int | None = None
    measures: str | None = None
    trend: str | None = None
    leaders: str | None = None
    suggestion: str | None = None
    informant: str | None = None
    level: str | None = None
    level_reason: str | None = None

    def opening(self) -> Opening:
        """The case that one incident makes; refuses what can't be so."""
        words = self._words()
        self._check(words)
        level = level_of(words)
        return Opening(
            workflow="incident",
            level=level,
            title=headline(level, words),
            case={name: getattr(self, name) for name in STANDS} | {"responsible_org_id": self.enterprise_id},
            details=words,
            named=self._named(words["anchor_at"]),
            sealed=frozenset({"informant"}),
            past={"occurred_at": self.occurred_at, "received_at": self.received_at},
            detail=said_lacking(words),
        )

    def _words(self) -> dict[str, Any]:
        anchor_at = self.occurred_at if self.counted_from == "occurred" else self.received_at
        if anchor_at is None:
            raise not_so.NeedsWhen(field=f"{self.counted_from}_at", right="带时区的时刻")
        own = {name: getattr(self, name) for name in WORDS}
        return {**own, "anchor_at": anchor_at, "stated_level": self.level}

    def _check(self, words: dict[str, Any]) -> None:
        if self.kind not in KINDS:
            raise not_so.UnknownIncidentKind(field="kind", right="、".join(f"{k}（{v}）" for k, v in KINDS.items()))
        if self.occurred_at and self.received_at and self.received_at < self.occurred_at:
            raise no.BeforeItsTime(field="received_at", right="不早于发生时间")
        needs_right_figures(words)
        needs_sound_level(words)
        if self.level not in (None, level_by_figures(words)) and not self.level_reason:
            raise not_so.LevelNeedsReason(field="level_reason", right="写明理由")

    def _named(self, anchor_at: datetime) -> dict[str, Named]:
        """The first reports count from the anchor, what follows receipt from that."""
        counted = {name: Named(anchor_at=anchor_at) for name in ("phone", "written", "final")}
        upward = Named(anchor_at=self.received_at or anchor_at)
        return {**counted, "upward": upward, "unit": Named(anchor_at=self.occurred_at or anchor_at)}


STANDS = ("district_id", "town_id", "village_id", "enterprise_id", "lead_org_id", "sector")
WORDS = (
    *("kind", "occurred_at", "received_at", "anchor_source", "place", "unit", "course", "cause", *FIGURES),
    *("measures", "trend", "leaders", "suggestion", "informant", "level_reason"),
)
