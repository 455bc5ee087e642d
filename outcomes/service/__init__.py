"""What can be done with questionnaires. The only code that changes them."""
