"""Where the pages of programmes and courses hang."""

from flask import Blueprint

blueprint = Blueprint("programmes", __name__)
