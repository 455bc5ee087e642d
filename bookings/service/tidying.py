"""What is done when nobody comes to the door."""


def lapse_due(limit: int = 200) -> int:
    """Open the doors behind which holds or offers have died; return how many sessions there were."""
    raise NotImplementedError
