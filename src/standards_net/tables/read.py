"""Read a folder of tables, checked against the data dictionary."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from standards_net.checks import shown
from standards_net.errors import DataError, nearest, one_of
from standards_net.files import data_folder
from standards_net.tables.check import check_references, check_rows, parse_table, read_valid
from standards_net.tables.complete import check_complete
from standards_net.tables.dictionary import (
    PACKAGE,
    TableSchema,
    read_dictionary,
    read_package,
)

__all__ = ["Tables", "check_folder", "read_tables"]

_MAX_COMPLAINTS = 50
_BESIDE_TABLES = ("scenarios", "landscapes", "outlines.geojson", "adoption_fit.json")


@dataclass(frozen=True)
class Tables:
    """Checked tables and where they come from.

    Attributes
    ----------
    folder : Path
    frames : mapping of table name to DataFrame
    hashes : mapping of table name to str
        SHA-256 of the files read.
    origins : mapping of table name to str
        ``shipped``, or the path of the user's file.
    left_out : frozenset of str
        Economies and organisations of the bundled tables that the user's tables lack.
    """

    folder: Path
    frames: Mapping[str, pd.DataFrame]
    hashes: Mapping[str, str]
    origins: Mapping[str, str]
    left_out: frozenset[str] = frozenset()


def read_tables(folder: str | Path | Mapping[str, pd.DataFrame] | None = None) -> Tables:
    """Read the bundled tables, or a user's tables that override them.

    Parameters
    ----------
    folder : str, Path, mapping of table name to DataFrame, or None
        Folder in the layout of ``data/``, or tables in memory, which are checked as files are; those that it
        lacks are taken from the shipped data, reduced to the user's countries and vendors.

    Raises
    ------
    DataError
        All complaints at once.

    Examples
    --------
    >>> read_tables().frames["countries"].shape[0]
    196
    """
    if isinstance(folder, Mapping):
        return _read_frames(folder)
    tables, complaints = _read(Path(folder) if folder is not None else data_folder(), trust=True)
    if complaints:
        raise DataError(_shortened(complaints))
    return tables


def _read_frames(frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Tables in memory, by way of the files that they would be."""
    schemas = read_dictionary(read_package(data_folder()))
    if not frames:
        raise DataError("no table is given; give a mapping of table names to data frames.")
    with TemporaryDirectory() as folder:
        for name, frame in frames.items():
            if name not in schemas:
                raise DataError(one_of("table", name, schemas) + ".")
            if not isinstance(frame, pd.DataFrame):
                raise DataError(f"table '{name}' is {shown(frame)}; give a pandas DataFrame.")
            columns = {column.name for column in schemas[name].columns}
            indexed = [of for of in frame.index.names if of in columns and of not in frame.columns]
            path = Path(folder) / schemas[name].path
            path.parent.mkdir(parents=True, exist_ok=True)
            table = frame.reset_index(level=indexed) if indexed else frame
            table.to_csv(path, index=False, lineterminator="\n")
        try:
            return read_tables(folder)
        except DataError as error:
            raise DataError(_of_frames(complaint, schemas) for complaint in error.complaints) from None


def _of_frames(complaint: str, schemas: Mapping[str, TableSchema]) -> str:
    """A complaint about the rows of a file as one about those of a frame, counted from 0."""
    for name, schema in schemas.items():
        file = Path(schema.path).name
        if complaint.startswith(f"{file} row "):
            number, rest = complaint.removeprefix(f"{file} row ").split(",", 1)
            return f"table '{name}' at iloc[{int(number) - 2}],{rest}" if number.isdigit() else complaint
    return complaint


def check_folder(folder: str | Path) -> list[str]:
    """Complaints about a folder of tables; none if it can be used.

    Beyond what :func:`read_tables` refuses, a hash that differs from the folder's own dictionary is
    a complaint here.

    Examples
    --------
    >>> check_folder(data_folder())
    []
    """
    path = Path(folder)
    try:
        tables, complaints = _read(path, trust=False)
        if not complaints and (path / PACKAGE).is_file():
            complaints = _stale(path, tables)
    except DataError as error:
        complaints = list(error.complaints)
    return list(DataError(_shortened(complaints)).complaints)


def _shortened(complaints: list[str]) -> list[str]:
    more = len(complaints) - _MAX_COMPLAINTS
    return complaints if more <= 0 else [*complaints[:_MAX_COMPLAINTS], f"... and {more} more."]


