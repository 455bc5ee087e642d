"""What the API of bookings shares: its blueprint."""

from flask_smorest import Blueprint

blueprint = Blueprint("bookings_api", __name__, description="Places in sessions, and the queues for them.")
