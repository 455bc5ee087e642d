"""What the API says about programmes, courses and those who take part, and what it is told."""
