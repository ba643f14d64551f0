"""Read a folder of tables, checked against the data dictionary."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from standards_net.checks import shown
from standards_net.errors import DataError, Findings, nearest, one_of
from standards_net.files import data_folder
from standards_net.tables.check import check_references, check_rows, parse_table, read_valid
from standards_net.tables.complete import check_complete, check_plausible
from standards_net.tables.dictionary import (
    PACKAGE,
    TableSchema,
    other_files,
    read_dictionary,
    read_hashes,
    read_package,
)
from standards_net.tables.patches import by_codes, of_patch, patch_path, patched, read_patch
from standards_net.tables.rules import check_every, check_rules
from standards_net.tables.workbooks import WORKBOOK, sheets_of

__all__ = ["Tables", "check_folder", "inspect_folder", "read_tables"]

_MAX_COMPLAINTS = 50
_PATCHED = "shipped, with own rows"  # origin of a table
_PATCH = ".patch"  # behind the name of a table in memory
_BESIDE_TABLES = ("scenarios", "landscapes")
# Endings of files that may hold a table, beside the one that is read.
_LIKE_TABLES = (
    ".gz",
    ".zip",
    ".bz2",
    ".xz",
    ".tsv",
    ".txt",
    ".tab",
    ".xlsx",
    ".xls",
    ".ods",
    ".parquet",
    ".csv",
)


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
        ``shipped``, the same with own rows, or the path of the user's file.
    left_out : frozenset of str
        Economies and organisations of the bundled tables that the user's tables lack.
    warnings : tuple of str
        What can be used but is probably not what was meant.
    """

    folder: Path
    frames: Mapping[str, pd.DataFrame]
    hashes: Mapping[str, str]
    origins: Mapping[str, str]
    left_out: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()


