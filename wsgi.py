"""The web process."""

from app.factory import create_app
from kernel.settings import from_environment

app = create_app(from_environment())
