"""Draws a workflow's table (流程图): Mermaid diagram, moves, permission matrix and deadlines, for docs/workflows/."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workflow.guards import UNIT_LABELS
from workflow.limits import TITLES
from workflow.roles import LABELS, Role
from workflow.table import D, L, M, Workflow
from workflow.workflows import WORKFLOWS

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "workflows"
STEPS = (
    "时限", "限额", "起算", "完成", "静默", "恢复", "中止", "继续", "续期", "随级别重算", "撤销", "判定",
)  # fmt: skip
MARKS = {
    "only_if_named": "（写明日期才计）",
    "if_owed": "（本地有规定才计）",
    "once": "（只计一次）",
    "only_with": "（涉及企业才计）",
    "behind": "（有前项未完时不计）",
}


def draw(folder: Path = FOLDER) -> None:
    """Write one page a workflow into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for workflow in WORKFLOWS.values():
        (folder / f"{workflow.name}.md").write_text(page(workflow), encoding="utf-8")


def page(workflow: Workflow) -> str:
    """The whole page in Chinese, as Markdown."""
    parts = (
        f"# {workflow.label}（{workflow.name}）",
        f"由 `make docs` 按 `workflow/{workflow.name}.py` 的表生成，请改表，不要改本页。",
        "## 状态图",
        "\n".join(("```mermaid", *_diagram(workflow), "```")),
        "## 操作",
        _table(("操作", "触发", "从", "到", "须带内容（括号内可不填）", "可能拒绝", "告知"), _moves(workflow)),
        "## 谁可以办",
        _table(("操作", *(LABELS[role] for role in _roles(workflow))), _matrix(workflow)),
        "## 时限",
        _table(STEPS, _deadlines(workflow)),
        "## 升级阶梯",
        _table(("时限", "何时", "节点", "告知", "建议"), _ladders(workflow)),
    )
    return "\n\n".join(parts) + "\n"


def _diagram(workflow: Workflow) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield from (f'    state "{label}" as {state}' for state, label in workflow.states.items())
    yield f"    [*] --> {workflow.initial} : {workflow.begins}"
    edges: dict[tuple[str, str], list[str]] = {}
    for state in workflow.states:
        for move in workflow.moves_from(state):
            edges.setdefault((state, move.to or state), []).append(move.label)
    yield from (f"    {source} --> {to} : {_said(labels)}" for (source, to), labels in edges.items())
    yield from (f"    {state} --> [*]" for state in workflow.states if state in workflow.final)


def _moves(workflow: Workflow) -> Iterator[tuple[str, ...]]:
    for move in workflow.moves:
        yield (
            move.label,
            f"`{move.trigger}`",
            _states(workflow, move.sources),
            workflow.states[move.to] if move.to else "不变",
            _said(f.label if f.required else f"（{f.label}）" for f in move.brings),
            _said(f"`{guard.name}`" for guard in move.guards),
            _people(move.tell),
        )


def _matrix(workflow: Workflow) -> Iterator[tuple[str, ...]]:
    for move in workflow.moves:
        yield (move.label, *("●" if role in move.who else "" for role in _roles(workflow)))


def _deadlines(workflow: Workflow) -> Iterator[tuple[str, ...]]:
    for promise in workflow.deadlines:
        named = "".join(words for mark, words in MARKS.items() if getattr(promise, mark))
        steps = (
            promise.started_by, promise.met_by, promise.held_by, promise.revived_by, promise.paused_by,
            promise.resumed_by, promise.renewed_by, promise.levelled_by, promise.withdrawn_by,
        )  # fmt: skip
        judged = "以提交的时刻" if promise.judged_at else "以操作的时刻"
        limit = f"{TITLES[promise.limit]} `{promise.limit}`{named}"
        yield (promise.label, limit, *(_triggers(workflow, step) for step in steps), judged)


def _ladders(workflow: Workflow) -> Iterator[tuple[str, ...]]:
    for promise in workflow.deadlines:
        yield from (_rung(promise, step) for step in promise.ladder)


def _rung(promise: D, step: L) -> tuple[str, ...]:
    side = (
        "到期时"
        if step.amount == 0
        else f"{'到期前' if step.amount < 0 else '超期'}{abs(step.amount)}{UNIT_LABELS[step.unit]}"
    )
    return (promise.label, side, step.label, _people(step.tell), f"`{step.proposes}`" if step.proposes else "")


def _roles(workflow: Workflow) -> list[Role]:
    used = {role for move in workflow.moves for role in move.who}
    return [role for role in Role if role in used]


def _states(workflow: Workflow, states: Iterable[str]) -> str:
    return _said(label for state, label in workflow.states.items() if state in states)


def _triggers(workflow: Workflow, triggers: Iterable[str]) -> str:
    rows: tuple[M, ...] = tuple(move for move in workflow.moves if move.trigger in triggers)
    return _said(([workflow.begins] if "open" in triggers else []) + [move.label for move in rows])


def _people(roles: Iterable[Role]) -> str:
    return _said(LABELS[role] for role in Role if role in roles)


def _said(words: Iterable[str]) -> str:
    # Labels hold commas of their own.
    return "；".join(words)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    draw()
