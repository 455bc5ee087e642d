from tests.post import *  # noqa: F403
from tests.texting import *  # noqa: F403
