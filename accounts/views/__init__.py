"""The pages about accounts: signing in, one's own account, and the staff."""

from accounts.views import keys, own, sign_in, staff, typed
from accounts.views.door import blueprint

__all__ = ["blueprint", "keys", "own", "sign_in", "staff", "typed"]
