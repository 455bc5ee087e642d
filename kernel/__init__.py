"""The ground: what every context stands on. Knows no council's business and no Flask."""
