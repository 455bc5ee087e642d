"""What can be done with accounts and sign-ins. The only code that changes them."""

from accounts.service.keys import make_api_key, make_own_api_key, revoke_api_key
from accounts.service.links import (
    ask_for_link,
    end_links,
    invite_again,
    knows_language,
    send_invitation,
    send_link,
    use_link,
)
from accounts.service.passwords import (
    accept_invitation,
    change_password,
    check_password,
    knows_password,
    needs_old_password,
    use_hasher,
)
from accounts.service.people import (
    change_staff,
    disable,
    enable,
    invite,
    open_account,
    rename,
    set_roles,
)
from accounts.service.sign_ins import (
    end_sign_in,
    end_sign_ins,
    forget_traces,
    has_lapsed,
    sign_in,
    touch,
)

__all__ = [
    "accept_invitation",
    "ask_for_link",
    "change_password",
    "change_staff",
    "check_password",
    "disable",
    "enable",
    "end_links",
    "end_sign_in",
    "end_sign_ins",
    "forget_traces",
    "has_lapsed",
    "invite",
    "invite_again",
    "knows_language",
    "knows_password",
    "make_api_key",
    "make_own_api_key",
    "needs_old_password",
    "open_account",
    "rename",
    "revoke_api_key",
    "send_invitation",
    "send_link",
    "set_roles",
    "sign_in",
    "touch",
    "use_hasher",
    "use_link",
]
