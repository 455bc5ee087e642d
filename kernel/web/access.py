"""Who may knock at which door. Every view says so, or the house does not open."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast

from flask import Flask, g
from flask_login import current_user

from kernel.errors import NotFound
from kernel.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
COUNCIL, PLATFORM = "council", "platform"


class SignInNeeded(Exception):
    """Nobody is signed in, and the door is not open to everybody."""


class NotAllowed(Exception):
    """Somebody is signed in who may not do this."""


class Access(NamedTuple):
    """Who may enter, and where the door stands."""

    permissions: frozenset[Permission] | None
    grounds: frozenset[str]
    signed_in: bool = False


def requires(*permissions: Permission, at: str | None = None) -> Callable[[View], View]:
    """Open the view to those who hold one of the permissions, and to nobody else."""
    grounds = {at} if at else {PLATFORM if p is Permission.MANAGE_COUNCILS else COUNCIL for p in permissions}
    return _guard(Access(frozenset(permissions), frozenset(grounds)))


def signed_in(view: View) -> View:
    """Open the view to anybody who is signed in, at a council or at the platform."""
    return _guard(Access(None, frozenset({COUNCIL, PLATFORM}), signed_in=True))(view)


def public(view: View) -> View:
    """Open the view of a council to anyone, signed in or not."""
    return _guard(Access(None, frozenset({COUNCIL})))(view)


def public_anywhere(view: View) -> View:
    """Open the view to anyone, at a council or at the platform."""
    return _guard(Access(None, frozenset({COUNCIL, PLATFORM})))(view)


def public_platform(view: View) -> View:
    """Open the view to anyone at the platform's own host."""
    return _guard(Access(None, frozenset({PLATFORM})))(view)


def may(permission: Permission) -> bool:
    """Say whether whoever asks holds the permission."""
    person = current_user._get_current_object()  # the proxy looks for the person at every touch
    return bool(person.is_authenticated and person.may(permission))


def _guard(access: Access) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            _enter(access)
            return view(*args, **kwargs)

        guarded.__access__ = access  # type: ignore[attr-defined]
        return cast(View, guarded)

    return wrap


def _enter(access: Access) -> None:
    if g.ground not in access.grounds:
        raise NotFound("no such page here")
    if access.permissions is None and not access.signed_in:
        return
    person = current_user._get_current_object()
    if not person.is_authenticated:
        raise SignInNeeded
    if access.permissions is not None and not any(person.may(p) for p in access.permissions):
        raise NotAllowed


def access_of(view: Any, verb: str) -> Access | None:
    """Return what a view function says about access by an HTTP verb, or None when it says nothing."""
    methods = getattr(view, "view_class", None)
    door = getattr(methods, verb.lower(), None) if methods else view
    return getattr(door, "__access__", None)


def check_doors(app: Flask) -> None:
    """Refuse to start while a view does not say who may enter."""
    silent = {
        f"{verb} {rule}"
        for rule in app.url_map.iter_rules()
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if access_of(app.view_functions[rule.endpoint], verb) is None
    }
    if silent:
        raise RuntimeError(
            f"views that do not say who may enter (@requires, @public …): {', '.join(sorted(silent))}"
        )
