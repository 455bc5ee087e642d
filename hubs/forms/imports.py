"""The form with which a file is sent."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField

from hubs.service.imports import HUBS, TIMETABLE
from kernel.web.forms import Form

KINDS: dict[str, Any] = {TIMETABLE: "A timetable", HUBS: "A list of hubs and venues"}


class ImportForm(Form):
    """A spreadsheet of hubs or of a timetable."""

    kind = RadioField("What is in the file?", choices=KINDS, default=TIMETABLE)
    file = FileField(
        "Choose a file",
        description="A CSV file or an Excel workbook (.xlsx), up to 5 MB",
        validators=[FileRequired("Choose a file")],
    )
