"""How the words of an e-mail look: mail programs read no style sheets, so each block has its looks with it. Pure."""

import re
import unicodedata
from html import unescape

_STYLES = {
    "p": "margin:0 0 18px;font-size:17px;line-height:26px;",
    "ul": "margin:0 0 18px;padding:0 0 0 22px;font-size:17px;line-height:26px;",
    "ol": "margin:0 0 18px;padding:0 0 0 22px;font-size:17px;line-height:26px;",
    "h2": "margin:0 0 12px;font-size:19px;line-height:25px;",
    "h3": "margin:0 0 12px;font-size:17px;line-height:25px;",
}
_MIRRORED = {
    "ul": "margin:0 0 18px;padding:0 22px 0 0;font-size:17px;line-height:26px;",
    "ol": "margin:0 0 18px;padding:0 22px 0 0;font-size:17px;line-height:26px;",
}
_BLOCK = re.compile(r"<(p|ul|ol|h2|h3)>(?=(.*?)</\1>)", re.DOTALL)
_NAME, _TAG = re.compile(r"<bdi>.*?</bdi>", re.DOTALL), re.compile(r"<[^>]*>")
_WAYS = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def styled(body: str, direction: str) -> str:
    """Return the words of a letter with their looks; what is written wholly the other way is turned that way.

    An announcement has the same words for everybody: English ones in a letter to a reader of Arabic.
    """

    def with_looks(found: re.Match[str]) -> str:
        own = _written_from(found[2]) or direction
        style = (_STYLES | _MIRRORED if own == "rtl" else _STYLES)[found[1]]
        if own == direction:
            return f'<{found[1]} style="{style}">'
        side = "right" if own == "rtl" else "left"
        return f'<{found[1]} dir="{own}" style="{style}text-align:{side};">'

    return _BLOCK.sub(with_looks, body)


def _written_from(clean: str) -> str:
    """Return which way all of some HTML is written, or nothing when it is both or neither; names in it do not count."""
    signs = unescape(_TAG.sub("", _NAME.sub("", clean)))
    ways = {_WAYS.get(unicodedata.bidirectional(sign), "") for sign in signs} - {""}
    return ways.pop() if len(ways) == 1 else ""
