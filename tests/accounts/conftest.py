"""What the tests of accounts stand on."""

from tests.post import *  # noqa: F403
