"""GOV.UK Notify as a service's programs see it, on this machine: it sends nothing, and writes down what it took.

Its protocol is that of Notify's own documentation (github.com/alphagov/notifications-tech-docs, MIT, June 2026): tokens
signed with a service's secret, statuses that change over time, receipts that call back, texts that come in.
``python -m app.demo.notify PORT FOLDER [SERVICES]``
"""

from app.demo.notify.doors import serving
from app.demo.notify.far_side import FarSide, Kept, Service

__all__ = ["FarSide", "Kept", "Service", "serving"]
