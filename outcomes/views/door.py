"""Where the pages of questionnaires hang."""

from flask import Blueprint

blueprint = Blueprint("outcomes", __name__)
