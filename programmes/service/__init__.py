"""What can be done with programmes and courses. The only code that changes them."""

from programmes.service import asking, courses, dates, following, interest, joining, partners, renaming, slots

__all__ = ["asking", "courses", "dates", "following", "interest", "joining", "partners", "renaming", "slots"]
