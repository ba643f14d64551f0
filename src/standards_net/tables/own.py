"""Folders of tables of one's own: what is added to them, and shares that are made to add up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pandas as pd

from standards_net.errors import DataError
from standards_net.files import check_writable, data_folder, write_together
from standards_net.tables.additions import REBALANCED, Addition, rebalanced
from standards_net.tables.check import check_rows, parse_table
from standards_net.tables.dictionary import TableSchema, read_dictionary, read_package
from standards_net.tables.patches import Patch, by_codes, patch_path, patched, read_patch
from standards_net.tables.read import Tables, read_tables

__all__ = ["add_to", "rebalance", "schemas_of_tables", "tables_in"]


def schemas_of_tables() -> dict[str, TableSchema]:
    """Tables by name, as the data dictionary describes them.

    Examples
    --------
    >>> schemas_of_tables()["adoption"].key
    ('country', 'technology', 'vendor')
    """
    return read_dictionary(read_package(data_folder()))


def tables_in(folder: str | Path) -> Tables:
    """The tables of a folder, or the shipped ones if it is not there yet or empty.

    Raises
    ------
    DataError
        Tables that cannot be used.
    """
    return read_tables(folder if _files(Path(folder)) else None)


def _files(folder: Path) -> list[str]:
    """Tables and patches in a folder, whatever else is in it."""
    paths = (path for schema in schemas_of_tables().values() for path in (schema.path, patch_path(schema)))
    return [path for path in paths if (folder / path).is_file()]


def add_to(folder: str | Path, addition: Addition) -> list[Path]:
    """Write the rows of an addition into the patches of a folder.

    Parameters
    ----------
    folder : str or Path
    addition : Addition

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    DataError
        Tables that could not be used with the rows in them: nothing is written then.
    """
    place, schemas = check_writable(folder), schemas_of_tables()
    contents = {
        patch_path(schemas[name]): _merged(place, schemas[name], rows)
        for name, rows in addition.patches.items()
    }
    _try(place, contents)
    return write_together(place, contents)


def _try(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Raise unless the tables of a folder could be used with other files in it."""
    with TemporaryDirectory() as trial:
        for path in _files(folder):
            (Path(trial) / path).parent.mkdir(parents=True, exist_ok=True)
            copyfile(folder / path, Path(trial) / path)
        write_together(trial, contents)
        read_tables(trial)


def _merged(folder: Path, schema: TableSchema, rows: pd.DataFrame) -> bytes:
    """A patch with more rows in it; of the same key, the new ones count."""
    cells, path = _as_text(rows), folder / patch_path(schema)
    if path.is_file():
        patch, complaints = read_patch(path.read_bytes(), schema, *_economies(folder, schemas_of_tables()))
        if complaints:
            raise DataError(complaints)
        columns = [c.name for c in schema.columns if c.name in patch.rows or c.name in cells]
        base = patch.rows.reindex(columns=columns, fill_value="")
        cells, _ = patched(base, Patch(schema, cells))
    return str(cells.to_csv(index=False, lineterminator="\n")).encode("utf-8")


def _as_text(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.map(lambda cell: "" if pd.isna(cell) else str(cell)).astype("str")


def rebalance(folder: str | Path) -> list[str]:
    """Scale the rows that the patches of a folder do not give, until shares add up as they must.

    Parameters
    ----------
    folder : str or Path
        With patches, such as ``adoption.patch.csv``; what was scaled is added to them.

    Returns
    -------
    list of str
        What was scaled, a sentence for each group of rows.

    Raises
    ------
    DataError
        A folder without patches; patches that cannot be read; shares that cannot be made to add up.
    """
    place, schemas, complaints = Path(folder), schemas_of_tables(), list[str]()
    found = [schema for schema in schemas.values() if (place / patch_path(schema)).is_file()]
    if not found:
        raise DataError(f"{place}: there are no patches, such as {patch_path(schemas['adoption'])}, in it.")
    countries, names = _economies(place, schemas)
    contents: dict[str, bytes] = {}
    said: list[str] = []
    for schema in found:
        patch, wrong = read_patch((place / patch_path(schema)).read_bytes(), schema, countries, names)
        base, more = _base(place, schema)
        base = by_codes(base, schema, countries, names)
        complaints += [*wrong, *more]
        if wrong or more:
            continue
        if "source" in patch.rows:
            patch = Patch(patch.schema, patch.rows[patch.rows["source"] != REBALANCED])
        table, wrong = check_rows(patched(base, patch)[0], schema, countries, names)
        complaints += wrong
        if wrong:
            continue
        rows, told = rebalanced(table, patch.rows, check_rows(base, schema, countries, names)[0], schema)
        content = _together(patch, rows, schema)
        if content != (place / patch_path(schema)).read_bytes():
            said += told
            contents[patch_path(schema)] = content
    if complaints:
        raise DataError(complaints)
    _try(place, contents)
    write_together(place, contents)
    return said


def _together(patch: Patch, rows: pd.DataFrame, schema: TableSchema) -> bytes:
    """The rows that were given, and those that were scaled."""
    cells = _as_text(rows)
    columns = [c.name for c in schema.columns if c.name in patch.rows or (len(cells) and c.name in cells)]
    given = patch.rows.reindex(columns=columns, fill_value="")
    more = cells.reindex(columns=columns, fill_value="")
    whole = pd.concat([given, more], ignore_index=True) if len(more) else given
    return str(whole.to_csv(index=False, lineterminator="\n")).encode("utf-8")


def _base(folder: Path, schema: TableSchema) -> tuple[pd.DataFrame, list[str]]:
    """The table that a patch is about: the folder's own, or the shipped one."""
    own = folder / schema.path
    source = own if own.is_file() else data_folder() / schema.path
    cells, errors, _ = parse_table(source.read_bytes(), schema)
    return cells, errors


def _economies(folder: Path, schemas: Mapping[str, TableSchema]) -> tuple[list[str], list[str]]:
    """Codes and names of the economies of a folder."""
    schema = schemas["countries"]
    table, _ = _base(folder, schema)
    path = folder / patch_path(schema)
    if path.is_file():
        patch, wrong = read_patch(path.read_bytes(), schema, list(table["country"]), list(table["name"]))
        if not wrong:
            table, _ = patched(table, patch)
    return list(table["country"]), list(table["name"])
