"""The API: one OpenAPI document over every context's part."""

from typing import Any

from flask import Flask, g
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from app import contexts
from kernel.web import access, answers


class HubsApi(Api):  # type: ignore[misc]
    """flask-smorest, without its handler for the whole application's errors."""

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
    api = HubsApi(app)
    csrf = app.extensions["csrf"]
    for blueprint in contexts.api_blueprints():
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint, url_prefix=f"/api/v1{blueprint.url_prefix or ''}")
    for name, view in list(app.view_functions.items()):
        if name.startswith("api-docs."):
            app.view_functions[name] = access.public_anywhere(view)
    app.jinja_env.globals["csp_nonce"] = lambda: g.nonce