def _read(folder: Path, *, trust: bool) -> tuple[Tables, list[str]]:
    """Tables and complaints.

    With ``trust``, bundled tables that have not changed are not checked again: their hashes say that they
    are those that the tests checked.
    """
    shipped = data_folder()
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder.")
    known = schemas = read_dictionary(read_package(shipped))
    own = folder.resolve() == shipped.resolve()
    if not own and (folder / PACKAGE).is_file():
        schemas = {**schemas, **read_dictionary(read_package(folder))}
    complaints = _unknown_files(folder, schemas)
    frames: dict[str, pd.DataFrame] = {}
    hashes, origins = {}, {}
    for name, schema in schemas.items():
        own_file = folder / schema.path
        path = own_file if own_file.is_file() else shipped / schema.path
        origins[name] = str(path) if own_file.is_file() and not own else "shipped"
        valid = known[name].sha256 if trust and schema == known.get(name) else None
        frames[name], hashes[name], found = _read_table(path, schema, valid)
        complaints += found
    if not own and not complaints and all(origin == "shipped" for origin in origins.values()):
        complaints.append(
            f"{folder}: no table was found in it; tables go where the shipped ones are, such as "
            f"{next(iter(schemas.values())).path}."
        )
    if own and all(hashes[name] == known[name].sha256 for name in known) and trust:
        return Tables(folder, frames, hashes, origins), complaints
    left_out: frozenset[str] = frozenset()
    if not complaints:
        full, frames = frames, _reduced(frames, schemas, origins)
        left_out = _left_out(full, frames, shipped / schemas["countries"].path)
        complaints += _check_together(frames, schemas, shipped)
    return Tables(folder, frames, hashes, origins, left_out), complaints


def _read_table(path: Path, schema: TableSchema, valid: str | None) -> tuple[pd.DataFrame, str, list[str]]:
    """Table, hash and complaints of a file; a file with the hash of a valid one is only parsed."""
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found == valid:
        return read_valid(content, schema), found, []
    table, complaints = parse_table(path, schema)
    if not complaints:
        table, complaints = check_rows(path.name, table, schema)
    return table, found, complaints


def _check_together(
    frames: Mapping[str, pd.DataFrame], schemas: Mapping[str, TableSchema], shipped: Path
) -> list[str]:
    """Complaints about tables that do not fit each other."""
    complaints = [
        c for name, schema in schemas.items() for c in check_references(schema, frames[name], frames)
    ]
    # The estimates of 2019 are made from the other tables: while they are, they may be missing.
    if not complaints and {"adoption", "markets"} <= set(frames):
        complaints += check_complete(frames, pd.read_csv(shipped / schemas["parameters"].path))
    return complaints


def _left_out(
    full: Mapping[str, pd.DataFrame], kept: Mapping[str, pd.DataFrame], shipped_countries: Path
) -> frozenset[str]:
    """Names of the bundled world that match no country in this one."""
    shipped = pd.read_csv(shipped_countries, usecols=["country", "region", "subregion"])
    own = kept["countries"]
    gone = set(shipped["country"]) - set(own["country"])
    gone |= set(full["memberships"]["organisation"]) - set(kept["memberships"]["organisation"])
    for by in ("region", "subregion"):
        gone |= set(shipped[by]) - set(own[by])
    return frozenset(gone)


def _unknown_files(folder: Path, schemas: Mapping[str, TableSchema]) -> list[str]:
    """Complaints about files that are not tables of the dictionary: a misspelt name would be ignored."""
    known = {schema.path for schema in schemas.values()}
    complaints = []
    for path in sorted(folder.rglob("*.csv")):
        name = path.relative_to(folder).as_posix()
        if name in known or name.split("/")[0] in _BESIDE_TABLES:
            continue
        hint = nearest(name, known) or "; see docs/data.md for the names of tables"
        complaints.append(f"{name}: this file is not one of the tables{hint}.")
    return complaints


def _reduced(
    frames: dict[str, pd.DataFrame],
    schemas: Mapping[str, TableSchema],
    origins: Mapping[str, str],
) -> dict[str, pd.DataFrame]:
    """Drop rows of shipped tables that refer to countries or vendors the user does not have."""
    reduced = dict(frames)
    for name, schema in schemas.items():
        if origins[name] != "shipped":
            continue
        for column in schema.columns:
            if column.refers is not None and origins[column.refers[0]] != "shipped":
                values = reduced[name][column.name]
                valid = frames[column.refers[0]][column.refers[1]]
                kept = values.isna() | values.isin(valid)
                if column.required:
                    reduced[name] = reduced[name][kept].reset_index(drop=True)
                else:  # a vendor stays, though its home is not among the user's countries
                    reduced[name] = reduced[name].assign(**{column.name: values.where(kept)})
    return reduced


def _stale(folder: Path, tables: Tables) -> list[str]:
    return [
        f"{schema.file}: its content is not what {PACKAGE} says (sha256 begins {found[:12]}, not "
        f"{schema.sha256[:12]}); describe the new content there."
        for name, schema in read_dictionary(read_package(folder)).items()
        if (found := tables.hashes[name]) != schema.sha256
    ]
