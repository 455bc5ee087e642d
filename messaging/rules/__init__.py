"""How a letter looks, and what goes with it. Pure."""

from messaging.rules.letter import Sender, email, html, message_id, plain_text

__all__ = ["Sender", "email", "html", "message_id", "plain_text"]
