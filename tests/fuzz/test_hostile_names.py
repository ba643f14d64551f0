"""Names that are code, markup, formulas or mathematics elsewhere, through every output: shown, never run."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import standards_net as sn
from standards_net.drawing.charts import diagrams, figures
from standards_net.results import write_graph

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]

HOSTILE = (
    "{value}", "{0.__class__}", "{{7*7}}", "%s %(x)s", r"x$\frac{$y", "US$ 5 and US$ 6", "[/red]", "[bold]b",
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "a|b", "&amp;<&>", "`rm`", "-->", "]]>", "'); DROP TABLE", "\\n\\t",
    "{% raw %}", "#REF!", "‮", "zero​width",
)  # fmt: skip
INVISIBLE = ("a\x1b[31mb", "a\x07b", "a\x00b", "a\nb", "a\tb", "turn\u202eed", "a\u2028b", "a\ufeffb")
PRINTABLE = tuple(name for name in HOSTILE if name.isprintable())


def renamed(path: str, column: str, names) -> pd.DataFrame:
    from standards_net.files import data_folder

    table = pd.read_csv(data_folder() / path, keep_default_na=False, na_values=[""])
    at = np.arange(len(table)) % len(names)
    numbers = [str(row) if row >= len(names) else "" for row in range(len(table))]  # names are unique
    return table.assign(**{column: [f"{names[k]}{number}" for k, number in zip(at, numbers, strict=True)]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Countries, vendors, standards and technologies by hostile names."""
    place = tmp_path_factory.mktemp("hostile")
    for path, column in (
        ("countries/countries.csv", "name"), ("vendors/vendors.csv", "name"),
        ("vendors/standards.csv", "name"), ("model/technologies.csv", "name"),
    ):  # fmt: skip
        (place / path).parent.mkdir(exist_ok=True)
        renamed(path, column, PRINTABLE).to_csv(place / path, index=False, lineterminator="\n")
    (place.parent / "mine.toml").write_text(
        f"name = 'mine'\ntitle = '''{PRINTABLE[4]} {PRINTABLE[6]} {PRINTABLE[12]} {PRINTABLE[2]}'''\n"
        "extends = 'silos'\n"
    )
    return place


@pytest.fixture(scope="module")
def result(folder) -> sn.Result:
    asked = {"draws": 2, "rng": 1, "until": 2021, "technologies": "radio"}
    return sn.run(sn.load_world(folder), [str(folder.parent / "mine.toml"), "three-poles"], **asked)


@pytest.fixture(scope="module")
def file(result, tmp_path_factory) -> Path:
    return result.save(tmp_path_factory.mktemp("r") / "r.nc")


def call(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "standards_net", *map(str, arguments)], capture_output=True, check=False
    )
    out, told = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert done.returncode == 0, told[-500:]
    for text in (out, told):
        assert all(c.isprintable() or c in "\n\r\xa0" for c in text), repr(text[:200])
    return out


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
@pytest.mark.parametrize(
    "command",
    [
        ("run", "MINE", "--draws", 2, "--until", 2021),
        ("run", "MINE", "--draws", 2, "--until", 2021, "--country", "DEU", "--country", "AFG"),
        ("compare", "MINE", "three-poles", "--draws", 2, "--until", 2021),
        ("scenarios",),
    ],
)
def test_tables_on_the_command_line(folder, command, form):
    arguments = [folder.parent / "mine.toml" if part == "MINE" else part for part in command]
    more = () if command == ("scenarios",) else ("--data", folder)
    out = call(*arguments, *more, "--format", form)
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(out)) for cell in row]
        assert not [c for c in cells if c.startswith(("=", "+", "@")) and not is_number(c)]
    if form == "json":
        json.loads(out)
    if form == "jsonl":
        [json.loads(line) for line in out.splitlines()]


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_facts_checks_and_files(folder, tmp_path):
    call("info", "--data", folder)
    call("info", "--json", "--data", folder)
    call("check", folder)
    call("check", folder.parent / "mine.toml", "--data", folder)
    mine, small = folder.parent / "mine.toml", ("--draws", 2, "--until", 2021)
    call("run", mine, *small, "--data", folder, "--out", tmp_path)
    for name in ("summary.csv", "iamc.csv"):
        assert pd.read_csv(tmp_path / name).shape[0] > 10


GAME = ("--draws", 2, "--until", 2022, "--technology", "radio")
OTHERS = {
    "sides": ("sides", "--format", "csv"),
    "sensitivity": ("sensitivity", "silos", "--base", 2, "--year", 2021, "--technology", "radio"),
    "equilibria": ("equilibria", "--players", "DEU", "--players", "KOR", *GAME),
    "agreement": ("equilibria", "--agreement", "--players", "USA", "--players", "CHN", *GAME),
    "pivotal": ("pivotal", "--players", "DEU", "--players", "KOR", *GAME),
    "tipping": ("tipping", "--along", "lead", "--draws", 2),
    "landscape": ("landscape", "--world", "USA", "--world", "CHN", "--world", "DEU", "--draws", 2),
}


@pytest.mark.parametrize("command", OTHERS.values(), ids=OTHERS)
def test_games_landscapes_and_politics(folder, command, tmp_path):
    writes = ("--out", tmp_path) if command[0] in ("equilibria", "pivotal", "tipping", "landscape") else ()
    call(*command, "--data", folder, *writes)
    written = list(tmp_path.iterdir())
    assert written or not writes
    for path in written:
        if path.suffix == ".svg":
            ET.parse(path)


