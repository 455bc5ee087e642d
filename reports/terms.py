"""The words of reports: what is measured, and what each measure counts."""

from kernel.words import Word


class Measure(Word):
    """Something that is counted for each hub and month."""

    VISITS = "attendances", "Attendances"
    CHILDREN = "children", "Children"
    FAMILIES = "families", "Families"
    HELD = "held", "Sessions held"
    CALLED_OFF = "called_off", "Sessions called off"
    FILL = "fill", "Places filled"
    NO_SHOWS = "no_shows", "Did not come"

    @property
    def definition(self) -> str:
        """Return what the measure counts, in plain words."""
        return DEFINITIONS[self]

    @property
    def is_rate(self) -> bool:
        """Say whether it is a percentage."""
        return self in (Measure.FILL, Measure.NO_SHOWS)


DEFINITIONS = {
    Measure.VISITS: "Each time a child or an adult was marked as here or late in a register, and each head that was "
    "counted without a name. Somebody who came to three sessions counts three times. With an age band chosen, only "
    "named children of that age on the day.",
    Measure.CHILDREN: "Different named children who were marked as here or late at least once. A child who came to "
    "several sessions, or in several months, counts once in a total. Totals are therefore smaller than the sum of "
    "their parts.",
    Measure.FAMILIES: "Different families of whom anybody was marked as here or late at least once. A family "
    "counts once in a total, however often it came.",
    Measure.HELD: "Sessions that were not called off and have ended.",
    Measure.CALLED_OFF: "Sessions that were called off, by the day for which they were planned.",
    Measure.FILL: "Of the places at sessions that have a limit, the share that was used by those who came. A place is "
    "a family, a child or an adult, as the activity counts them. Only sessions whose register is closed.",
    Measure.NO_SHOWS: "Of the people who had booked and not cancelled before they were reminded, the share who did not "
    "come and sent no apologies. Only sessions whose register is closed.",
}


class AgeBand(Word):
    """Ages of children on the day."""

    UNDER_1 = "under_1", "Under 1"
    ONE = "1", "1 year"
    TWO = "2", "2 years"
    THREE_FOUR = "3_4", "3 and 4 years"
    FIVE_TEN = "5_10", "5 to 10 years"
    ELEVEN_UP = "11_up", "11 years and over"

    @property
    def months(self) -> tuple[int, int]:
        """Return the first and the last month of age."""
        return MONTHS[self]


MONTHS = {
    AgeBand.UNDER_1: (0, 11),
    AgeBand.ONE: (12, 23),
    AgeBand.TWO: (24, 35),
    AgeBand.THREE_FOUR: (36, 59),
    AgeBand.FIVE_TEN: (60, 131),
    AgeBand.ELEVEN_UP: (132, 311),
}
