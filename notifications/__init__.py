"""Sends what the outbox holds: claim, send with no transaction open, settle. Knows messages and channels, no case."""
