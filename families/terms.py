"""The words of families."""

from kernel.words import Word


class PersonKind(Word):
    """What a person is to a household."""

    CARER = "carer", "Parent or carer"
    CHILD = "child", "Child"


class Relationship(Word):
    """What a carer is to a child."""

    MOTHER = "mother"
    FATHER = "father"
    STEP_PARENT = "step_parent", "Step-parent"
    GRANDPARENT = "grandparent"
    FOSTER_CARER = "foster_carer"
    KINSHIP_CARER = "kinship_carer"
    GUARDIAN = "guardian"
    CHILDMINDER = "childminder"
    OTHER = "other"


class Responsibility(Word):
    """Whether a carer has parental responsibility for a child."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known", "Not known"


class SendStatus(Word):
    """Special educational needs and disabilities."""

    NONE = "none", "No special educational needs known"
    SUPPORT = "support", "Special educational needs support"
    EHCP = "ehcp", "Education, health and care plan"


class ConsentKind(Word):
    """What a family is asked to agree to."""

    PHOTOS = "photos", "Photos and videos"
    FIRST_AID = "first_aid", "First aid in an emergency"
    SHARING = "sharing", "Sharing with health and school staff"
    NEWS = "news", "News about activities"


class Entered(Word):
    """How a household came to be known."""

    ONLINE = "online"
    BY_STAFF = "by_staff", "By staff"
    AT_THE_DOOR = "at_the_door", "At the door"


class Because(Word):
    """Why somebody of staff opens the record of a family that has not been to their hub."""

    HERE = "here", "They are here"
    TELEPHONE = "telephone", "They are on the telephone"
    OTHER = "other", "Another reason"
    REGISTERED = "registered", "They registered here"


class Opened(Word):
    """Which part of a person's record was shown."""

    RECORD = "record", "Family record"
    CARE = "care", "Care and health"
    SAFEGUARDING = "safeguarding", "Safeguarding notes"
    REFERRAL = "referral", "Referral to a course"
    CONTACT = "contact", "Why to take care when contacting"
    TEXTS = "texts", "Texts that they sent"
