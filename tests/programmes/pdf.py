"""The words of a PDF that typst wrote, as a screen reader gets them: glyphs back to letters by its own tables."""

import re
import zlib

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words(made: bytes) -> str:
    """Return all text of a PDF, in the order in which it is drawn."""
    objects = {int(n): body for n, body in re.findall(rb"(\d+) 0 obj(.*?)endobj", made, re.DOTALL)}
    fonts = {
        name: _letters(objects, int(number))
        for body in objects.values()
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", body)
    }
    drawn = (_unpacked(body) for body in objects.values())
    return " ".join(_spoken(page, fonts) for page in drawn if b"]TJ" in page or b")Tj" in page)


def inside(made: bytes) -> bytes:
    """Return a PDF with all its streams unpacked."""
    objects = re.findall(rb"\d+ 0 obj(.*?)endobj", made, re.DOTALL)
    return made + b"".join(_unpacked(body) for body in objects)


def _unpacked(body: bytes) -> bytes:
    packed = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
    try:
        return zlib.decompress(packed[1]) if packed else b""
    except zlib.error:
        return packed[1] if packed else b""


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Return the letters of each glyph of a font."""
    table = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    if not table:
        return {}
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", _unpacked(objects[int(table[1])]))
    return {
        int(glyph, 16): bytes.fromhex(to.decode()).decode("utf-16-be")
        for glyph, to in pairs
        if len(to) % 4 == 0
    }


def _spoken(page: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    told, font = [], {}
    for name, shown in re.findall(
        rb"/(f\d+) [\d.]+ Tf|(\[(?:\((?:\\.|[^\\)])*\)|[^\]])*\]TJ|\((?:\\.|[^\\)])*\)Tj)", page, re.DOTALL
    ):
        if name:
            font = fonts.get(name, {})
            continue
        glyphs = b"".join(_plain(part) for part in re.findall(rb"\(((?:\\.|[^\\)])*)\)", shown, re.DOTALL))
        told.append(
            "".join(font.get(int.from_bytes(glyphs[i : i + 2], "big"), "□") for i in range(0, len(glyphs), 2))
        )
    return " ".join(told)


def _plain(text: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        if found[1]:
            return bytes([int(found[1], 8) & 255])
        return _ESCAPES.get(found[2], found[2])

    return re.sub(rb"\\(?:([0-7]{1,3})|(.))", one, text, flags=re.DOTALL)
