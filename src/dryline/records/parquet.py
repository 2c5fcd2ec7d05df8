"""Tables as Parquet files: one place that knows pyarrow's options, so that all files of a run are alike.

zstd, no dictionaries, floats split into byte streams: five times faster to write than dictionary coding at
nearly the same size for the signals of a line. No time stamps and no random names go in: same data, same
bytes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # its own pool keeps what it has freed: 100 MB of a run

import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from dryline.records.run_folder import RecordError, write_bytes

LOG = logging.getLogger(__name__)


def column(
    name: str, values: NDArray[Any] | Sequence[str], unit: str = "", **metadata: str
) -> tuple[pa.Field, pa.Array]:
    """A column of numbers (1 axis), of fixed-size lists (2 axes) or of strings, unit and more in its
    metadata.
    """
    if not isinstance(values, np.ndarray):
        array: pa.Array = pa.array(values, type=pa.string())
    elif values.ndim == 1:
        array = pa.array(np.ascontiguousarray(values))
    else:
        array = pa.FixedSizeListArray.from_arrays(
            pa.array(np.ascontiguousarray(values).ravel()), values.shape[1]
        )
    return pa.field(name, array.type, nullable=False, metadata={"unit": unit, **metadata}), array


def encode(columns: Sequence[tuple[pa.Field, pa.Array]], metadata: dict[str, str]) -> bytes:
    """Bytes of a Parquet file with these columns and table metadata."""
    schema = pa.schema([field for field, _ in columns], metadata=metadata)
    table = pa.Table.from_arrays([array for _, array in columns], schema=schema)
    floats = {_leaf(field): "BYTE_STREAM_SPLIT" for field, _ in columns if _is_float(field.type)}
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", use_dictionary=False, column_encoding=floats, write_statistics=False
    )
    return bytes(sink.getvalue())


def write(path: Path, columns: Sequence[tuple[pa.Field, pa.Array]], metadata: dict[str, str]) -> None:
    """Write a Parquet file whole or not at all."""
    write_bytes(path, encode(columns, metadata))


def read(paths: Sequence[Path], columns: Sequence[str] | None = None) -> pa.Table | None:
    """Rows of all readable files in order; None where there is none.

    A file that a crash of the computer left unreadable is named in the log and skipped.
    """
    tables = []
    for path in paths:
        try:
            tables.append(
                pq.read_table(path, columns=None if columns is None else list(columns), partitioning=None)
            )
        except (pa.ArrowInvalid, OSError) as error:
            LOG.warning("skipped %s, which cannot be read: %s", path, error)
    return pa.concat_tables(tables) if tables else None


def schema_of(path: Path) -> pa.Schema:
    """Schema of one file; RecordError where it cannot be read."""
    try:
        return pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise RecordError(f"cannot read {path}: {error}") from error


def numbers(table: pa.Table, name: str) -> NDArray[Any]:
    """A column as an array: 1 axis, or 2 axes for fixed-size lists."""
    chunked = table.column(name)
    if not pa.types.is_fixed_size_list(chunked.type):
        return np.asarray(chunked.to_numpy())
    width = chunked.type.list_size
    parts = [chunk.flatten().to_numpy(zero_copy_only=False).reshape(-1, width) for chunk in chunked.chunks]
    return np.concatenate(parts) if parts else np.zeros((0, width))


def _is_float(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_fixed_size_list(kind) else kind
    return bool(pa.types.is_floating(inner))


def _leaf(field: pa.Field) -> str:
    return f"{field.name}.list.element" if pa.types.is_fixed_size_list(field.type) else str(field.name)
