"""How somebody would like to get each group of messages."""

from collections.abc import Mapping, Sequence

from wtforms import RadioField

from kernel.web.forms import Form, choices
from messaging.rules.choosing import Choice
from messaging.terms import Group, Way

USUAL = "usual"


class Wishes(Form):
    """One question for each group about which something can be chosen."""

    def answers(self) -> dict[Group, Way | None]:
        """Return what was chosen, by group; None is as usual."""
        told = {
            Group(name): field.data
            for name, field in self._fields.items()
            if name in Group._value2member_map_
        }
        return {group: None if way == USUAL else Way(way) for group, way in told.items()}


def wishes_form(offered: Sequence[Choice], wishes: Mapping[Group, Way]) -> Wishes:
    """Return the form of these choices as somebody has chosen so far."""
    fields = {
        choice.group.value: _question(choice, wishes.get(choice.group)) for choice in offered if choice.ways
    }
    form = type("WishesOfSomebody", (Wishes,), fields)()
    assert isinstance(form, Wishes)
    return form


def _question(choice: Choice, way: Way | None) -> RadioField:
    offered = dict(choice.ways)
    return RadioField(
        choice.group.label,
        choices=choices(
            [(USUAL, f"As usual: {choice.usual}"), *((way.value, words) for way, words in choice.ways)]
        ),
        default=way.value if way in offered else USUAL,
        description=f"{choice.about}. {choice.why}." if choice.why else f"{choice.about}.",
    )
