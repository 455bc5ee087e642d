"""The blueprint on which the pages about accounts stand."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
