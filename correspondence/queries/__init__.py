"""Questions about correspondence."""
