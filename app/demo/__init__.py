"""The whole platform on one machine, to look at and to test against."""
