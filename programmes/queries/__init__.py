"""Questions about programmes, courses and those who take part."""

from programmes.queries.sight import find_contact, find_course, find_participation, seen_by

__all__ = ["find_contact", "find_course", "find_participation", "seen_by"]
