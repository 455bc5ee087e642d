"""The words of correspondence."""

from kernel.words import Word


class AnnouncementStanding(Word):
    """How far an announcement has come."""

    DRAFT = "draft", "Draft"
    ASKED = "asked", "Waits for a second person"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    STOPPED = "stopped", "Stopped"


class Audience(Word):
    """Who an announcement is for."""

    BOOKED = "booked", "Families with a booking at a hub"
    CHILDREN = "children", "Families with a child of an age"
    HUB = "hub", "Families known at a hub"
