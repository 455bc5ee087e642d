"""The pages about councils: their settings, their school calendar, and the platform's own."""

from tenants.views import about, platform, settings, terms
from tenants.views.door import blueprint
from tenants.views.platform import front

__all__ = ["about", "blueprint", "front", "platform", "settings", "terms"]
