"""The pages of questionnaires."""

from outcomes.views.door import blueprint

__all__ = ["blueprint"]
