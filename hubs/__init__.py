"""Places, rooms, activities, the timetable and who works at it."""
