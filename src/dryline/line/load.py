"""Line, recipe and disturbance files: found, read with line numbers, checked, or refused with a clear message."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from dryline.line.disturbances import Disturbances
from dryline.line.input_error import InputError as InputError  # everybody else takes it from here
from dryline.line.press_data import read_press, rising
from dryline.line.recipes import MaterialFile, RecipeFile, mixed_density, recipe_of
from dryline.line.schema import Line
from dryline.line.stations import KINDS
from dryline.materials.recipe import COMPONENTS, Recipe

DATA = Path(__file__).parent.parent / "data"
LARGEST = 1_000_000
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader of libyaml where PyYAML is built with it: five times faster, with the same marks."""
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class LoadedLine:
    """A line with its recipe and disturbances, ready to be set up, and where each came from."""

    line: Line
    recipe: Recipe
    disturbances: Disturbances
    line_source: str
    recipe_source: str
    disturbances_source: str
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Text:
    file: str
    values: Any
    lines: dict[str, int]


def names(kind: str) -> list[str]:
    """Names of the shipped files of a kind: lines, recipes, materials, disturbances, wet."""
    return sorted(path.stem for path in (DATA / kind).glob("*.yaml"))


def _find(kind: str, name: str, beside: Path | None = None, what: str = "") -> Path:
    shipped = DATA / kind / f"{name}.yaml"
    if name in names(kind):
        return shipped
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        near = difflib.get_close_matches(name, names(kind), 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        what = what or kind.removesuffix("s")
        raise InputError(
            name[:80], None, "", f"no {what} of this name; shipped are {', '.join(names(kind))}, or give a .yaml file{hint}"
        )
    if beside is not None and not path.is_absolute() and (beside / path).exists():
        return beside / path
    return path


def _walk(node: yaml.Node, file: str, at: str, lines: dict[str, int], seen: int) -> int:
    seen += 1
    if seen > 20_000:
        raise InputError(file, None, "", "has too many entries (aliases that multiply?); write it out plainly")
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                raise InputError(file, key.start_mark.line + 1, name, "stands twice; remove one of them")
            found.add(name)
            seen = _walk(value, file, f"{at}.{name}" if at else name, lines, seen)
    elif isinstance(node, yaml.SequenceNode):
        for n, value in enumerate(node.value):
            seen = _walk(value, file, f"{at}.{n}" if at else str(n), lines, seen)
    return seen


def read(path: Path) -> _Text:
    """Read a YAML file and where each key stands; InputError for everything that is not a plain mapping."""
    file = str(path)
    try:
        if path.is_dir():
            raise InputError(file, None, "", "is a folder; give the .yaml file in it")
        if path.exists() and path.stat().st_size > LARGEST:
            raise InputError(file, None, "", "is larger than 1 MB; this is not a line or recipe file")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(file, None, "", "does not exist; check the path") from None
    except UnicodeDecodeError:
        raise InputError(file, None, "", "is not text in UTF-8; save it as UTF-8") from None
    except (OSError, ValueError) as error:
        raise InputError(file, None, "", f"cannot be read ({error}); check path and rights") from None
    lines: dict[str, int] = {}
    try:
        loader = LOADER(text)
        node = loader.get_single_node()
        if node is not None:
            _walk(node, file, "", lines, 0)
        values = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "use spaces instead of tabs" if "\\t" in str(error.problem) else "check indentation, colons and quotes"
        raise InputError(file, mark.line + 1 if mark else None, "", f"is not valid YAML ({error.problem}); {hint}") from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError, AttributeError) as error:
        raise InputError(file, None, "", f"is not valid YAML ({str(error).splitlines()[0]}); check its text") from None
    if values is None:
        raise InputError(file, None, "", "is empty; start from a shipped file (dryline lines)")
    if not isinstance(values, dict):
        raise InputError(file, 1, "", "is not a mapping of keys to values; write 'name: ...' lines")
    return _Text(file, values, lines)


def _line_of(lines: dict[str, int], key: str) -> int | None:
    parts = key.split(".")
    while parts:
        if (at := ".".join(parts)) in lines:
            return lines[at]
        parts.pop()
    return lines.get("")


