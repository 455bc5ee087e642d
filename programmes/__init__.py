"""Parenting programmes: their templates, their courses, who takes part, and what came of it."""
