"""The routes (接口路径): `ROUTERS` stand under /api/v1, `ROOT_ROUTERS` at the root; the application serves these."""

from fastapi import APIRouter

from api.routes import acts, cases, evidence, hazards, moves, problems

ROUTERS: tuple[APIRouter, ...] = (
    hazards.router,
    moves.router,
    cases.router,
    evidence.router,
    acts.router,
)
ROOT_ROUTERS: tuple[APIRouter, ...] = (problems.router,)
