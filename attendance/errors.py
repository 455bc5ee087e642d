"""The ways in which a register says no."""

from kernel.errors import Refusal, Unacceptable


class NotYet(Refusal):
    message = "This register opens on the day of the session. Until then you can print it."


class IsClosed(Refusal):
    message = "This register is closed. Open it again to change it."


class CalledOff(Refusal):
    message = "This session was called off, so it has no register."


class StillRunning(Refusal):
    message = "This session is not over yet. Close the register when it is."


class NobodyChosen(Unacceptable):
    message = "Choose who has come"


class NotACount(Unacceptable):
    message = "Enter a whole number from 0 to 1,000"


class NotesChanged(Refusal):
    message = "Somebody else has changed the notes. Read theirs, put yours together with them and save again."
