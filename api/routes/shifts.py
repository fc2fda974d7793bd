"""Watches (班次) in the hands of their people: handed over, taken over, swapped."""

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field
from sqlalchemy.orm import Session

from api.asked import Asked, IdPath
from api.idempotency import Once, Repeatable
from api.identity import Call, SignedIn
from api.queries import roster as read
from api.shapes.roster import SwapOut, WatchOut
from api.words import Id, Words
from models import Swap
from workflow import handing_over, swaps

router = APIRouter(tags=["值班 duty"])


class HandOver(Asked):
    """交班记录。"""

    note: Words = Field(title="交班事项", examples=["东街村积水，已派人；无其他事项"])


class NewSwap(Asked):
    """换班申请：请另一个人顶替本人在这个班次的岗位。"""

    post: Literal["officer", "leader"] = Field(title="岗位：值班员或带班领导")
    to_id: Id = Field(title="请谁顶替")
    reason: Words = Field(title="理由")


@router.post("/shifts/{shift_id}/hand_over", response_model=WatchOut, summary="交班")
def hand_over(shift_id: IdPath, body: HandOver, call: SignedIn, once: Repeatable) -> Response:
    """The officer or the leader of the watch hands over, two hours before its end at the earliest."""
    return _on_watch(call, once, shift_id, handing_over.hand_over, note=body.note)


@router.post("/shifts/{shift_id}/acknowledge", response_model=WatchOut, summary="接班")
def acknowledge(shift_id: IdPath, call: SignedIn, once: Repeatable) -> Response:
    """The officer of the next watch takes over what was handed over."""
    return _on_watch(call, once, shift_id, handing_over.acknowledge)


@router.post("/shifts/{shift_id}/swaps", status_code=201, response_model=SwapOut, summary="申请换班")
def ask(shift_id: IdPath, body: NewSwap, call: SignedIn, once: Repeatable) -> Response:
    """Ask somebody to take one's post in a watch that has not begun."""

    def act(session: Session) -> SwapOut:
        read.watch(session, call.actor, shift_id)
        return read.shown_swap(
            session, swaps.ask(session, shift_id, actor=call.actor, now=call.now, **body.model_dump())
        )

    return once.answer(act, status=201)


@router.post("/swaps/{swap_id}/agree", response_model=SwapOut, summary="同意换班")
def agree(swap_id: IdPath, call: SignedIn, once: Repeatable) -> Response:
    """Take the post of whoever asked."""
    return _answered(call, once, swap_id, swaps.agree)


@router.post("/swaps/{swap_id}/decline", response_model=SwapOut, summary="不同意换班")
def decline(swap_id: IdPath, call: SignedIn, once: Repeatable) -> Response:
    """Say no; nothing changes."""
    return _answered(call, once, swap_id, swaps.decline)


@router.post("/swaps/{swap_id}/withdraw", response_model=SwapOut, summary="撤回换班申请")
def withdraw(swap_id: IdPath, call: SignedIn, once: Repeatable) -> Response:
    """Take the question back; nothing changes."""
    return _answered(call, once, swap_id, swaps.withdraw)


def _on_watch(call: Call, once: Once, shift_id: str, act: Callable[..., Any], **said: str) -> Response:
    def acted(session: Session) -> WatchOut:
        read.watch(session, call.actor, shift_id)
        shift = act(session, shift_id, actor=call.actor, now=call.now, **said)
        return read.shown(session, [shift], call.now)[0]

    return once.answer(acted)


def _answered(call: Call, once: Once, swap_id: str, act: Callable[..., Swap]) -> Response:
    def acted(session: Session) -> SwapOut:
        read.swap(session, call.actor, swap_id)
        return read.shown_swap(session, act(session, swap_id, actor=call.actor, now=call.now))

    return once.answer(acted)
