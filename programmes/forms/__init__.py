"""Forms of programmes and courses."""