def read_tables(folder: str | Path | Mapping[str, pd.DataFrame] | None = None) -> Tables:
    """Read the bundled tables, or a user's tables that override them.

    Parameters
    ----------
    folder : str, Path, mapping of table name to DataFrame, or None
        Folder in the layout of ``data/``, a workbook (.xlsx) or tables in memory, which are checked as files
        are; what it lacks is taken from the shipped data, reduced to the user's countries and vendors. Rows
        in ``adoption.patch.csv``, ``{"adoption.patch": frame}`` or the sheet ``adoption`` change only those
        of the same key.

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
    if folder is not None and Path(folder).suffix.casefold() == WORKBOOK and os.path.isfile(folder):
        return _read_workbook(Path(folder))
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
        for given, frame in frames.items():
            name = str(given).removesuffix(_PATCH)
            if name not in schemas:
                raise DataError(one_of("table", name, schemas) + ".")
            if not isinstance(frame, pd.DataFrame):
                raise DataError(f"table '{given}' is {shown(frame)}; give a pandas DataFrame.")
            columns = {column.name for column in schemas[name].columns}
            for column in columns & set(map(str, frame.columns)):
                odd = [cell for cell in frame[column] if isinstance(cell, list | tuple | set | dict | bytes)]
                if odd:
                    raise DataError(
                        f"table '{given}', column {column} holds {shown(odd[0])}; give text or numbers."
                    )
            indexed = [of for of in frame.index.names if of in columns and of not in frame.columns]
            schema = schemas[name]
            path = Path(folder) / (schema.path if given == name else patch_path(schema))
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
        for given, path in ((name, schema.path), (f"{name}{_PATCH}", patch_path(schema))):
            file = Path(path).name
            if (row := re.match(rf"{re.escape(file)} row (\d+)(?=[,:])", complaint)) is not None:
                return f"table '{given}' at iloc[{int(row[1]) - 2}]{complaint[row.end() :]}"
    return complaint


def _read_workbook(path: Path) -> Tables:
    """Sheets of a workbook, each a patch of the table that it is named after."""
    schemas = read_dictionary(read_package(data_folder()))
    with TemporaryDirectory() as folder:
        for name, content in sheets_of(path, schemas).items():
            place = Path(folder) / patch_path(schemas[name])
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        try:
            return read_tables(folder)
        except DataError as error:
            raise DataError(
                _of_sheets(complaint, path.name, schemas) for complaint in error.complaints
            ) from None


def _of_sheets(complaint: str, file: str, schemas: Mapping[str, TableSchema]) -> str:
    for name, schema in schemas.items():
        complaint = complaint.replace(Path(patch_path(schema)).name, f"{file}, sheet '{name}'")
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
    return list(inspect_folder(folder).errors)


def inspect_folder(folder: str | Path) -> Findings:
    """Complaints about a folder of tables, or a workbook of them, and warnings.

    Examples
    --------
    >>> inspect_folder(data_folder())
    Findings(errors=(), warnings=())
    """
    path, warnings = Path(folder), tuple[str, ...]()
    try:
        if path.suffix.casefold() == WORKBOOK and os.path.isfile(path):
            return Findings((), DataError(_shortened(list(_read_workbook(path).warnings))).complaints)
        tables, complaints = _read(path, trust=False)
        warnings = tables.warnings
        if (path / PACKAGE).is_file():
            complaints += _stale(path, tables)
    except DataError as error:
        complaints = list(error.complaints)
    return Findings(
        DataError(_shortened(complaints)).complaints, DataError(_shortened(list(warnings))).complaints
    )


def _shortened(complaints: list[str]) -> list[str]:
    more = len(complaints) - _MAX_COMPLAINTS
    return complaints if more <= 0 else [*complaints[:_MAX_COMPLAINTS], f"... and {more} more."]


def _read(folder: Path, *, trust: bool) -> tuple[Tables, list[str]]:
    """Tables and complaints.

    With ``trust``, bundled tables that have not changed are not checked again: their hashes say that they
    are those that the tests checked.
    """
    shipped = data_folder()
    if not os.path.isdir(folder):
        raise DataError(f"{folder}: there is no such folder.")
    package = read_package(shipped)
    schemas = read_dictionary(package)
    own = folder.resolve() == shipped.resolve()
    complaints = _unknown_files(folder, schemas, other_files(package))
    frames: dict[str, pd.DataFrame] = {}
    from_patch: dict[str, list[int]] = {}
    hashes, origins, warnings = {}, {}, list[str]()
    for name, schema in schemas.items():
        source, patch, origins[name] = _source_of(folder, shipped, schema, own=own)
        users = not own and origins[name] != "shipped"
        if patch is not None:
            table, hashes[name], found, from_patch[name] = _read_patched(
                source, patch, schema, frames.get("countries")
            )
        else:
            table, hashes[name], found = _read_table(
                source, schema, frames.get("countries"), trust=trust or not (users or own)
            )
        complaints += found.errors
        warnings += found.warnings
        if not found.errors:
            frames[name] = table
            broken, odd = check_rules(table, schema) if users else ([], [])
            complaints += [of_patch(told, schema, {}) if patch else told for told in broken]
            warnings += [of_patch(told, schema, {}) if patch else told for told in odd]
        if users and schema.record:
            warnings.append(f"{schema.file} is a record that no run reads; it changes nothing.")
    if not own and not complaints and all(origin == "shipped" for origin in origins.values()):
        complaints.append(
            f"{folder}: no table was found in it; tables go where the shipped ones are, such as "
            f"{next(iter(schemas.values())).path}."
        )
    if own and trust and all(hashes[name] == schema.sha256 for name, schema in schemas.items()):
        return Tables(folder, frames, hashes, origins), complaints
    full, frames = frames, _reduced(frames, schemas, origins, from_patch)
    together = _check_together(frames, schemas, shipped)
    complaints += together.errors
    warnings += together.warnings
    left_out: frozenset[str] = frozenset()
    if not complaints:
        left_out = _left_out(full, frames, shipped / schemas["countries"].path)
    return Tables(folder, frames, hashes, origins, left_out, tuple(warnings)), complaints


def _source_of(
    folder: Path, shipped: Path, schema: TableSchema, *, own: bool
) -> tuple[Path, Path | None, str]:
    """File of a table, the patch to it, and its origin. ``own``: the folder is that of the shipped tables."""
    place, patch = folder / schema.path, folder / patch_path(schema)
    if own:
        return place, None, "shipped"
    # Whatever stands at the place of a table must be one: a broken link is not a missing file.
    there, patches = os.path.lexists(place), os.path.lexists(patch)
    # What the user's own tables and rows name must be there; shipped rows give way.
    origin = str(place) if there else _PATCHED if patches else "shipped"
    return place if there else shipped / schema.path, patch if patches else None, origin


def _read_table(
    path: Path, schema: TableSchema, countries: pd.DataFrame | None, *, trust: bool
) -> tuple[pd.DataFrame, str, Findings]:
    """Table, hash and findings of a file; a file with the hash of a valid one is only parsed if trusted."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # reading it might wait for ever
        return pd.DataFrame(), "", Findings((f"{schema.path} cannot be read: it is a pipe or a device.",))
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return pd.DataFrame(), "", Findings((f"{schema.path} cannot be read: {reason}.",))
    found = hashlib.sha256(content).hexdigest()
    if trust and found == schema.sha256:
        return read_valid(content, schema), found, Findings()
    table, errors, warnings = parse_table(content, schema)
    if len(table):
        codes, names = ([], []) if countries is None else (list(countries[c]) for c in ("country", "name"))
        table, wrong = check_rows(table, schema, codes, names)
        errors += wrong
    return table, found, Findings(tuple(errors), tuple(warnings))


