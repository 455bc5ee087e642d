"""The words of signing in."""

from kernel.words import Word


class Role(Word):
    """What somebody is to a council."""

    COUNCIL_ADMIN = "council_admin", "Council administrator"
    COUNCIL_LEAD = "council_lead", "Council lead"
    COORDINATOR = "coordinator", "Programme coordinator"
    HUB_MANAGER = "hub_manager", "Hub manager"
    HUB_WORKER = "hub_worker", "Hub worker"
    PARENT = "parent", "Parent or carer"
    OPERATOR = "operator", "Platform operator"


class LinkPurpose(Word):
    """What a single-use link sent by e-mail is for."""

    SIGN_IN = "sign_in"
    SET_PASSWORD = "set_password"


class SignedInBy(Word):
    """How somebody showed who they are."""

    PASSWORD = "password"
    LINK = "link", "Link sent by email"
