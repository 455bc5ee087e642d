"""What goes between a council and its families: announcements to many, answers by text, and what staff see of it."""
