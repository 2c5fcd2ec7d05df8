"""A copy of a recipe file with other compaction figures; all other text, comments too, stays as it is."""

from __future__ import annotations

from pathlib import Path

import yaml

from dryline.line.input_error import InputError
from dryline.line.load import load_recipe, read

Edit = tuple[int, int, str]
"""Start and end of a piece of text, and what comes in its place."""


def _value(node: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in node.value if key.value == name), None)


def _block(text: str, root: yaml.MappingNode, name: str) -> tuple[int, int]:
    """Start and end of a key of the top level with its value, without the comments behind it."""
    starts = [key.start_mark.index for key, _ in root.value] + [len(text)]
    place = next(n for n, (key, _) in enumerate(root.value) if key.value == name)
    lines = text[starts[place] : starts[place + 1]].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return starts[place], starts[place] + sum(len(line) for line in lines)


def _put(node: yaml.Node | None, name: str, value: str) -> list[Edit]:
    """Edit that gives a key of a mapping a value, or adds the key in front."""
    if not isinstance(node, yaml.MappingNode):
        return []
    found = _value(node, name)
    if isinstance(found, yaml.ScalarNode):
        return [(found.start_mark.index, found.end_mark.index, value)]
    at, column = node.start_mark.index, node.start_mark.column
    if node.flow_style:
        return [(at + 1, at + 1, f"{name}: {value}, ")]
    return [(at, at, f"{name}: {value}\n{' ' * column}")]


def with_compaction(recipe: Path, figures: dict[str, str], compressibility: float | None, source: str) -> str:
    """Text of a recipe with a compaction section of other figures (YAML of each key) and a note of where they come from."""
    read(recipe)
    text = recipe.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode) or _value(root, "compaction") is None:
        raise InputError(str(recipe), None, "compaction", "is missing; give a recipe file that can be run")
    start, end = _block(text, root, "compaction")
    lines = "".join(f"  {name}: {value}\n" for name, value in figures.items())
    edits: list[Edit] = [(start, end, f"compaction:\n{lines}")]
    if compressibility is not None:
        edits += _put(_value(root, "powder"), "compressibility", f"{compressibility:.4g}")
    edits += _put(_value(root, "sources"), "compaction", yaml.safe_dump(source, width=1000).splitlines()[0])
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def write_recipe(out: Path, text: str) -> None:
    """Write a recipe and read it back; a recipe that cannot be read is not kept. InputError says why."""
    if out.suffix not in (".yaml", ".yml"):
        raise InputError(str(out), None, "", "is no name of a recipe; give a file ending in .yaml")
    if out.exists():
        raise InputError(str(out), None, "", "exists already; give another name or remove it")
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(str(out), None, "", f"cannot be written ({error.strerror}); check path and rights") from None
    try:
        load_recipe(str(out.resolve()))
    except InputError:
        out.unlink()
        raise
