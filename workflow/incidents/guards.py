"""What may refuse a move of an incident: reports in order, levels by thresholds, findings by others."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflow import incident_refusals as not_so
from workflow import refusals as no
from workflow.arithmetic import due, said
from workflow.attempt import Attempt
from workflow.incidents.levels import RANKS, level_by_figures, level_of
from workflow.incidents.words import CASUALTIES, FIGURES, LEVELS, REPORTS
from workflow.rules import Rules
from workflow.table import guard

MOST = {"loss_fen": 10**15}
MOST_PEOPLE = 10**7


@guard("details", "reports")
def made_in_its_time(attempt: Attempt) -> None:
    """A report was made after what it reports and after the last of its kind, and not in the future."""
    made_at, known = attempt.instant("made_at"), attempt.facts.details
    if made_at is None:
        raise no.Missing(field="made_at", right="实际报出的时刻")
    if made_at > attempt.now:
        raise no.InTheFuture(field="made_at", right=f"不晚于{said(attempt.now)}")
    happened = [at for name in ("occurred_at", "received_at") if (at := known.get(name))]
    alike = [report.made_at for report in attempt.facts.reports if report.kind == REPORTS[attempt.move.trigger]]
    earliest = max([min(happened, default=made_at), *alike])
    if made_at < earliest:
        raise no.BeforeItsTime(field="made_at", right=f"不早于{said(earliest)}")


@guard("details")
def figures_right(attempt: Attempt) -> None:
    """Figures are whole numbers and not negative."""
    needs_right_figures(attempt.data)


def needs_right_figures(brought: Mapping[str, Any]) -> None:
    """Refuse a figure that is no count; unknown is none."""
    for name in FIGURES:
        figure = brought.get(name)
        if figure is not None and (type(figure) is not int or not 0 <= figure <= MOST.get(name, MOST_PEOPLE)):
            raise not_so.WrongFigure(field=name, right="不小于0的整数")


@guard("details")
def figures_change(attempt: Attempt) -> None:
    """A revision says something new."""
    if changed_figures(attempt, FIGURES) or attempt.data.get("level"):
        return
    raise not_so.NothingChanged(field="deaths", right="写明有变化的数字或级别")


@guard("details")
def casualties_change(attempt: Attempt) -> None:
    """An incident that was concluded is taken up again for casualties that have changed."""
    if not changed_figures(attempt, CASUALTIES):
        raise not_so.NothingChanged(field="deaths", right="写明有变化的死亡、失踪或重伤人数")


def changed_figures(attempt: Attempt, names: Mapping[str, str] | tuple[str, ...]) -> dict[str, int]:
    """The figures that the move brings and that are not known as such."""
    brought = {name: attempt.data[name] for name in names if attempt.data.get(name) is not None}
    return {name: figure for name, figure in brought.items() if figure != attempt.facts.details.get(name)}


@guard("details")
def facts_change(attempt: Attempt) -> None:
    """A restatement says something."""
    if not any(attempt.data.get(field.name) for field in attempt.move.brings):
        raise not_so.NothingChanged(field="course", right="写明有变化的情况")


@guard("details")
def level_stands(attempt: Attempt) -> None:
    """A stated level is not below what the figures reach; after the casualty window the level moves no more."""
    after = revised(attempt)
    # What was stated before yields to figures that reach a higher level.
    if attempt.data.get("level"):
        needs_sound_level(after)
    end = window_end(attempt.rules, attempt.case.level, attempt.facts.details)
    if end is not None and attempt.now >= end and level_of(after) != attempt.case.level:
        raise not_so.CasualtyWindowClosed(field="level", right=f"{said(end)}前提出")


def needs_sound_level(known: Mapping[str, Any]) -> None:
    """Refuse a stated level that is none, or lower than the figures."""
    stated, least = known.get("stated_level"), level_by_figures(known)
    if stated is not None and (stated not in RANKS or RANKS.index(stated) < RANKS.index(least)):
        may = "、".join(f"{rank}（{LEVELS[rank]}）" for rank in RANKS[RANKS.index(least) :])
        raise not_so.LevelBelowFigures(field="level", right=may)


def revised(attempt: Attempt) -> dict[str, Any]:
    """All that is known once the figures and the level that the move brings are taken in."""
    known = {**attempt.facts.details, **changed_figures(attempt, FIGURES)}
    if stated := attempt.data.get("level"):
        known |= {"stated_level": stated, "level_reason": attempt.data.get("reason")}
    return known


@guard("details")
def within_casualty_window(attempt: Attempt) -> None:
    """Casualties that change later than the law allows for take nothing up again."""
    end = window_end(attempt.rules, attempt.case.level, attempt.facts.details)
    if end is not None and attempt.now >= end:
        raise not_so.CasualtyWindowClosed(right=f"{said(end)}前提出")


def window_end(rules: Rules, level: str, known: Mapping[str, Any]) -> datetime | None:
    """Until when changed casualties move the level (30 days; fire and road traffic 7); none where nothing says so."""
    limit = rules.profile.owes("incident.supplement", level, known.get("kind"))
    since = known.get("occurred_at") or known.get("anchor_at")
    if limit is None or since is None:
        return None
    return due(since, limit, rules.calendar).at


@guard()
def not_own_final_report(attempt: Attempt) -> None:
    """Who made the final report does not close the incident."""
    if attempt.actor.id == attempt.case.submitted_by:
        raise not_so.OwnFinalReport(right="由另一个人办结")


@guard("reports")
def not_own_report(attempt: Attempt) -> None:
    """Nobody judges reports that they entered themselves."""
    if attempt.actor.id in {report.entered_by for report in attempt.facts.reports}:
        raise not_so.OwnReport(right="由没有参与报告的审核人员认定")


@guard("papers")
def proof_has_arrived(attempt: Attempt) -> None:
    """A finding stands on papers that are on the case."""
    named = attempt.data.get("evidence") or ()
    if not named:
        raise not_so.NeedsProof(field="evidence", right="至少一份已上传材料的 SHA-256")
    if absent := sorted(set(named) - attempt.facts.papers):
        raise no.EvidenceNotArrived(field="evidence", right="先上传这些材料，再认定", absent=absent)
