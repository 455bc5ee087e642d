"""The ways in which programmes and courses say no."""

from kernel.errors import Refusal


class CannotMove(Refusal):
    """Somebody cannot come to stand there from where they stand."""

    message = "This cannot be done at this point of the course."


class CourseIsFull(Refusal):
    """No place is left on the course."""

    message = "There is no place left on this course."


class GoesUnseen(Refusal):
    """Another carer is on the course who must not be found by this one. For staff alone."""

    message = (
        "Another parent or carer of these children is on this course and must not be found. To this family the course "
        "is full: say only that."
    )


class CourseIsClosed(Refusal):
    """The course has ended, was called off, or started too long ago to join."""

    message = "This course cannot be joined any more."


class NoDaysLeft(Refusal):
    """No day of the year has room for a contact of a course."""

    message = "There are not enough days in term time for this course. Choose another first date."


class NoLongerOffered(Refusal):
    """A programme has ended, or this way of running it."""

    message = "This programme is no longer run in this way. Choose another."


class CourseIsOver(Refusal):
    """A course that has ended or was called off cannot be changed."""

    message = "This course has ended or was called off, so it cannot be changed."


class OnlyByReferral(Refusal):
    """Families do not book this themselves."""

    message = "You join this course by referral. Ask your health visitor, school, nursery or GP to refer you."


class AlreadyOnACourse(Refusal):
    """Somebody has a place on a course of the programme already."""

    message = "You have a place on a course of this programme already."


class CrecheIsFull(Refusal):
    """There are not enough crèche places."""

    message = "There are not enough crèche places left on this course."


class OfferIsOver(Refusal):
    """The place was not taken up in time."""

    message = "The place was kept for you for a while and has been let go. Contact us to be offered another."


class SlotIsTaken(Refusal):
    """Somebody else picked the time first, or it has passed."""

    message = "Somebody else has just taken this time. Choose another."


class HasADate(Refusal):
    """Only a session that was called off is given another date by its course."""

    message = "This session takes place on its day. To move it, open it in the timetable."


class StaffElsewhere(Refusal):
    """Those who would be needed should be elsewhere then; whoever asks may insist."""

    message = "They should be elsewhere then."


class CourseGoesOn(Refusal):
    """A course cannot be ended before its last contact."""

    message = "This course goes on. It can be ended from the day of its last contact."


class CannotMakeUp(Refusal):
    """A contact cannot be made up there."""

    message = "This session cannot be made up there. Choose a session of another course of this programme."


class NotesChanged(Refusal):
    """Somebody else wrote about the contact in the meantime."""

    message = "Somebody else has changed this. Read theirs, put yours together with them and save again."


class NotCompleted(Refusal):
    """There is no certificate, since the course was not completed."""

    message = "There is a certificate once the course has been completed."


class CannotWriteName(Refusal):
    """No font of this computer has the letters of somebody's name."""

    message = (
        "We cannot write this certificate, because the letters of a name in it are missing here. "
        "Tell us, and we will put that right."
    )
    status = 503
