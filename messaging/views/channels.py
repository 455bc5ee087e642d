"""The page on which a council says how its messages go."""

from typing import Any

from flask import Response, flash
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from kernel.permissions import Permission
from kernel.web.access import requires
from kernel.web.forms import accepted
from kernel.web.limits import limiter
from kernel.web.once import once
from kernel.web.pages import page, see
from messaging import queries
from messaging.forms.channels import NOTIFY, SMTP, ChannelsForm, TrialForm
from messaging.models import MessageSettings
from messaging.service import channels as service
from messaging.service import own_address
from messaging.terms import Channel
from messaging.views.door import blueprint

RECEIPTS, TEXTS = "/messages/notify/receipts", "/messages/notify/texts"
TESTS = "20 per hour"
"""Each costs the council money."""


@blueprint.get("/settings/messages")
@requires(Permission.MANAGE_COUNCIL)
def channels() -> Response:
    """Show how the council's messages go, to be changed."""
    settings = queries.settings() or MessageSettings(texts=False, falls_back=True, approve_above=200)
    form = ChannelsForm(obj=settings, email_by=NOTIFY if settings.email_by_notify else SMTP)
    return _shown(form)


@blueprint.post("/settings/messages")
@requires(Permission.MANAGE_COUNCIL)
def change_channels() -> AnyResponse:
    """Change how the council's messages go."""
    form = ChannelsForm()
    changed: list[str] = []

    def change() -> None:
        key = (form.notify_key.data or "").strip()
        changed.extend(service.change_channels(form.told(), key=key, forget_key=form.forget_key.data))

    if not accepted(form, change):
        form.ask_for_key_again()
        return _shown(form, status=422)
    flash("Your changes have been saved" if changed else "Nothing was changed", "success")
    return see("messaging.channels")


@blueprint.get("/settings/messages/test")
@requires(Permission.MANAGE_COUNCIL)
def new_test_message() -> Response:
    """Ask where a test message is to go."""
    return page(
        "messaging/test_message.html", form=TrialForm(channel=Channel.TEXT.value, email=current_user.email)
    )


@blueprint.post("/settings/messages/test")
@requires(Permission.MANAGE_COUNCIL)
@limiter.limit(TESTS)
@once
def send_test_message() -> AnyResponse:
    """Send a test message, or say why it does not go."""
    form = TrialForm()
    if not accepted(form, lambda: service.send_test(Channel(form.channel.data), form.to)):
        return page("messaging/test_message.html", form=form, status=422)
    flash("The test message has been handed over. It should arrive within a minute.", "success")
    return see("messaging.channels")


@blueprint.get("/settings/messages/callback")
@requires(Permission.MANAGE_COUNCIL)
def callback() -> Response:
    """Show where Notify is to call, and offer a new word for it."""
    settings = queries.settings()
    return page("messaging/callback.html", known=bool(settings and settings.callback_hash), **_addresses())


@blueprint.post("/settings/messages/callback")
@requires(Permission.MANAGE_COUNCIL)
def make_callback_word() -> Response:
    """Make a new word by which Notify is known, and show it, this once."""
    return page("messaging/callback_made.html", word=service.make_callback_word(), **_addresses())


def _shown(form: ChannelsForm, *, status: int = 200) -> Response:
    settings = queries.settings()
    return page(
        "messaging/channels.html",
        form=form,
        key_ends=settings.notify_key[-4:] if settings and settings.notify_key else "",
        key_entered_at=settings.key_entered_at if settings else None,
        called_back=bool(settings and settings.callback_hash),
        status=status,
    )


def _addresses() -> dict[str, Any]:
    return {"receipts": own_address(RECEIPTS), "texts": own_address(TEXTS)}
