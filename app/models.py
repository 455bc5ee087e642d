"""Every table of the house, so that its metadata is whole."""

import accounts.models
import attendance.models
import bookings.models
import correspondence.models
import families.models
import hubs.models
import kernel.journal
import kernel.once
import kernel.outbox
import messaging.models
import outcomes.models
import programmes.models
import tenants.models
from kernel.tables import Table

__all__ = [
    "accounts",
    "attendance",
    "bookings",
    "correspondence",
    "families",
    "hubs",
    "kernel",
    "messaging",
    "metadata",
    "outcomes",
    "programmes",
    "tenants",
]

metadata = Table.metadata
