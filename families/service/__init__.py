"""What can be done with families. The only code that changes them."""

from families.service import wishes
from families.service.care import log_opening, log_openings, set_care, write_safeguarding_note
from families.service.changing import (
    add_carer,
    add_child,
    add_contact,
    answer_consent,
    baby_born,
    change_person,
    complete,
    end_caring,
    leave,
    meet,
    move_household,
    move_out,
    remove_contact,
    set_caring,
)
from families.service.linking import invite, link_account, send_invitation, welcome
from families.service.merging import merge_families, merge_households, merge_people, not_the_same
from families.service.reaching import set_contact_rules, set_own_contact_rules
from families.service.registering import register, register_at_the_door
from families.service.unfinished import forget_registration, forget_stale_registrations, keep_answers
from families.service.wanted import DoorChild, NewCarer, NewChild, NewContact, NewFamily

__all__ = [
    "DoorChild",
    "NewCarer",
    "NewChild",
    "NewContact",
    "NewFamily",
    "add_carer",
    "add_child",
    "add_contact",
    "answer_consent",
    "baby_born",
    "change_person",
    "complete",
    "end_caring",
    "forget_registration",
    "forget_stale_registrations",
    "invite",
    "keep_answers",
    "leave",
    "link_account",
    "log_opening",
    "log_openings",
    "meet",
    "merge_families",
    "merge_households",
    "merge_people",
    "move_household",
    "move_out",
    "not_the_same",
    "register",
    "register_at_the_door",
    "remove_contact",
    "send_invitation",
    "set_care",
    "set_caring",
    "set_contact_rules",
    "set_own_contact_rules",
    "welcome",
    "wishes",
    "write_safeguarding_note",
]
