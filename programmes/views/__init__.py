"""The pages of programmes and courses."""

from programmes.views import progress, results
from programmes.views.door import blueprint

__all__ = ["blueprint", "progress", "results"]
