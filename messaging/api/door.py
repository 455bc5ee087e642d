"""The blueprint on which the API of messages stands."""

from flask_smorest import Blueprint

blueprint = Blueprint(
    "messaging_api", __name__, description="What is said in messages, and what became of them."
)
