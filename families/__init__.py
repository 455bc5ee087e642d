"""Households, carers and children, and what they have agreed to."""
