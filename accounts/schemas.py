"""What the API says about accounts."""

from marshmallow import Schema, fields


class MeSchema(Schema):
    """For whom a key acts, and what it may do."""

    name = fields.String(metadata={"description": "What the account is called."})
    roles = fields.List(fields.String(), metadata={"description": "The roles of the account."})
    permissions = fields.List(fields.String(), metadata={"description": "What the key may do: its scopes."})
