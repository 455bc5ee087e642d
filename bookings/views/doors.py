"""Where the pages of bookings hang."""

from flask import Blueprint

blueprint = Blueprint("bookings", __name__)
