"""GOV.UK Notify for the tests, on this machine, spoken to by its real client."""

from collections.abc import Iterator

import pytest

from app.demo.notify import FarSide, Service, serving
from kernel.db import db
from kernel.settings import Settings
from messaging import service as messaging
from messaging.models import MessageSettings
from messaging.queries import settings as message_settings
from messaging.service.addresses import connected
from tests.post import Post

__all__ = ["notify"]


class Notify(FarSide):
    """What Notify took, in order: ``notify.texts``, ``notify.emails``. ``notify.be("cut", times=1)`` makes it fail."""

    def serves(self, name: str = "Leeds", **settings: object) -> Service:
        """Have the council under way send its texts by Notify; ``email_by_notify=True``: its e-mail too."""
        service = self.open_service(name)
        row = message_settings()
        if row is None:
            row = MessageSettings(ways={})
            db.add(row)
        told = {
            "notify_key": service.key, "text_template": service.text_template, "reply_to_id": service.reply_to_id,
            "email_template": service.email_template, "texts": True, **settings,
        }  # fmt: skip
        for what, value in told.items():
            setattr(row, what, value)
        db.flush()
        return service


@pytest.fixture
def notify(house_settings: Settings, post: Post) -> Iterator[Notify]:
    """Notify on this machine, to which the house is bound, beside the mail server: ``notify.serves()``."""
    far = Notify()
    with serving(far) as url:
        messaging.connect(**connected()._replace(notify_url=url)._asdict())
        yield far
        messaging.notify.hang_up()
