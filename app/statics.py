"""The style sheets, scripts and pictures: an address with the mark of its content may be kept for a year."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

OWN = ("hubs.css", "hubs.js")
HOUR = 3600
YEAR = "public, max-age=31536000, immutable"


def register(app: Flask, root: Path, *, fixed: dict[str, str], watched: bool) -> None:
    """Serve the files below ``root`` with these headers, and tell templates the mark that their addresses end with."""
    mark = sha256(b"".join((root / name).read_bytes() for name in OWN)).hexdigest()[:12]
    app.jinja_env.globals["static_version"] = mark
    app.wsgi_app = Marked(app.wsgi_app, root, mark, fixed=fixed, watched=watched)  # type: ignore[method-assign]


class Marked(WhiteNoise):  # type: ignore[misc, unused-ignore]
    """Serves files for an hour or, when asked with the mark of what they hold, for a year."""

    def __init__(
        self, application: Any, root: Path, mark: str, *, fixed: dict[str, str], watched: bool
    ) -> None:
        super().__init__(
            application,
            root=root,
            prefix="static/",
            max_age=HOUR,
            autorefresh=watched,
            add_headers_function=lambda headers, _path, _url: [
                headers.add_header(*one) for one in fixed.items()
            ],
        )
        self.mark = mark

    def serve(self, static_file: Any, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # type: ignore[override, unused-ignore]
        """Answer with the file, and say how long it may be kept."""
        keep = self._says_what_it_holds(environ)

        def start(status: str, headers: list[tuple[str, str]]) -> Any:
            if keep:
                headers = [h for h in headers if h[0] != "Cache-Control"] + [("Cache-Control", YEAR)]
            return start_response(status, headers)

        return super().serve(static_file, environ, start)  # type: ignore[no-any-return, unused-ignore]

    def _says_what_it_holds(self, environ: dict[str, Any]) -> bool:
        asked: str = environ.get("QUERY_STRING", "")
        # What comes from elsewhere carries the version of its makers; it changes only with a new one.
        foreign: bool = "/vendor/" in environ.get("PATH_INFO", "")
        return asked.startswith("v=") if foreign else bool(asked == f"v={self.mark}")
