"""What a council is told: comparisons across hubs and months."""
