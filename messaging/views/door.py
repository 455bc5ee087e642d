"""The blueprint on which the pages about messages stand."""

from flask import Blueprint

blueprint = Blueprint("messaging", __name__)
