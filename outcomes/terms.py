"""The words of questionnaires."""

from kernel.words import Word


class Respondent(Word):
    """Who answers."""

    PARENT = "parent", "Parent or carer"
    YOUNG_PERSON = "young_person", "Young person"


class Occasion(Word):
    """When it is answered: each is compared with the first."""

    BEFORE = "before", "Before the course"
    AFTER = "after", "After the course"
    FOLLOW_UP = "follow_up", "Some months later"


class Licence(Word):
    """Whether the words of an instrument may be passed on."""

    OPEN = "open", "Free to use"
    CONDITIONAL = "conditional", "Free to use on conditions"
    RESTRICTED = "restricted", "Needs the owner’s licence"


class WordsFrom(Word):
    """Where the words come from that people are asked."""

    SHIPPED = "shipped", "Supplied with this service"
    COUNCIL = "council_upload", "Uploaded by the council"
    NONE = "none", "Not there yet"


class Direction(Word):
    """Which way is better."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class Way(Word):
    """How it was answered."""

    LINK = "link", "By a private link"
    TABLET = "tablet", "On a tablet in the room"
    PAPER = "paper", "On paper"


class AskingStanding(Word):
    """Where an asking stands."""

    ASKED = "asked", "Not answered yet"
    STARTED = "started", "Begun"
    ANSWERED = "answered", "Answered"
    LAPSED = "lapsed", "Not answered in time"
    WITHDRAWN = "withdrawn", "No longer asked"


OPEN = (AskingStanding.ASKED, AskingStanding.STARTED)


class Changed(Word):
    """What became of one person between two answers, by the rule of the scale."""

    IMPROVED = "improved", "Improved"
    NO_CHANGE = "no_reliable_change", "No reliable change"
    WORSE = "worse", "Worse"
