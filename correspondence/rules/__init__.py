"""What decides about correspondence. Pure."""

from correspondence.rules.announcements import DISTRICT, born_between, district, problems, who

__all__ = ["DISTRICT", "born_between", "district", "problems", "who"]
