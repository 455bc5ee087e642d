"""A region of a page, drawn alone for htmx, draws with what it imports itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).parents[2] / "templates"
FRAME = {"title", "head", "width", "back", "before_main", "main", "scripts", "exit_this_page"}


def regions() -> Iterator[tuple[str, nodes.Template, nodes.Block]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        template = Environment(autoescape=True).parse(path.read_text())
        for block in template.find_all(nodes.Block):
            if block.name not in FRAME:
                yield f"{path.relative_to(TEMPLATES)} {block.name}", template, block


def imported(node: nodes.Node) -> set[str]:
    pairs = (name for found in node.find_all(nodes.FromImport) for name in found.names)
    return {name if isinstance(name, str) else name[1] for name in pairs}


@pytest.mark.parametrize(("name", "template", "block"), [pytest.param(*r, id=r[0]) for r in regions()])
def test_a_region_imports_the_macros_that_it_draws_with(name, template, block):
    used = {found.name for found in block.find_all(nodes.Name) if found.ctx == "load"}

    assert used & imported(template) - imported(block) == set()
