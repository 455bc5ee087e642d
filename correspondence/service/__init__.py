"""What can be done with correspondence. The only code that changes its rows."""
