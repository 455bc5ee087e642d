"""The forms of correspondence."""
