"""The public page of a round (曝光通报): plain HTML for any telephone, without a script."""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.identity import Visiting
from api.instants import local
from api.problems import NotSignedIn
from api.queries import rounds
from api.shapes.rounds import Bulletin, PublicItem
from api.words import CaseId
from models.database import read_session

router = APIRouter(include_in_schema=False)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
STYLE = (
    "body{font:17px/1.6 sans-serif;max-width:40em;margin:1em auto;padding:0 1em}"
    "article{border-top:1px solid #ccc;padding:.6em 0}h2{font-size:1em;margin:0}p{margin:.2em 0}"
    "small{color:#555}.late{color:#b3261e}"
)


@router.get("/rounds/{case_id}/page")
def bulletin_page(case_id: CaseId, visit: Visiting) -> HTMLResponse:
    """What was published of a round, for everybody; before that, a preview for whom the round is visible to."""
    with read_session(visit.house.engine) as session:
        case = rounds.published_round(session, case_id, visit.actor)
        if case is None:
            raise NotSignedIn()
        public = rounds.public(session, case, now=visit.now)
    return HTMLResponse(_page(public), headers={"Content-Security-Policy": POLICY})


def _page(public: Bulletin) -> str:
    title = f"曝光督办第{public.round}轮"
    when = f"公布时间：{local(public.published_at):%Y-%m-%d %H:%M}" if public.published_at else "尚未公布，仅供内部预览"
    counted = f"本轮共{public.total}条" + (f"，其中{public.unnamed}条不公开" if public.unnamed else "")
    body = "".join(_article(item) for item in public.items)
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1><p>{when}</p><p>{counted}</p>{body}</html>"
    )


def _article(item: PublicItem) -> str:
    where = "　".join(escape(part) for part in (item.town, item.sector) if part)
    due = f"整改期限：{item.due_day}" if item.due_day else ""
    late = f'<span class="late">超期{item.overdue_days}日</span>' if item.overdue_days else ""
    facts = "　".join(part for part in (due, late, f"状态：{escape(item.state)}") if part)
    return (
        f"<article><h2>{escape(item.enterprise or '（未写明单位）')}</h2>"
        f"<p><small>{where}　{escape(item.number)}</small></p><p>{escape(item.text)}</p><p>{facts}</p></article>"
    )
