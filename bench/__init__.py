"""Measurements, printed side by side. Never part of the tests: speed is not asserted."""