def _explain(text: _Text, model: type[BaseModel], error: ValidationError, where: str = "dryline schema") -> InputError:
    first = error.errors(include_url=False)[0]
    for detail in error.errors(include_url=False):
        if "@" in detail["msg"]:
            first = detail
            break
    places = [str(part) for n, part in enumerate(first["loc"]) if not (str(part) in KINDS and n > 1)]
    problem = str(first["msg"]).removeprefix("Value error, ")
    if "@" in problem:
        name, problem = problem.split("@", 1)
        places += name.split(".")
        if len(places) > 2 and places[0] == "stations" and not places[1].isdigit():
            rows = text.values.get("stations", [])
            index = next((n for n, s in enumerate(rows) if isinstance(s, dict) and s.get("name") == places[1]), 0)
            places[1] = str(index)
    key = ".".join(places)
    given = first.get("input")
    shown = f" (given {str(given)[:60]!r})" if not isinstance(given, dict | list | tuple) and given is not None else ""
    kind = first["type"]
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(places[-1], _known(model, first["loc"][:-1]), 1)
        problem = "is not a known key; " + (f"did you mean {near[0]!r}?" if near else f"remove it or see {where}")
    elif kind == "missing":
        problem = "is missing; add it"
    elif kind in ("greater_than_equal", "less_than_equal"):
        problem = f"is out of range: {problem.removeprefix('Input ')} (SI units){shown}; give a value inside"
    elif kind.startswith("union_tag"):
        problem = f"has no known kind; {problem}"
    elif "give" not in problem and "e.g." not in problem:
        problem = f"{problem}{shown}; see {where}"
    return InputError(text.file, _line_of(text.lines, key), key, problem)


def _known(model: type[BaseModel], place: Sequence[Any]) -> list[str]:
    schema: Any = model.model_json_schema()
    definitions = schema.get("$defs", {})
    found = list(schema.get("properties", {}))
    for part in place:
        for definition in definitions.values():
            kind = definition.get("properties", {}).get("kind", {})
            if kind.get("const") == part:
                found = list(definition["properties"])
        reference = schema.get("properties", {}).get(str(part), {}).get("$ref", "")
        if reference:
            schema = definitions[reference.rsplit("/", 1)[-1]]
            found = list(schema.get("properties", {}))
    return found


def _check(text: _Text, model: type[M]) -> M:
    try:
        return model.model_validate(text.values, context={"file": True})
    except ValidationError as error:
        raise _explain(text, model, error) from None


def load_described(kind: str, what: str, name: str, model: type[M]) -> M:
    """A file of a model's own schema, by shipped name in the folder of its kind or by path; what: the kind in words.

    Raises InputError, with file, line, key and remedy, for everything that is wrong.
    """
    return _check(read(_find(kind, name, what=what)), model)


def set_values(values: dict[str, Any], settings: Sequence[str]) -> None:
    """Apply `path=value` settings to the values of a line file, stations by name; InputError for an unknown path."""
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path.strip() or not value.strip():
            raise InputError("--set", None, setting[:80], "is not path=value; give e.g. speed='50 m/min'")
        node: Any = values
        parts = path.strip().split(".")
        for n, part in enumerate(parts[:-1]):
            if isinstance(node, list):
                rows = {s.get("name"): s for s in node if isinstance(s, dict)}
                if part not in rows:
                    near = difflib.get_close_matches(part, [str(r) for r in rows], 1)
                    hint = f"; did you mean {near[0]!r}?" if near else ""
                    raise InputError("--set", None, path, f"there is no station {part!r}{hint}")
                node = rows[part]
            elif isinstance(node, dict):
                node = node.setdefault(part, {})
            else:
                raise InputError("--set", None, ".".join(parts[: n + 1]), "has no keys below it")
        if not isinstance(node, dict):
            raise InputError("--set", None, path, "does not name a value; give e.g. web.lanes=100")
        try:
            node[parts[-1]] = yaml.safe_load(value)
        except yaml.YAMLError:
            raise InputError("--set", None, path, f"{value!r} is not a value; quote it") from None


def _material(name: str, own: Sequence[MaterialFile], beside: Path) -> MaterialFile:
    for material in own:
        if material.name == name:
            return material
    local = beside / "materials" / f"{name}.yaml"
    path = local if local.exists() else _find("materials", name)
    return _check(read(path), MaterialFile)


def recipe_path(name: str) -> Path:
    """File of a recipe by shipped name or path; InputError where there is none of the name."""
    return _find("recipes", name)


def load_recipe(name: str, beside: Path | None = None) -> Recipe:
    """Recipe by shipped name or file; InputError for wrong input."""
    path = _find("recipes", name, beside)
    text = read(path)
    file = _check(text, RecipeFile)
    materials: dict[str, MaterialFile] = {}
    for share in file.components.shares().values():
        try:
            materials[share.material] = _material(share.material, file.materials, path.parent)
        except InputError as error:
            if error.line is None and error.file == share.material:
                place = _line_of(text.lines, "components")
                problem = f"{share.material}: {error.problem}"
                raise InputError(text.file, place, "components", problem) from None
            raise
    if file.compaction.file is not None:
        rows = path.parent / file.compaction.file
        file = file.with_rows(*rising(read_press(rows, mixed_density(file, materials))))
    recipe = recipe_of(file, materials)
    if recipe.voltage > 0.0 and recipe.component("active").material.capacity <= 0.0:
        place = _line_of(text.lines, "components.active")
        raise InputError(text.file, place, "components.active", "its material has no capacity; give one")
    return recipe


