"""The blueprint on which the pages about councils stand."""

from flask import Blueprint

blueprint = Blueprint("tenants", __name__)
