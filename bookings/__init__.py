"""A family's places: capacity, holds, the waiting list and cancellation."""