def _read_patched(
    source: Path, patch: Path, schema: TableSchema, countries: pd.DataFrame | None
) -> tuple[pd.DataFrame, str, Findings, list[int]]:
    """A table with the rows of a patch in it, and which rows these are."""
    nothing = pd.DataFrame()
    contents = []
    for path in (source, patch):
        if path.exists() and not (path.is_file() or path.is_dir()):  # reading it might wait for ever
            return nothing, "", Findings((f"{path.name} cannot be read: it is a pipe or a device.",)), []
        try:
            contents.append(path.read_bytes())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return nothing, "", Findings((f"{path.name} cannot be read: {reason}.",)), []
    codes, names = ([], []) if countries is None else (list(countries[c]) for c in ("country", "name"))
    base, errors, warnings = parse_table(contents[0], schema)
    if schema.name == "countries" and not errors:
        codes, names = list(base["country"]), list(base["name"])
    rows, wrong = read_patch(contents[1], schema, codes, names)
    errors += wrong
    if errors:
        return nothing, "", Findings(tuple(errors), tuple(warnings)), []
    cells, found = patched(by_codes(base, schema, codes, names), rows)
    told = hashlib.sha256(cells.to_csv(index=False, lineterminator="\n").encode("utf-8")).hexdigest()
    table, wrong = check_rows(cells, schema, codes, names)
    complaints = tuple(of_patch(each, schema, found) for each in wrong)
    return table, told, Findings(complaints, tuple(warnings)), list(found)


def _check_together(
    frames: Mapping[str, pd.DataFrame], schemas: Mapping[str, TableSchema], shipped: Path
) -> Findings:
    """Complaints and warnings about sound tables that do not fit each other."""
    errors, warnings = list[str](), list[str]()
    sound = {name: schemas[name] for name in frames}
    for name, schema in sound.items():
        errors += check_references(schema, frames[name], frames)
    whole = not errors
    for name, schema in sound.items():
        if "countries" in frames:
            needed, wanted = check_every(frames[name], schema, list(frames["countries"]["country"]))
            errors += needed
            warnings += wanted
    # The estimates of 2019 are made from the other tables: while they are, they may be missing.
    if whole and {"adoption", "markets"} <= set(schemas):
        errors += check_complete(frames, pd.read_csv(shipped / schemas["parameters"].path))
        warnings += check_plausible(frames)
    return Findings(tuple(errors), tuple(warnings))


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


def _unknown_files(folder: Path, schemas: Mapping[str, TableSchema], others: Sequence[str]) -> list[str]:
    """Complaints about files that are not tables of the dictionary: a misspelt name would be ignored."""
    known = {path for schema in schemas.values() for path in (schema.path, patch_path(schema))}
    missing = {
        schema.file: schema.path for schema in schemas.values() if not os.path.lexists(folder / schema.path)
    }
    complaints = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name in known or name in others or name.split("/")[0] in _BESIDE_TABLES or path.is_dir():
            continue
        meant = missing.get(f"{path.name.split('.')[0].casefold()}.csv")
        if path.suffix == ".csv":
            same = next((table for table in known if Path(table).name == path.name), None)
            hint = f"; did you mean '{same}'?" if same else nearest(name, known)
            hint = hint or "; see docs/data.md for the names of tables"
            complaints.append(f"{name}: this file is not one of the tables{hint}.")
        elif meant and path.name.casefold().endswith(_LIKE_TABLES):
            complaints.append(f"{name} is not read; if it is the table '{meant}', save it there as CSV.")
    return complaints


def _reduced(
    frames: dict[str, pd.DataFrame],
    schemas: Mapping[str, TableSchema],
    origins: Mapping[str, str],
    from_patch: Mapping[str, list[int]],
) -> dict[str, pd.DataFrame]:
    """Drop rows of shipped tables that refer to countries or vendors the user does not have.

    What the user's own rows refer to must be there: they stay, and are complained of.
    """
    reduced = dict(frames)
    for name, schema in schemas.items():
        if name not in frames or origins[name] not in ("shipped", _PATCHED):
            continue
        users = frames[name].index.isin(from_patch.get(name, []))
        for column in schema.columns:
            refers = column.refers
            if refers is not None and refers[0] in frames and origins[refers[0]] != "shipped":
                values = reduced[name][column.name]
                valid = frames[refers[0]][refers[1]]
                kept = values.isna() | values.isin(valid) | users
                if column.required:
                    reduced[name], users = reduced[name][kept].reset_index(drop=True), users[kept]
                else:  # a vendor stays, though its home is not among the user's countries
                    reduced[name] = reduced[name].assign(**{column.name: values.where(kept)})
    return reduced


def _stale(folder: Path, tables: Tables) -> list[str]:
    """Complaints about files that differ from what the folder's own dictionary says."""
    told = read_hashes(read_package(folder))
    return [
        f"{schema.file}: its content is not what {PACKAGE} says (sha256 begins {found[:12]}, not "
        f"{told[schema.path][:12]}); describe the new content there."
        for name, schema in read_dictionary(read_package(data_folder())).items()
        if schema.path in told
        and tables.origins[name] != _PATCHED
        and (found := tables.hashes[name]) != told[schema.path]
    ]
