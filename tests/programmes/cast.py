"""The families who look for a course and join one, and the course, for the tests of their pages."""

from typing import Any

from tests.programmes import making


class Cast:
    """Paula, her daughter Mia and her partner Sam; another parent, Jo; and a course."""

    def __init__(self, set_up: Any, **course: Any) -> None:
        with set_up() as make:
            paula, mia = make.family("Mia Reyes", account="paula")
            self.paula, self.mia, self.home = paula.id, mia.id, paula.household_id
            self.sam = make.carer("Sam Reyes", household=paula.household).id
            jo, _kim = make.family("Kim Lee", carer="Jo Lee")
            self.jo, self.jo_home = jo.id, jo.household_id
            made = making.course(make, **course)
            self.course, self.programme = made.id, made.programme_id
            self.contacts = [contact.id for contact in made.contacts]

    @property
    def answers(self) -> dict[str, str]:
        return {
            "child": str(self.mia), "partner": "none", "creche_children": "0", "interpreter": "Polish",
            "access_needs": "A ramp",
        }  # fmt: skip
