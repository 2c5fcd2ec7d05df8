"""A small validator for the parts of JSON Schema that Dryline uses; an unknown keyword is an error."""

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
KNOWN = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "minimum",
    "$ref",
}
WORDS = {"$schema", "$id", "$defs", "title", "description", "x-unit"}


def problems(value, schema, root=None, where="$"):
    """All places where the value breaks the schema."""
    root = root or schema
    unknown = set(schema) - KNOWN - WORDS
    assert not unknown, f"the validator does not know {unknown}"
    if "$ref" in schema:
        return problems(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, where)
    kinds = schema.get("type", list(TYPES))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    fits = [
        k for k in kinds if isinstance(value, TYPES[k]) and (k == "boolean" or not isinstance(value, bool))
    ]
    if not fits:
        return [f"{where}: {value!r} is not {kinds}"]
    found = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is not one of {schema['enum']}")
    if "minimum" in schema and isinstance(value, (int, float)) and not value >= schema["minimum"]:
        found.append(f"{where}: {value!r} is below {schema['minimum']}")
    if isinstance(value, dict):
        found += [f"{where}: {key} is missing" for key in schema.get("required", []) if key not in value]
        for key, item in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
            if inner is False:
                found.append(f"{where}: {key} is not allowed")
            elif inner is not True:
                found += problems(item, inner, root, f"{where}.{key}")
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            found += problems(item, schema["items"], root, f"{where}[{i}]")
    return found
