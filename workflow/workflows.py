"""Every workflow (业务流程) there is, by name."""

from collections.abc import Mapping

from workflow.exposure_round import ROUND
from workflow.hazard import HAZARD
from workflow.incident import INCIDENT
from workflow.listing import LISTING
from workflow.measure import MEASURE
from workflow.table import Workflow

WORKFLOWS: Mapping[str, Workflow] = {table.name: table for table in (HAZARD, ROUND, MEASURE, LISTING, INCIDENT)}
