"""The bytes of a CSV or XLSX file, made into numbered rows of cells."""

import codecs
import csv
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from kernel.errors import Refusal

Cell = str | int | float | bool | datetime | date | time | timedelta | None

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 10_000
MOST_LINES_LOOKED_AT = 50_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_CONTROL = {n: None for n in range(32) if chr(n) not in "\t\n\r"} | dict.fromkeys(
    [0xFEFF, 0x200B, 0x200E, 0x200F]
)


class CannotReadFile(Refusal):
    """What was sent is no spreadsheet that we can read."""

    message = "We cannot read this file. Save it as CSV or as an Excel workbook (.xlsx) and try again."
    status = 422


@dataclass(frozen=True)
class Line:
    """One row of a spreadsheet that says something, and where it stands in the file."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, without blank ones, and what there is to know about how they were read."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    merged: frozenset[tuple[int, int]] = field(default=frozenset())


def read_sheet(content: bytes, *, sheet: str | None = None) -> Sheet:
    """Return the rows of a CSV or XLSX file, or refuse with a plain sentence."""
    if len(content) > MOST_BYTES:
        raise CannotReadFile("This file is larger than 5 MB. Split it, or remove pictures from it.")
    if not content.strip():
        raise CannotReadFile("This file is empty.")
    if content.startswith(_OLD_EXCEL):
        raise CannotReadFile(
            "This is an old Excel file (.xls) or one with a password. "
            "Open it in Excel and save it as an Excel workbook (.xlsx) without a password."
        )
    if content.startswith(b"%PDF"):
        raise CannotReadFile("This is a PDF. Send the spreadsheet that it was made from.")
    if content.startswith(b"PK\x03\x04"):
        return _read_workbook(content, sheet)
    return _read_csv(content)


def _read_csv(content: bytes) -> Sheet:
    text, notes = _decoded(content)
    declared = re.match(r"sep=(.)\r?\n", text)
    delimiter = declared[1] if declared else _delimiter(text)
    if delimiter != ",":
        notes.append(f"The columns are separated by {_DELIMITERS.get(delimiter, delimiter)}.")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    return Sheet(_kept(_numbered(reader, skip=1 if declared else 0)), tuple(notes))


_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _numbered(reader: "Iterable[list[str]]", skip: int) -> Iterator[Line]:
    begins = 1
    try:
        for row in reader:
            if begins > skip:
                yield Line(begins, tuple(row))
            begins = int(getattr(reader, "line_num", begins)) + 1
    except csv.Error as error:
        raise CannotReadFile(
            f"We cannot read line {begins}: a quotation mark may be missing there."
        ) from error


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", errors="replace")
    else:
        text = content.decode("utf-8", errors="windows-1252-instead")
    if "\x00" in text:
        raise CannotReadFile
    notes = []
    if _is_windows(content):
        notes.append(
            "Some letters were in the Windows alphabet (Windows-1252). Check names with accents and £ signs."
        )
    return re.sub(r"\A(?:\ufeff|ï»¿)+", "", text), notes


def _is_windows(content: bytes) -> bool:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252: files of two halves keep the letters of both."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error("windows-1252-instead", _as_windows)


def _delimiter(text: str) -> str:
    """Choose the separator that gives most rows the same number of columns."""

    def evenness(delimiter: str) -> int:
        try:
            widths = [
                len(row) for row in islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), 200)
            ]
        except csv.Error:
            return 0
        return max((width * widths.count(width) for width in set(widths) if width > 1), default=0)

    return max(_DELIMITERS, key=evenness)


def _read_workbook(content: bytes, wanted: str | None) -> Sheet:
    from openpyxl import load_workbook  # 7 MB that a web process does without until somebody sends a workbook

    packed = _safely_opened(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        pages = [page for page in book.worksheets if page.sheet_state == "visible"]
        read = [(page, _page_lines(page)) for page in pages if wanted in (None, page.title)]
        for page, lines in sorted(read, key=lambda one: not _is_table(one[1])):
            if lines:
                others = [f"‘{p.title}’" for p in pages if p is not page]
                notes = (
                    (f"Read from the sheet ‘{page.title}’. Not read: {', '.join(others)}.",) if others else ()
                )
                return _with_merged(Sheet(lines, notes), packed, str(getattr(page, "_worksheet_path", "")))
    except CannotReadFile:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as openpyxl has lines
        raise CannotReadFile from error
    raise CannotReadFile(
        "This workbook is empty." if wanted is None else f"There is no sheet ‘{wanted}’ with rows."
    )


def _page_lines(page: Any) -> tuple[Line, ...]:
    page.reset_dimensions()
    rows = islice(page.iter_rows(max_col=MOST_COLUMNS, values_only=True), MOST_LINES_LOOKED_AT)
    lines = _kept(Line(number, tuple(row)) for number, row in enumerate(rows, 1))
    width = max((n for line in lines for n, cell in enumerate(line.cells, 1) if cell is not None), default=0)
    return tuple(Line(line.number, line.cells[:width]) for line in lines)


def _is_table(lines: tuple[Line, ...]) -> bool:
    """Tell a table from a cover page: at least two rows of two cells."""
    return sum(sum(cell is not None for cell in line.cells) > 1 for line in lines) > 1


def _safely_opened(content: bytes) -> zipfile.ZipFile:
    """Open the package, or refuse one that is no workbook or would unpack to more than we can hold."""
    try:
        packed = zipfile.ZipFile(BytesIO(content))
        members = packed.infolist()
        if len(members) > 2_000 or sum(member.file_size for member in members) > MOST_UNPACKED:
            raise CannotReadFile(
                "This workbook is too large when it is unpacked. Copy the rows to a new one."
            )
        if "xl/workbook.xml" not in packed.namelist():
            raise CannotReadFile
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                with packed.open(member) as part:
                    if b"<!DOCTYPE" in part.read(4096) or member.flag_bits & 1:
                        raise CannotReadFile
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise CannotReadFile from error
    return packed


def _with_merged(sheet: Sheet, packed: zipfile.ZipFile, path: str) -> Sheet:
    """Give every row of cells that were merged downwards what the first of them says."""
    from openpyxl.utils import column_index_from_string  # late, as above

    if path.lstrip("/") not in packed.namelist():
        return sheet
    rows = {line.number: list(line.cells) for line in sheet.lines}
    filled = set()
    for left, top, _right, bottom in _MERGED.findall(packed.read(path.lstrip("/"))):
        column, first, last = (
            column_index_from_string(left.decode()) - 1,
            int(top),
            min(int(bottom), int(top) + MOST_ROWS),
        )
        source = rows.get(first, [])
        if last == first or column >= len(source):
            continue
        for number in range(first + 1, last + 1):
            if number in rows:
                cells = rows[number]
                cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = source[column]
                filled.add((number, column))
    lines = tuple(Line(number, tuple(cells)) for number, cells in rows.items())
    return Sheet(lines, sheet.notes, frozenset(filled))


def _kept(lines: Iterable[Line]) -> tuple[Line, ...]:
    kept: list[Line] = []
    for line in lines:
        cells = tuple(_clean(cell) for cell in line.cells[:MOST_COLUMNS])
        if any(cell is not None for cell in cells):
            kept.append(Line(line.number, cells))
        if len(kept) > MOST_ROWS:
            raise CannotReadFile(
                f"This file has more than {MOST_ROWS:,} rows. Split it and import the parts."
            )
    return tuple(kept)


def _clean(cell: object) -> Cell:
    if isinstance(cell, bool | int | float | datetime | date | time | timedelta) or cell is None:
        return cell
    text = str(cell).translate(_CONTROL).replace("\xa0", " ").replace("\r\n", "\n").strip()[:MOST_CHARACTERS]
    return None if not text or text in _ERRORS else text


_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
