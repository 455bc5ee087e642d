"""What the tests of councils stand on."""

from tests.post import *  # noqa: F403
