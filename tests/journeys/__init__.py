"""The journeys of the people that the house is for, in a real browser."""
