"""Writes one reference page a folder of the package, from the docstrings of its modules.

The pages appear in ``docs/reference/`` during the build and are not kept; a new module needs no entry.
Docstrings are prose with symbols such as ``|x|`` and ``p_``: characters that reStructuredText would take for
markup are escaped outside literal text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

FOLDERS = {
    "materials": "what flows",
    "mechanics": "closed forms that plant and drives share",
    "line": "the line as data, units, tags and the door to a machine",
    "process": "what happens to the material, one unit operation a file",
    "drives": "what runs in the PLC and the drives",
    "setup": "the operating point of a line for a recipe",
    "bounds": "what no controller can beat",
    "control": "what keeps the line on target",
    "twin": "a machine made of process and drives",
    "links": "a machine reached over a wire",
    "records": "what is kept of a run",
    "studies": "questions that need many runs or a comparison",
    "panel": "the web interface",
    "commands": "one file a command",
}
"""Folders in the order of the material and of the imports, each with what it holds."""

LITERAL = re.compile(r"(``.+?``|`[^`]+`)")
MARKUP = re.compile(r"\||(?<![^\s(\[{/:-])\*+(?=\S)|(?<=\w)_(?!\w)")


def _modules(folder: Path) -> list[str]:
    """Module names below a folder of the package that hold anything, the folder's own first."""
    files = sorted(folder.rglob("*.py"), key=lambda path: (path.name != "__init__.py", path))
    parts = [path.relative_to(folder.parent).with_suffix("").parts for path in files if path.stat().st_size]
    names = [".".join(part) for part in parts]
    return [f"dryline.{name.removesuffix('.__init__')}" for name in names]


def _page(title: str, modules: list[str]) -> str:
    parts = [f"# {title}\n"]
    for module in modules:
        parts.append(f"## `{module}`\n\n```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n```\n")
    return "\n".join(parts)


def write_pages(app: Sphinx) -> None:
    """Write ``reference/index.md`` and one page for each folder that holds code."""
    package = Path(app.srcdir).parent / "src" / "dryline"
    out = Path(app.srcdir) / "reference"
    out.mkdir(exist_ok=True)
    pages = {"kernel": _page("kernel: the only module that imports the compiler", ["dryline.kernel"])}
    if (package / "si.py").exists():
        pages["si"] = _page("si: names of units", ["dryline.si"])
    pages["session"] = _page("session: one run from start to report", ["dryline.session"])
    for name, what in FOLDERS.items():
        if (package / name).is_dir() and (modules := _modules(package / name)):
            pages[name] = _page(f"{name}: {what}", modules)
    toc = "\n".join(pages)
    pages["index"] = (
        "# Reference\n\nWritten from the docstrings of the code; symbols: [](../nomenclature.md).\n\n"
        f"```{{toctree}}\n:maxdepth: 2\n\n{toc}\n```\n"
    )
    for old in out.glob("*.md"):
        if old.stem not in pages:
            old.unlink()
    for name, text in pages.items():
        path = out / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def escape_symbols(_app: Sphinx, what: str, _name: str, _obj: Any, _options: Any, lines: list[str]) -> None:
    """Escape ``|``, ``*`` and trailing ``_`` outside literals; keep colons of constants."""
    if what in ("attribute", "data", "property"):
        lines.insert(0, "")  # napoleon would take the words before a colon in the first line for a type
    literal_indent = -1
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if line.strip() and literal_indent >= 0 and indent <= literal_indent:
            literal_indent = -1
        if literal_indent < 0:
            parts = LITERAL.split(line)
            lines[number] = "".join(
                part if LITERAL.fullmatch(part) else MARKUP.sub(lambda found: "\\" + found.group(), part)
                for part in parts
            )
            if line.rstrip().endswith("::"):
                literal_indent = indent


def skip_field_aliases(_app: Sphinx, _what: str, _name: str, obj: Any, skip: bool, _opts: Any) -> bool | None:
    """Leave out the fields of a NamedTuple, which its own docstring describes."""
    return True if str(getattr(obj, "__doc__", "")).startswith("Alias for field number") else (skip or None)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the three steps to the build."""
    app.connect("builder-inited", write_pages)
    app.connect("autodoc-process-docstring", escape_symbols, priority=400)
    app.connect("autodoc-skip-member", skip_field_aliases)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
