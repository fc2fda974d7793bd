"""Accounts (账号): how people get in, stay in and are shut out; every function opens short transactions of its own."""

from api.accounts.links import choose_password, first_link, invite, set_up
from api.accounts.passwords import WeakPassword, check_password
from api.accounts.refusals import LinkSpent, LogInFailed, UnknownToken
from api.accounts.sessions import actor_for, log_in, log_out
from api.accounts.tokens import TokenLine, issue_token, revoke_token, tokens_of

__all__ = [
    "LinkSpent",
    "LogInFailed",
    "TokenLine",
    "UnknownToken",
    "WeakPassword",
    "actor_for",
    "check_password",
    "choose_password",
    "first_link",
    "invite",
    "issue_token",
    "log_in",
    "log_out",
    "revoke_token",
    "set_up",
    "tokens_of",
]
