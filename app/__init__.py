"""The roof: builds the application from every context, and runs it."""
