"""Rows, written as a file for spreadsheets: CSV, or an Excel workbook."""

import csv
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO

CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
_PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def harmless(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Return a CSV file, in UTF-8 with the mark by which Excel knows it."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def as_workbook(rows: Iterable[Iterable[object]], name: str) -> bytes:
    """Return an Excel workbook of one sheet, its first row a heading in bold. Texts stay texts, numbers numbers."""
    import xlsxwriter  # 2 MB that a web process does without until somebody asks for a workbook

    content = BytesIO()
    with xlsxwriter.Workbook(content, _PLAIN) as book:
        sheet, bold = book.add_worksheet(name[:31]), book.add_format({"bold": True, "text_wrap": True})
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float | Decimal | Fraction):
                    sheet.write_number(number, place, float(cell))
                elif cell is not None:
                    sheet.write_string(number, place, str(cell), *([] if number else [bold]))
    return content.getvalue()
