"""What the API says about correspondence, and what it is told."""
