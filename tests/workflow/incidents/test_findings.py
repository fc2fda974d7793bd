"""迟漏谎瞒: late, omitted, false, concealed reports are findings with proof, by a supervisor who made none."""

from typing import Any

import pytest

from models import Finding
from tests.desk import Desk
from tests.incidentdesk import concluded, incident, report
from workflow import incident_refusals as not_so
from workflow import refusals as no

PROOF = {"finding": "late", "proof": "通话记录显示10时05分才报出"}


def record(desk: Desk, case_id: str, sha256: str, **said: Any) -> None:
    desk.fire(case_id, "record_finding", desk.cast.supervisor, **{**PROOF, "evidence": (sha256,), **said})


def test_a_finding_is_recorded_with_its_proof_even_when_all_is_over(desk: Desk) -> None:
    case_id = concluded(desk)
    desk.fire(case_id, "close", desk.cast.leader)
    sha256 = desk.photo(case_id, desk.cast.supervisor)
    record(desk, case_id, sha256, finding="concealed")
    (found,) = desk.all(Finding)
    assert (found.kind, found.evidence, found.recorded_by) == ("concealed", sha256, desk.cast.supervisor.id)
    assert desk.case(case_id).state == "closed"


def test_others_put_nothing_on_what_is_over(desk: Desk) -> None:
    case_id = concluded(desk)
    desk.fire(case_id, "close", desk.cast.leader)
    with pytest.raises(no.IllegalMove):
        desk.photo(case_id, desk.cast.duty_officer)


def test_only_a_supervisor_and_only_with_papers_that_have_arrived(desk: Desk) -> None:
    case_id = incident(desk)
    sha256 = desk.photo(case_id, desk.cast.duty_officer)
    with pytest.raises(no.NotYourRole):
        desk.fire(case_id, "record_finding", desk.cast.leader, **PROOF, evidence=(sha256,))
    with pytest.raises(no.EvidenceNotArrived):
        record(desk, case_id, "0" * 64)
    with pytest.raises(no.Missing):
        record(desk, case_id, sha256, evidence=())
    assert desk.all(Finding) == []


def test_nobody_judges_reports_of_their_own(desk: Desk) -> None:
    case_id = incident(desk)
    report(desk, case_id, "phone_report", by=desk.cast.supervisor)
    sha256 = desk.photo(case_id, desk.cast.supervisor)
    with pytest.raises(not_so.OwnReport):
        record(desk, case_id, sha256)