def test_briefs_and_reports(folder, tmp_path):
    mine, small = folder.parent / "mine.toml", ("--draws", 2, "--until", 2021, "--data", folder)
    call("brief", "DEU", mine, *small, "--out", tmp_path / "b")
    call("report", mine, "--quick", *small, "--out", tmp_path / "r")
    for path in (tmp_path / "b" / "brief_DEU.html", tmp_path / "r" / "report.html"):
        page = path.read_text(encoding="utf-8")
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert ">49<" not in page


def test_the_scorecard(folder):
    call("scorecard", "--draws", 2, "--data", folder)


def test_the_study(folder, tmp_path):
    call("study", "--draws", 2, "--data", folder, "--out", tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert ">49<" not in page
    for path in tmp_path.glob("*.csv"):
        assert pd.read_csv(path).shape[0] > 0


@pytest.mark.parametrize("kind", ["network", "map", "fan"])
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_pictures(file, tmp_path, kind, ending):
    path = tmp_path / f"p.{ending}"
    call("draw", file, "--out", path, "--kind", kind, "--scenario", "mine", "--year", 2021)
    if ending == "svg":
        tree = ET.parse(path)
        assert not [one for one in tree.iter() if one.tag.endswith("script")]


def test_pages(result, file, tmp_path):
    call("draw", file, "--out", tmp_path / "p.html")
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "{{7*7}}" in page
    assert ">49<" not in page
    shown = result._repr_html_()
    assert "<script>alert" not in shown


@pytest.mark.parametrize("ending", ["graphml", "gexf", "json"])
def test_graphs(result, file, tmp_path, ending):
    path = tmp_path / f"g.{ending}"
    call("graph", file, "--out", path, "--scenario", "mine")
    if ending == "json":
        graph = nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="edges")
    else:
        graph = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[ending](path)
    wanted = dict(zip(result.coords["country"], result["country_name"].values.tolist(), strict=True))
    key = "label" if ending == "gexf" else "name"
    names = {node: about.get("name", about.get(key)) for node, about in graph.nodes(data=True)}
    assert {code: names[code] for code in wanted} == wanted


@pytest.mark.parametrize("name", [*PRINTABLE, *INVISIBLE])
@pytest.mark.parametrize("ending", ["graphml", "gexf", "json"])
def test_graphs_of_any_names(tmp_path, name, ending):
    graph = nx.DiGraph(title=name)
    graph.add_edge("a", "b", weight=0.5, label=name)
    graph.nodes["a"]["name"] = name
    path = write_graph(graph, tmp_path / f"g.{ending}")
    if ending == "json":
        json.loads(path.read_text(encoding="utf-8"))
    else:
        ET.parse(path)


@pytest.mark.parametrize("name", [*PRINTABLE, *INVISIBLE])
def test_charts_of_any_names(name):
    """Text on every kind of chart: titles, axes, ticks, legends, cells."""
    years, band = (2019, 2020, 2021), np.arange(3.0)
    told = {"title": name, "source": name}
    charts = [
        figures.fan_chart(years, {name: (band, band, band)}, ylabel=name, **told),
        figures.interval_chart([(name, 0.1, 0.0, 0.2, 0.5)], xlabel=name, **told),
        figures.heat_map(np.eye(2), [name, "b"], colour_label=name, **told),
        figures.world_map({"DEU": name, "KEN": "b"}, {"DEU": (51.0, 10.0), "KEN": (0.0, 38.0)}, **told,
                          outlines=sn.files.data_folder() / "countries" / "outlines.geojson"),
        diagrams.matrix_chart(np.eye(2), [name, "b"], [name, "c"], marked=[0, 1], **told, colour_label=name),
    ]  # fmt: skip
    for chart in charts:
        assert figures.render(chart, ".png")[:4] == b"\x89PNG"
        ET.fromstring(figures.render(chart, ".svg"))


def test_dollars_are_dollars():
    """matplotlib would take what stands between two of them as mathematics, and drop them."""
    chart = figures.heat_map(
        np.eye(2),
        ["US$ 5 and US$ 6", "b"],
        title="US$ 1 and US$ 2",
        colour_label="US$ 3 and US$ 4",
        source="s",
    )
    svg = figures.render(chart, ".svg").decode("utf-8")
    for text in ("US$ 5 and US$ 6", "US$ 1 and US$ 2", "US$ 3 and US$ 4"):
        assert text in svg.replace(r"\$", "$")  # matplotlib writes each text beside its outlines


@pytest.mark.parametrize("name", INVISIBLE)
def test_tables_do_not_take_what_cannot_be_seen(name):
    table = renamed("countries/countries.csv", "name", (name, "b", "c"))
    with pytest.raises(sn.DataError) as caught:
        sn.load_world({"countries": table})
    assert str(caught.value).replace("\n", "").isprintable()


@pytest.mark.parametrize("name", [*HOSTILE, *INVISIBLE])
def test_messages_repeat_names_as_text(world, name):
    entry = {"who": [name], "vendors": [name], "from": 2022}
    for ask in (
        lambda: sn.load_scenario(name),
        lambda: world.code(name),
        lambda: world.market(name),
        lambda: sn.compile_scenario(
            world,
            sn.load_scenario({"name": "a", "title": "A", "ban": [entry]}),
            "radio",
            range(2019, 2025),
        ),
        lambda: sn.run(world, "silos", draws=1, mechanism=name),
        lambda: sn.load_result(f"{name}.nc"),
    ):
        with pytest.raises(sn.StandardsNetError) as caught:
            ask()
        assert str(caught.value).replace("\n", "").isprintable(), str(caught.value)


def test_exports_keep_their_structure(result):
    table = result.to_iamc("countries")
    shares = table["variable"][table["variable"].str.contains("Installed Base Share")]
    standards = set(shares.str.split("|").str[-1])
    assert len(standards) == len(result.coords["standard"])
    assert set(table["variable"].str.count(r"\|").unique()) <= {2, 3, 4}
