"""The pages of families: registering, a parent's own family, and the records that staff keep."""

from families.views import duplicates, first_contact, my_family, people, reaching, records, register, wishes
from families.views.door import blueprint

__all__ = [
    "blueprint",
    "duplicates",
    "first_contact",
    "my_family",
    "people",
    "reaching",
    "records",
    "register",
    "wishes",
]
