"""The pages of programmes and courses."""

from programmes.views import finding, joining, mine, progress, results
from programmes.views.door import blueprint

__all__ = ["blueprint", "finding", "joining", "mine", "progress", "results"]
