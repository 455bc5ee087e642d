"""Decisions about programmes, courses and those who take part. Pure."""

from programmes.rules.standing import AFTER, may_move

__all__ = ["AFTER", "may_move"]
