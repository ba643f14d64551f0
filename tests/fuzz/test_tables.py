"""Every table, spoilt in every way that files are spoilt: it is told in sentences, or it runs."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble.inspection import inspect_data
from standards_net.files import data_folder
from standards_net.tables import inspect_folder, read_tables
from standards_net.tables.check import check_references, check_rows, parse_table
from standards_net.tables.dictionary import read_dictionary, read_package
from standards_net.tables.rules import check_rules

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::standards_net.StandardsNetWarning")]

SCHEMAS = read_dictionary(read_package(data_folder()))
FRAMES = read_tables().frames
CODES, NAMES = list(FRAMES["countries"]["country"]), list(FRAMES["countries"]["name"])
LARGE = 60  # rows: the others are checked by the same code, and take time
LONGEST = 2100  # characters of a complaint


def rows_of(name):
    text = (data_folder() / SCHEMAS[name].path).read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def written(rows, **options) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n", **options).writerows(rows)
    return buffer.getvalue().encode("utf-8")


CELLS = {
    "empty": "",
    "a word": "much",
    "no number": "nan",
    "infinite": "inf",
    "beyond floats": "1e999",
    "huge": "1e308",
    "below zero": "-1e307",
    "a fraction": "0.5000001",
    "spaces": " x ",
    "a decimal comma": "3,5",
    "a control character": "a\x07b",
    "an escape": "\x1b[31mred",
    "turned": "a\u202eb",
    "two lines": "a\nb",
    "a separator of lines": "a\u2028b",
    "a formula": "=1+1",
    "braces": "{0.__class__}",
    "markup": "[/red]",
    "mathematics": r"x$\frac{$y",
    "an odd date": "13/07/2020",
    "no date": "2020-02-31",
    "long": "x" * 200_000,
    "another code": "GER",
    "a word for a code": "Vietnam",
    "a truth": "true",
    "hexadecimal": "0x10",
    "a zero byte": "a\x00b",
}


def folder_with(tmp_path, name, content: bytes):
    folder = tmp_path / "own"
    shutil.rmtree(folder, ignore_errors=True)
    path = folder / SCHEMAS[name].path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return folder


def sentences_of(found) -> None:
    for sentence in found:
        assert len(sentence) < LONGEST
        assert sentence.isprintable()
        assert sentence.endswith((".", "?"))


def complaints_of(name, content: bytes) -> set[str]:
    """What the door that all tables pass complains of in a file."""
    schema = SCHEMAS[name]
    table, errors, warnings = parse_table(content, schema)
    if len(table):
        table, wrong = check_rows(table, schema, CODES, NAMES)
        errors = [*errors, *wrong]
    if not errors:
        broken, odd = check_rules(table, schema)
        errors, warnings = [*broken, *check_references(schema, table, FRAMES)], [*warnings, *odd]
    sentences_of([*errors, *warnings])
    assert len(errors) < 400
    return set(errors)


def checked(folder) -> str:
    """``told``, or ``accepted``: then it can be read."""
    found = inspect_folder(folder)
    sentences_of((*found.errors, *found.warnings))
    assert len(found.errors) <= 60
    if found.errors:
        return "told"
    sn.load_world(folder)
    return "accepted"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_column_with_every_odd_cell(name):
    rows, counts, random = rows_of(name), Counter(), np.random.default_rng(14)
    if len(rows) > LARGE:
        rows = rows[:LARGE]
    as_it_is = complaints_of(name, written(rows))  # sums are not whole where a part is taken
    for at in range(len(rows[0])):
        for cell in CELLS.values():
            row = 1 + int(random.integers(len(rows) - 1))
            kept, rows[row] = rows[row], [*rows[row][:at], cell, *rows[row][at + 1 :]]
            counts["told" if complaints_of(name, written(rows)) - as_it_is else "accepted"] += 1
            rows[row] = kept
    print(f"\n{name}: {dict(counts)} of {sum(counts.values())} cells")
    assert counts["told"] > 0.4 * sum(counts.values())


FILES = {
    "cut": lambda b, r: b[: int(r.integers(len(b)))],
    "cut in a line": lambda b, r: b[: len(b) - 1 - int(r.integers(1, 40))],
    "a bit flipped": lambda b, r: (
        (at := int(r.integers(len(b)))) is None
        or b[:at] + bytes([b[at] ^ (1 << int(r.integers(8)))]) + b[at + 1 :]
    ),
    "bytes of no text": lambda b, r: b[:50] + b"\xff\xfe\x80" + b[50:],
    "UTF-16": lambda b, _: b.decode("utf-8").encode("utf-16"),
    "Latin 1": lambda b, _: b.decode("utf-8").replace("a", "\xe4").encode("latin-1", "replace"),
    "with a mark": lambda b, _: b"\xef\xbb\xbf" + b,
    "lines of Windows": lambda b, _: b.replace(b"\n", b"\r\n"),
    "lines of old Macs": lambda b, _: b.replace(b"\n", b"\r"),
    "a mark of quotation": lambda b, r: b.replace(b",", b',"', 1 + int(r.integers(3))),
    "nothing": lambda _, __: b"",
    "a blank line": lambda b, _: b + b"\n\n",
    "zeros": lambda b, _: bytes(len(b)),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_file_damaged_as_files_are(tmp_path, name):
    whole, random, counts = (
        (data_folder() / SCHEMAS[name].path).read_bytes(),
        np.random.default_rng(3),
        Counter(),
    )
    for damage in FILES.values():
        counts[checked(folder_with(tmp_path, name, damage(whole, random)))] += 1
    for delimiter in ";\t|" if len(SCHEMAS[name].columns) > 1 else "":
        content = written(rows_of(name), delimiter=delimiter)
        (complaint,) = inspect_folder(folder_with(tmp_path, name, content)).errors
        assert "cells are separated by" in complaint
        counts["told"] += 1
    rows = rows_of(name)
    for change in (
        [row[:-1] for row in rows], [[*row, row[0]] for row in rows], [*rows, rows[-1]], rows[:1],
        [row[::-1] for row in rows], [[c.upper() for c in rows[0]], *rows[1:]],
    ):  # fmt: skip
        counts["told" if complaints_of(name, written(change)) else "accepted"] += 1
    print(f"\n{name}: {dict(counts)} of {sum(counts.values())} files")
    assert counts["told"] > 5


def test_what_check_accepts_runs(tmp_path):
    """Worlds of a part of the economies, and of changed figures, that no complaint is made of."""
    random, counts = np.random.default_rng(7), Counter()
    header, *rows = rows_of("countries")
    gdp = header.index("gdp_usd")
    for case in range(12):
        kept = [r for r in rows if r[0] in ("USA", "CHN", "JPN") or random.random() < 0.1 + 0.07 * case]
        for row in kept:
            row[gdp] = str(max(1, int(float(row[gdp]) * random.uniform(0.5, 2.0))))
        folder = folder_with(tmp_path, "countries", written([header, *kept]))
        found = inspect_data(folder)
        if found.errors:
            counts["told"] += 1
            continue
        result = sn.run(sn.load_world(folder), ["silos", "status-quo-2019"], draws=2, rng=case, until=2022)
        assert np.isfinite(result.values("market_fragmentation")).all()
        counts["ran"] += 1
    print(f"\nworlds of some economies: {dict(counts)} of 12")
    assert counts["ran"] > 6