def load_disturbances(name: str) -> Disturbances:
    """Disturbance set: 'reference', 'none' or a file that overrides figures of the reference set."""
    if name == "none":
        return Disturbances.none()
    return _check(read(_find("disturbances", name)), Disturbances)


def load_line(
    line: str | Path = "lfp-cathode",
    recipe: str | Path | None = None,
    disturbances: str | Path = "reference",
    settings: Sequence[str] = (),
) -> LoadedLine:
    """Read a line with its recipe and its disturbances, and check all of it.

    Parameters
    ----------
    line : str or Path
        A shipped line (`dryline lines` lists them) or a YAML file.
    recipe : str or Path, optional
        A shipped recipe or a YAML file; by default the one that the line names.
    disturbances : str or Path
        "reference", "none" or a YAML file.
    settings : sequence of str
        Values of the line to change, as `path=value` with unit: "speed=50 m/min", "web.lanes=40" or
        "stations.thinning_nip_a1.porosity=41 %".

    Raises
    ------
    InputError
        Names file, line, key and remedy for everything that is wrong.
    """
    path = _find("lines", str(line))
    text = read(path)
    changes = (settings,) if isinstance(settings, str) else tuple(settings)
    set_values(text.values, changes)
    checked = _check(text, Line)
    chosen = checked.recipe if recipe is None else str(recipe)
    found = load_recipe(chosen, path.parent if recipe is None else None)
    _feeders_fit(checked, found, text)
    return LoadedLine(checked, found, load_disturbances(str(disturbances)), str(path), chosen, str(disturbances), changes)


def _feeders_fit(line: Line, recipe: Recipe, text: _Text) -> None:
    """InputError unless every component of the mix has its feeder and every feeder a component."""
    mixed = {component.name for component in recipe.components}
    stations = _line_of(text.lines, "stations")
    for name in sorted(mixed - {feeder.component for feeder in line.feeders}, key=COMPONENTS.index):
        problem = f"recipe {recipe.name!r} has {name}, but no feeder brings it; add a feeder with component: {name}"
        raise InputError(text.file, stations, "stations", problem)
    for n, station in enumerate(line.stations):
        if station.kind == "feeder" and station.component not in mixed | {"recycle"}:
            problem = f"feeder {station.name!r} brings {station.component}, which recipe {recipe.name!r} lacks; remove the feeder"
            key = f"stations.{n}.component"
            raise InputError(text.file, _line_of(text.lines, key), key, f"{problem} or give the component a share in the recipe")


def as_loaded(line: LoadedLine | str | Path) -> LoadedLine:
    """The line itself where it is loaded already, otherwise the line of that name or file."""
    return line if isinstance(line, LoadedLine) else load_line(line)


def find(kind: str, name: str) -> Path:
    """File of a kind by shipped name or path; InputError for a name that is not shipped."""
    return _find(kind, name)


def check(text: _Text, model: type[M], where: str) -> M:
    """What `read` found as a model of one's own; `where` its keys are described stands in the InputError for a wrong one."""
    try:
        return model.model_validate(text.values, context={"file": True})
    except ValidationError as error:
        raise _explain(text, model, error, where) from None


def line_of(lines: dict[str, int], key: str) -> int | None:
    """Line of a dotted key of what `read` found, or of the nearest above it."""
    return _line_of(lines, key)


def dump_line(line: Line) -> str:
    """The resolved line as YAML with units; it loads back to the same values."""
    return str(yaml.safe_dump(_with_units(line), sort_keys=False, allow_unicode=True, width=100))


def _with_units(model: BaseModel) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        extra = field.json_schema_extra
        unit = str(extra["x-unit"]) if isinstance(extra, dict) and "x-unit" in extra else "1"
        if isinstance(value, BaseModel):
            out[name] = _with_units(value)
        elif isinstance(value, tuple):
            out[name] = [_with_units(v) if isinstance(v, BaseModel) else v if unit == "1" else f"{v!r} {unit}" for v in value]
        elif isinstance(value, float) and unit != "1":
            out[name] = f"{value!r} {unit}"
        elif value is not None:
            out[name] = value
    return out
