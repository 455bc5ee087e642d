"""What can be done with hubs and their timetable. The only code that changes them."""
