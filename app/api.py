"""The API: one OpenAPI document over every context's part."""

from http import HTTPStatus
from typing import Any

from apispec import BasePlugin
from flask import Flask, g
from flask_smorest import Api
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from app import contexts
from kernel.web import access, answers
from kernel.web.once import HEADER, LONGEST_KEY


class ProblemSchema(Schema):
    """Why something was refused (RFC 9457)."""

    type = fields.String(
        metadata={"description": "Always about:blank: the status says what kind of problem it is."}
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "In words that a person can read."})
    problems = fields.Dict(
        keys=fields.String(), metadata={"description": "For each field that cannot be used, why not."}
    )
    reference = fields.String(metadata={"description": "What a failure is called in the log."})


class Refusals(BasePlugin):
    """Writes into the document what every operation may refuse, and which of them are done once for each key."""

    EVERYWHERE = {
        "400": "BAD_REQUEST", "401": "UNAUTHORIZED", "403": "FORBIDDEN", "404": "NOT_FOUND", "409": "CONFLICT",
        "503": "SERVICE_UNAVAILABLE",
    }  # fmt: skip

    def __init__(self, app: Flask) -> None:
        self.app = app

    def operation_helper(
        self, path: Any = None, operations: Any = None, *, rule: Any = None, **_: Any
    ) -> None:
        """Add them to the operations of an address."""
        view: Any = self.app.view_functions[rule.endpoint]
        for method, operation in operations.items():
            operation["responses"] = {**self.EVERYWHERE, **operation["responses"]}
            if getattr(getattr(view.view_class, method), "__once__", False):
                operation.setdefault("parameters", []).append(ONCE)


ONCE = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "maxLength": LONGEST_KEY},
    "description": "Asked again with the same key, nothing is done twice, and the first answer is given again.",
}


class HubsApi(Api):  # type: ignore[misc]
    """flask-smorest, without its handler for the whole application's errors."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= 400:
                response["content"] = {"application/problem+json": {"schema": ProblemSchema}}
            self.spec.components.response(status.name, response, lazy=True)
        refusal = {"application/problem+json": {"schema": ProblemSchema}}
        self.spec.components.response(
            "DEFAULT_ERROR", {"description": "A refusal", "content": refusal}, lazy=True
        )

    def _register_error_handlers(self) -> None:
        return

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Answer as everything else is answered."""
        return answers._http(error)


def register(app: Flask) -> None:
    """Open the API and its page."""
    app.config.update(
        API_TITLE="Family Hubs",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        OPENAPI_SWAGGER_UI_PATH="/",
        OPENAPI_SWAGGER_UI_URL="/static/vendor/swagger-ui/",
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
            "security": [{"key": []}],
            "info": {"description": "What a council's own systems may do: the same verbs as the pages."},
        },
    )
    api = HubsApi(app, spec_kwargs={"extra_plugins": [Refusals(app)]})
    csrf = app.extensions["csrf"]
    for blueprint in contexts.api_blueprints():
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint, url_prefix=f"/api/v1{blueprint.url_prefix or ''}")
    for name, view in list(app.view_functions.items()):
        if name.startswith("api-docs."):
            app.view_functions[name] = access.public_anywhere(view)
    app.jinja_env.globals["csp_nonce"] = lambda: g.nonce
