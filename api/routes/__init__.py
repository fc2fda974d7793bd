"""The routes (接口路径): `ROUTERS` stand under /api/v1, `ROOT_ROUTERS` at the root; the application serves these."""

from fastapi import APIRouter

from api.routes import (
    acts,
    cases,
    channels,
    dashboard,
    deadlines,
    enterprises,
    evidence,
    hazards,
    health,
    holidays,
    imports,
    links,
    measures,
    messages,
    metrics,
    moves,
    organisations,
    penalties,
    people,
    problems,
    roster,
    session,
    shifts,
    tokens,
)

ROUTERS: tuple[APIRouter, ...] = (
    hazards.router,
    moves.router,
    cases.router,
    evidence.router,
    acts.router,
    measures.router,
    session.router,
    organisations.router,
    enterprises.router,
    penalties.router,
    people.router,
    tokens.router,
    deadlines.router,
    messages.router,
    channels.router,
    dashboard.router,
    holidays.router,
    roster.router,
    shifts.router,
    imports.router,
)
ROOT_ROUTERS: tuple[APIRouter, ...] = (problems.router, health.router, metrics.router, links.router)
