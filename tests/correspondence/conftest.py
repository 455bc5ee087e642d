from tests.post import *  # noqa: F403
