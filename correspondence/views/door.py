"""The blueprint on which the pages of correspondence stand."""

from flask import Blueprint

blueprint = Blueprint("correspondence", __name__)
