"""The web process."""

from app.factory import create_app
from kernel.settings import Settings

app = create_app(Settings())
