import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from kernel.spreadsheets import MOST_ROWS, CannotReadFile, read_sheet


def rows(content):
    return [line.cells for line in read_sheet(content).lines]


def workbook(*lines):
    book = Workbook()
    for line in lines:
        book.active.append(line)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def packed(**parts):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", part)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"a;b\r\n1;2\r\n",
        b"a\tb\n\n\n1\t2",
        b"\xef\xbb\xbfa,b\n1,2\n",
        b"\xef\xbb\xbf\xef\xbb\xbfa,b\n1,2\n",
        "a,b\n1,2\n".encode("utf-16"),
        b"sep=;\na;b\n1;2\n",
        b"a,b\r1,2\r",
        b" a , b \n1,2\n,\n",
    ],
)
def test_a_csv_is_read_whatever_its_shape(content):
    assert rows(content) == [("a", "b"), ("1", "2")]


def test_letters_of_windows_and_of_the_web_may_stand_in_one_file():
    assert rows("Café,£1\n".encode("cp1252") + "Café,£2\n".encode()) == [("Café", "£1"), ("Café", "£2")]


def test_a_cell_may_have_lines_and_rows_keep_their_numbers():
    sheet = read_sheet(b'a,b\n"one\ntwo",2\n\n3,4\n')

    assert [(line.number, line.cells) for line in sheet.lines] == [
        (1, ("a", "b")),
        (2, ("one\ntwo", "2")),
        (5, ("3", "4")),
    ]


def test_a_workbook_keeps_the_types_of_its_cells():
    assert rows(workbook(["a", 1], [None, None], ["b", 2.5])) == [("a", 1), ("b", 2.5)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04 nothing", "cannot read"),
        (b"\x00\x01\x02binary", "cannot read"),
        (packed(word__document="<x/>"), "cannot read"),
        (packed(xl__workbook="<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "cannot read"),
        (packed(xl__workbook="<x/>"), "cannot read"),
        (packed(xl__workbook="<x/>", bomb=b"0" * 101 * 1024 * 1024), "too large"),
        (workbook(), "empty"),
        (b"a\n" * (MOST_ROWS + 1), "more than 5,000 rows"),
        (b'a,"' + b"b" * 200_000, "quotation mark"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_plain_words(content, words):
    with pytest.raises(CannotReadFile) as refused:
        read_sheet(content)

    assert words in str(refused.value)
