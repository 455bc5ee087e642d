"""Whether a page does nothing but what its templates say: no script, handler or address of it came from data."""

import re
from typing import Any

import html5lib

TAG, ATTRIBUTE, CALL = "x-planted", "data-planted", "planted("
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "hx-get",
    "hx-post",
    "data",
    "poster",
    "srcdoc",
    "background",
    "xlink:href",
}
NEVER = {
    "iframe",
    "object",
    "embed",
    "base",
    "applet",
    "frame",
    "foreignobject",
    "math",
    "template",
    "portal",
}

PAYLOADS = [
    f"<{TAG}>", f"<script>{CALL})</script>", f"<img src=x onerror={CALL})>", f"\"><{TAG} {ATTRIBUTE}=1>",
    f"'><{TAG} {ATTRIBUTE}='1'>", f"\" {ATTRIBUTE}=\"1", f"' {ATTRIBUTE}='1", f" {ATTRIBUTE}=1 ", f"</title><{TAG}>",
    f"</textarea><{TAG}>", f"</script><{TAG}>", f"</style><{TAG}>", f"--><{TAG}>", f"]]><{TAG}>", f"<svg onload={CALL})>",
    f"</select><{TAG}>", f"<a href=javascript:{CALL})>x</a>", f"javascript:{CALL})", f"[x](javascript:{CALL}))",
    f"[x](JaVaScRiPt&colon;{CALL}))", f"<javascript:{CALL})>", f"![x](javascript:{CALL}))", f"[x](data:text/html;base64,{CALL}))",
    f"[x](vbscript:{CALL}))", f"[x]( javascript:{CALL}))", "{{ 13371337 * 31 }}", "{% raw %}", "${13371337*31}", f"&lt;{TAG}&gt;", f"＜{TAG}＞",
    f"<{TAG}\x0b{ATTRIBUTE}=1>", f"<!--><{TAG}>", f"<math><mi//xlink:href=\"javascript:{CALL})\">", f"`${{{CALL})}}`",
    f"<style>@import'javascript:{CALL})'</style>", f"[x](https://e.example\" {ATTRIBUTE}=\"1)",
    f"<details open ontoggle={CALL})>", f"<form><button formaction=javascript:{CALL})>", f"\u202e<{TAG}>\u202c",
]  # fmt: skip


def stirs(html: str, *, letter: bool = False) -> list[str]:
    """Return what on a page, or a letter, came alive."""
    whole = html.lstrip().lower().startswith("<!doctype")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html) if whole else parser.parseFragment(html)
    found = []
    for element in tree.iter():
        if isinstance(element.tag, str):
            found += _stirs(element, letter)
    if "414511447" in html:
        found.append("a template was run")
    return found


def _stirs(element: Any, letter: bool) -> list[str]:
    tag, found = element.tag.rpartition("}")[2].lower(), []
    if tag == TAG or tag in NEVER:
        found.append(f"<{tag}>")
    if tag == "script" and (
        letter or not (element.get("nonce") or (element.get("src") or "").startswith("/static/"))
    ):
        found.append("a script")
    if tag in {"script", "style"} and "planted" in (element.text or ""):
        found.append(f"words inside <{tag}>")
    if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
        found.append("a refresh")
    for written, value in element.attrib.items():
        name = str(written).rpartition("}")[2].lower()
        plain = re.sub(r"[\x00-\x20]", "", str(value)).lower()
        if name.startswith("on") or name == ATTRIBUTE or (name == "style" and not letter):
            found.append(f"<{tag} {name}>")
        if name in ADDRESSES and plain.startswith(("javascript:", "vbscript:", "data:text")):
            found.append(f"<{tag} {name}={plain[:30]}>")
    return found
