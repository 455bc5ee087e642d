"""What can be done with programmes and courses. The only code that changes them."""
