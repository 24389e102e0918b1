"""Do the templates keep the house's rules: nothing inline, nothing imported in vain, macro and style sheet in step?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "rehab" / "static"
PAGES = sorted(file for file in TEMPLATES.rglob("*.html") if "emails" not in file.parts)
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
SCRIPTS = sorted(STATIC.rglob("*.js"))
IMPORT = re.compile(r'{%-? *from "([^"]+)" import ([^%]+?)(?: with(?:out)? context)? *-?%}')


def _names(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _css() -> str:
    return "\n".join(file.read_text("utf-8") for file in (STATIC / "css").rglob("*.css"))


@pytest.mark.parametrize("file", PAGES, ids=_names)
def test_nothing_is_inline(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search(r"\sstyle=", text), "a style attribute"
    assert not re.search(r"\son(?:click|change|submit|load|input|key\w+|focus|blur|mouse\w+|pointer\w+)=", text), "an event handler in the markup"
    assert "<style" not in text
    assert all("nonce=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=_names)
def test_what_is_imported_is_used_and_exists(file: Path) -> None:
    text = file.read_text("utf-8")
    rest = IMPORT.sub("", text)
    for source, names in IMPORT.findall(text):
        if file.name == "base.html":  # imports for the pages that extend it
            continue
        assert (TEMPLATES / source).exists(), source
        for name in names.split(","):
            real, _, own = name.strip().partition(" as ")
            assert re.search(rf"\b{re.escape(own or real)}\b", rest), f"{name.strip()} is not used"
            origin = (TEMPLATES / source).read_text("utf-8")
            assert f"macro {real}(" in origin or f"set {real} =" in origin, f"{source} has no {real}"


@pytest.mark.parametrize("file", COMPONENTS, ids=_names)
def test_a_components_classes_are_styled(file: Path) -> None:
    css = _css()
    text = re.sub(r"{#.*?#}", "", file.read_text("utf-8"), flags=re.DOTALL)
    blocks = {name for value in re.findall(r'class="([^"]*)"', text) for name in re.findall(r"\b[a-z][a-z0-9-]*(?:__[a-z0-9-]+)?\b", re.sub(r"{[{%].*?[}%]}", " ", value))}
    own = {name for name in blocks if "__" in name}
    missing = sorted(name for name in own if f".{name}" not in css)
    assert missing == []


def test_every_style_sheet_is_in_the_order_and_exists() -> None:
    order = [line for line in (STATIC / "css" / "order.txt").read_text("utf-8").split() if not line.startswith("#")]
    found = {str(file.relative_to(STATIC / "css")) for file in (STATIC / "css").rglob("*.css")}
    assert len(order) == len(set(order)) and set(order) == found


def test_every_module_named_in_the_markup_is_known_to_the_map_and_exists() -> None:
    known = dict(re.findall(r'"([a-z-]+)": \(\) => import\("/static/([^"]+)"\)', (STATIC / "js" / "main.js").read_text("utf-8")))
    named = {name for file in PAGES for name in re.findall(r'data-module="([^"{]+)"', file.read_text("utf-8"))}
    assert named <= set(known), named - set(known)
    assert all((STATIC / path).exists() for path in known.values())


@pytest.mark.parametrize("file", SCRIPTS, ids=_names)
def test_scripts_import_what_exists_and_build_no_markup_from_text(file: Path) -> None:
    text = file.read_text("utf-8")
    for path in re.findall(r'(?:\bfrom |\bimport\()"([^"]+)"', text):
        assert path.startswith("/static/") and (STATIC / path.removeprefix("/static/")).exists(), path
    assert not re.search(r"\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(", text)
    for source, names in re.findall(r'import \{ ([^}]+) \} from "/static/([^"]+)"', text):
        exported = (STATIC / names).read_text("utf-8")
        for name in (part.strip().split(" as ")[0] for part in source.split(",")):
            assert re.search(rf"export (?:async )?(?:function|const|let|class) {re.escape(name)}\b", exported), f"{names} exports no {name}"
