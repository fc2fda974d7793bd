"""What an accepted act orders (决定督办措施): a measure about a case, against its responsible unit."""

from dataclasses import dataclass
from datetime import datetime

from workflow.ladders import ACTS
from workflow.opening import Opening
from workflow.rows import CaseRow

PLACES = ("district_id", "town_id", "village_id", "enterprise_id", "lead_org_id", "lister_org_id", "sector")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMeasure:
    """A measure of that `kind`, for `basis`; `act_id` is the proposal that it carries into effect."""

    kind: str
    about: CaseRow
    basis: str
    act_id: str
    now: datetime

    def opening(self) -> Opening:
        """The case that one measure makes; it stands where the case stands that it is about."""
        about = self.about
        unit = about.responsible_org_id or about.enterprise_id
        return Opening(
            workflow="measure",
            level=self.kind,
            title=f"{ACTS[self.kind]}：{about.title}",
            case={**{name: getattr(about, name) for name in PLACES}, "responsible_org_id": unit},
            details={"act_id": self.act_id, "about_id": about.id, "basis": self.basis},
            rows=(("links", {"to_id": about.id, "kind": "follows", "created_at": self.now}),),
        )
