"""Three terms of parenting programmes: courses, who took part, how it went, and what they answered."""
