"""How often a door may be knocked at: for each council, counted in Redis, or in the process while Redis is away."""

from flask import request
from flask_limiter import Limiter

from kernel.db import NoUnitOfWork, here


def _council() -> str:
    try:
        return str(here())
    except NoUnitOfWork:
        return request.host


def by_address() -> str:
    """Count by where the request comes from: the /64 of an IPv6 address, the whole of another."""
    address = request.remote_addr or "nowhere"
    if ":" in address:
        address = ":".join(address.split(":")[:4])
    return f"{_council()}|{address}"


def by_email() -> str:
    """Count by the address that is being signed in to, whoever asks."""
    return f"{_council()}|{request.form.get('email', '').strip().casefold()[:254]}"


limiter = Limiter(
    key_func=by_address,
    in_memory_fallback_enabled=True,  # the same limits, counted in each process: signing in stays guarded
    swallow_errors=True,
    strategy="fixed-window",
    storage_options={"socket_timeout": 0.3, "socket_connect_timeout": 0.3},  # type: ignore[dict-item]
)

GUESSES = limiter.limit("60 per minute", deduct_when=lambda answer: answer.status_code == 404)
"""For what a link in a letter opens. Only links that lead nowhere count: behind one address of a mobile network, or of
a mail program that unsubscribes people, are all who were written to at once.
"""
