"""The command line: exit codes, files, pipes, help."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import networkx
import pytest

import standards_net as sn
from standards_net.files import data_folder

pytestmark = pytest.mark.slow  # each call starts a new interpreter


def call(*arguments, stdin="", cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "standards_net", *arguments],
        input=stdin, capture_output=True, text=True, check=False, cwd=cwd,
    )  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ran")
    done = call(
        "run", "status-quo-2019", "silos", "--draws", "4", "--until", "2023", "--out", str(folder),
        "--format", "csv",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done


def test_run_writes_files_and_prints_a_table(ran):
    folder, done = ran
    assert {p.name for p in folder.iterdir()} == {"result.nc", "summary.csv", "iamc.csv"}
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["scenario"] for row in rows} == {"status-quo-2019", "silos"}
    assert all(float(row["low"]) <= float(row["median"]) <= float(row["high"]) for row in rows)
    assert "written" in done.stderr


def test_run_reads_standard_input():
    text = 'name = "mine"\ntitle = "Mine"\nextends = "silos"\n'
    done = call("run", "-", "--draws", "2", "--until", "2021", "--format", "json", stdin=text)
    assert done.returncode == 0, done.stderr
    assert {row["scenario"] for row in json.loads(done.stdout)} == {"mine"}


def test_compare():
    done = call("compare", "one-standard", "silos", "--draws", "4", "--until", "2023", "--format", "json")
    rows = json.loads(done.stdout)
    assert all(row["share_above_zero"] == 1.0 for row in rows if row["measure"] == "beta")


@pytest.mark.parametrize(("kind", "name"), [("map", "m.svg"), ("fan", "f.png"), ("network", "n.png")])
def test_draw(ran, tmp_path, kind, name):
    done = call("draw", str(ran[0]), "--out", str(tmp_path / name), "--kind", kind, "--scenario", "silos")
    assert done.returncode == 0, done.stderr
    head = (tmp_path / name).read_bytes()[:8]
    assert head == b"\x89PNG\r\n\x1a\n" or head.startswith(b"<?xml")
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_scenarios_and_schema():
    assert "silos" in call("scenarios", "--format", "csv").stdout
    assert json.loads(call("scenarios", "silos").stdout)["name"] == "silos"
    assert json.loads(call("scenarios", "--schema").stdout)["title"] == "ScenarioFile"


def test_info():
    facts = json.loads(call("info", "--json").stdout)
    assert facts["economies"] == 196
    assert facts["standards_net"] == sn.__version__


def test_check(tmp_path):
    good = call("check", "silos.toml", cwd=sn.files.data_folder() / "scenarios")
    assert good.returncode == 0, good.stderr
    (tmp_path / "bad.toml").write_text('name = "x"\n')
    bad = call("check", str(tmp_path / "bad.toml"))
    assert bad.returncode == 1
    assert bad.stderr.strip() == "standards-net: bad.toml: title is missing."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "silo"), "unknown scenario 'silo'; did you mean 'silos'?"),
        (("run", "silos", "--draws", "0"), "Invalid value for '--draws'"),
        (("compare", "silos"), "name a baseline and at least one scenario"),
        (("draw", "none.npz", "--out", "x.html"), "none.npz: there is no such file."),
        (("run", "silos", "--data", "nowhere"), "nowhere: there is no such folder."),
        (("frobnicate",), "No such command 'frobnicate'"),
    ],
)
def test_a_users_mistake_is_one_sentence_and_exit_code_2(arguments, sentence):
    done = call(*arguments)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_draw_complaints(ran, tmp_path):
    for extra, sentence in (
        (["--out", "x.pdf"], "x.pdf: a network is written as .html, .png or .svg"),
        (["--out", "x.png", "--kind", "maps"], "unknown kind of picture 'maps'; did you mean 'map'?"),
        (["--out", "x.png", "--scenario", "silo"], "unknown scenario 'silo'; did you mean 'silos'?"),
        (["--out", "x.png", "--kind", "map", "--year", "1999"], "unknown year '1999'"),
    ):
        done = call("draw", str(ran[0]), *extra, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert sentence in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_result(tmp_path):
    (tmp_path / "x.npz").write_bytes(b"nothing")
    done = call("draw", str(tmp_path / "x.npz"), "--out", str(tmp_path / "x.html"))
    assert done.returncode == 2
    assert "x.npz is not a saved result" in done.stderr


@pytest.mark.parametrize("command", ["run", "compare", "draw", "check", "info", "scenarios", "study"])
def test_help_shows_an_example(command):
    done = call(command, "--help")
    assert done.returncode == 0
    assert "standards-net " + command in done.stdout


def test_no_bar_where_there_is_no_terminal(ran):
    """At most whole lines, every few seconds of a run that lasts."""
    assert "\r" not in ran[1].stderr
    assert "\x1b" not in ran[1].stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "silos", "--draws", "2", "--until", "2020", "--out", "taken"),
        ("run", "silos", "--draws", "2", "--until", "2020", "--out", "taken/below"),
        ("study", "--draws", "2", "--out", "taken"),
    ],
)
def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(arguments, tmp_path):
    (tmp_path / "taken").write_text("a file")
    done = call(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert not done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]


def test_files_of_a_run_appear_together_or_not_at_all(tmp_path):
    (tmp_path / "out" / "iamc.csv").mkdir(parents=True)
    done = call("run", "silos", "--draws", "2", "--until", "2020", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "iamc.csv cannot be written: a folder of that name already exists" in done.stderr
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["iamc.csv"]


def test_a_dash_is_no_folder(tmp_path):
    done = call("run", "silos", "--draws", "2", "--out", "-", cwd=tmp_path)
    assert done.returncode == 2
    assert "'-' is not a folder" in done.stderr
    assert not list(tmp_path.iterdir())


def test_tables_for_people_name_scenarios_and_measures_in_full():
    done = call("compare", "status-quo-2019", "bipolar-free-nonaligned", "--draws", "2", "--until", "2021")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("bipolar-free-nonaligned") == 5
    assert "interoperability_loss: share of world exchange" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_check_and_run_agree_on_what_a_scenario_is(tmp_path):
    text = 'name = "mine"\ntitle = "Mine"\n[parameters]\nlockin = 1.0\n'
    (tmp_path / "plain").write_text(text)
    for command in (("check", "plain"), ("run", "plain", "--draws", "2")):
        done = call(*command, cwd=tmp_path)
        assert done.returncode == (1 if command[0] == "check" else 2)
        assert "unknown parameter 'lockin'; did you mean 'lock_in'?" in done.stderr
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + b'name = "mine"\ntitle = "Mine"\n')
    assert call("check", "bom.toml", cwd=tmp_path).returncode == 0
    assert call("check", "silos").returncode == 0
    assert "no such folder, scenario file or shipped scenario" in call("check", "silo").stderr


def test_a_smaller_world_says_whom_it_leaves_out(tmp_path):
    text = (sn.files.data_folder() / "countries" / "countries.csv").read_text(encoding="utf-8").splitlines()
    kept = [text[0], *(line for line in text[1:] if line[:3] in {"USA", "CHN", "JPN", "DEU", "KEN"})]
    (tmp_path / "countries").mkdir()
    (tmp_path / "countries" / "countries.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    done = call("run", "silos", "--draws", "2", "--until", "2020", "--data", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "these tables leave out" in done.stderr
    assert call("check", "silos", "--data", str(tmp_path)).returncode == 0


def test_json_lines_of_what_is_asked_for():
    asked = ("--draws", "4", "--until", "2024", "--format", "jsonl")
    done = call(
        "run", "silos", *asked, "--country", "KEN", "--country", "DEU", "--measure", "share", "--measure",
        "cost_usd", "--year", "2022", "--year", "2024",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["country"] for row in rows} == {"KEN", "DEU"}
    assert {row["year"] for row in rows} == {2022, 2024}
    assert {row["measure"] for row in rows} == {"share", "cost_usd"}
    result = sn.run(sn.load_world(), "silos", draws=4, rng=2019, until=2024)
    table = result.shares("KEN", technology="iot").set_index(["year", "standard"])
    (row,) = (
        r for r in rows
        if (r["country"], r["technology"], r["year"], r["label"]) == ("KEN", "iot", 2024, "china")
    )  # fmt: skip
    assert row["median"] == pytest.approx(table.loc[(2024, "china"), "median"])
    world = call("run", "silos", *asked, "--measure", "gamma", "--year", "2023")
    rows = [json.loads(line) for line in world.stdout.splitlines()]
    assert [(row["technology"], row["year"], row["measure"]) for row in rows] == [
        (technology, 2023, "gamma") for technology in ("radio", "core", "iot")
    ]


def test_json_scenarios_are_read_as_they_are_printed(tmp_path):
    printed = call("scenarios", "silos").stdout
    (tmp_path / "mine.json").write_text(printed)
    asked = ("--draws", "2", "--until", "2021", "--format", "csv")
    bundled = call("run", "silos", *asked)
    for done in (call("run", str(tmp_path / "mine.json"), *asked), call("run", "-", *asked, stdin=printed)):
        assert done.returncode == 0, done.stderr
        assert done.stdout == bundled.stdout
    assert call("check", str(tmp_path / "mine.json")).returncode == 0
    for wrong, told in [
        ('{"name": "x", "name": "y"}', "bad.json: key 'name' is given twice."),
        ('{"name": ', "bad.json is not valid JSON: Expecting value (line 1, column 10)."),
        ("[1]", "bad.json is [1]; a scenario is a JSON object with name and title."),
    ]:
        (tmp_path / "bad.json").write_text(wrong)
        assert call("check", str(tmp_path / "bad.json")).stderr == f"standards-net: {told}\n"


def test_streamed_in_processes_and_gone_on_with(tmp_path):
    asked = ("run", "silos", "one-standard", "--draws", "300", "--until", "2021", "--format", "csv")
    whole = call(*asked)
    store = ("--stream", str(tmp_path / "r.zarr"))
    done = call(*asked, *store, "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == whole.stdout
    again = call(*asked, *store)
    assert again.returncode == 2
    assert again.stderr == f"standards-net: {tmp_path / 'r.zarr'} exists; name another place, or remove it.\n"
    assert call(*asked, *store, "--resume").stdout == whole.stdout
    other = call(*asked, "--rng", "3", *store, "--resume")
    assert other.returncode == 2
    assert "r.zarr holds another run; name another place, or remove it." in other.stderr
    in_memory = call(*asked, "--workers", "2")
    assert in_memory.stdout == whole.stdout


def test_what_is_misspelt_is_told_before_the_run(tmp_path):
    for asked, told in [
        (("--measure", "betta"), "unknown measure 'betta'; did you mean 'beta'?"),
        (("--country", "DEW"), "unknown country 'DEW'"),
        (("--year", "2050"), "year 2050 is not among the years 2019 to 2040 of the run."),
    ]:
        done = call("run", "silos", "--draws", "100000000", *asked, "--out", str(tmp_path / "o"))
        assert done.returncode == 2
        assert told in done.stderr
        assert not (tmp_path / "o").exists()


def test_workers_end_with_a_command_that_is_killed(tmp_path):
    asked = ("run", "silos", "--draws", "100000", "--stream", str(tmp_path / "r.zarr"), "--workers", "2")
    with subprocess.Popen([sys.executable, "-m", "standards_net", *asked]) as command:
        children: list[str] = []
        for _ in range(200):
            time.sleep(0.1)
            found = subprocess.run(
                ["ps", "--ppid", str(command.pid), "-o", "pid="], capture_output=True, text=True, check=False
            )
            children = found.stdout.split()
            if (
                len(children) >= 3 and (tmp_path / "r.zarr").exists()
            ):  # two workers, and what counts semaphores
                break
        command.kill()
    assert len(children) >= 2
    for _ in range(100):
        time.sleep(0.1)
        left = subprocess.run(
            ["ps", "-o", "pid=", "-p", ",".join(children)], capture_output=True, check=False
        )
        if left.returncode:
            break
    assert left.returncode, left.stdout


def test_a_graph_of_a_year(ran, tmp_path):
    done = call(
        "graph", str(ran[0]), "--scenario", "silos", "--year", "2022", "--out", str(tmp_path / "g.graphml")
    )
    assert done.returncode == 0, done.stderr
    graph = networkx.read_graphml(tmp_path / "g.graphml")
    assert graph.nodes["KEN"]["name"] == "Kenya"
    wrong = call("graph", str(ran[0]), "--scenario", "silo", "--out", str(tmp_path / "x.graphml"))
    assert wrong.stderr == "standards-net: unknown scenario 'silo'; did you mean 'silos'?\n"


def test_a_study_of_a_world_that_it_is_not_about_is_refused_at_once(tmp_path):
    countries = tmp_path / "data" / "countries"
    countries.mkdir(parents=True)
    text = (data_folder() / "countries" / "countries.csv").read_text(encoding="utf-8")
    (countries / "countries.csv").write_text("".join(text.splitlines(keepends=True)[:30]))
    done = call("study", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "the study is about USA among others, which this world leaves out." in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("arguments", ["scenarios", "info", "run silos --draws 1 --until 2020"])
def test_an_output_that_is_full_is_told(arguments):
    command = [sys.executable, "-m", "standards_net", *arguments.split()]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1] == "standards-net: the output: no space left on device."


def test_compiled_loops_that_cannot_be_read_are_done_without(tmp_path):
    """As a disk that was full, or a kill, leaves them."""
    asked = (
        "import networkx as nx, standards_net as sn\n"
        "graph = nx.path_graph(6)\n"
        "start = {node: 'ab'[node % 2] for node in graph}\n"
        "for process in (sn.processes.voter(), sn.processes.heat_bath(1.0)):\n"
        "    print(sn.diffuse(graph, process, initial=start, steps=5, rng=1).counts.tolist())\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def run():
        command = [sys.executable, "-c", asked]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    first = run()
    kept = [path for path in tmp_path.rglob("*") if path.suffix in (".nbi", ".nbc")]
    assert kept
    for number, path in enumerate(kept):
        path.write_bytes(path.read_bytes()[: 40 * (number % 2)])
    second = run()
    assert second.returncode == 0, second.stderr
    assert second.stdout == first.stdout
    assert second.stderr.count("compiled loops on disk cannot be read") == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("loop.toml", "cannot be read: too many levels of symbolic links."),
        ("x" * 3000 + ".toml", "file name too long."),
        ("folder.toml", "is a folder; a scenario, .toml or .json, is one file."),
        ("none.toml", "there is no such file."),
        ("broken.toml", "is not UTF-8"),
    ],
)
@pytest.mark.parametrize("command", ["check", "run"])
def test_odd_paths_are_told(tmp_path, command, name, sentence):
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "broken.toml").write_bytes(b"\xff\xfe\x00n")
    done = call(command, str(tmp_path / name))
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 8000
    assert sentence in done.stderr or (command == "check" and "folder" in name)


def test_briefs(tmp_path):
    asked = ("--draws", "2", "--until", "2021", "--out", str(tmp_path / "b"))
    done = call("brief", "viet nam", "silos", *asked)
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith(f"begin with {tmp_path / 'b' / 'brief_VNM.html'}\n")
    done = call("brief", "--all", "silos", *asked)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "b").iterdir())) == 197
    for wrong, told in (
        (("brief",), "name a country, such as DEU, or ask for --all."),
        (("brief", "DEU", "silo"), "did you mean 'silos'?"),
        (("brief", "UKR", "silos", "--baseline", "nothing"), "unknown scenario 'nothing'"),
        (("brief", "RSA"), "RSA"),
    ):
        done = call(*wrong, "--out", str(tmp_path / "none"))
        assert done.returncode == 2
        assert told in done.stderr
        assert not (tmp_path / "none").exists()


def test_reports(tmp_path):
    asked = ("--quick", "--draws", "2", "--until", "2021", "--out", str(tmp_path / "r"))
    done = call("report", "silos", *asked)
    assert done.returncode == 0, done.stderr
    assert f"begin with {tmp_path / 'r' / 'report.html'}" in done.stderr
    assert {path.name for path in (tmp_path / "r").iterdir()} == {
        "report.html", "tables.xlsx", "tables", "figures",
    }  # fmt: skip
    for wrong, told in (
        (("report",), "Missing argument"),
        (("report", "silos", "--baseline", "silo"), "did you mean 'silos'?"),
        (("report", "silos", "silos"), "scenario 'silos' is given twice"),
        (("report", "silos", "--until", "2018"), "2020"),
    ):
        done = call(*wrong, "--out", str(tmp_path / "none"))
        assert done.returncode == 2
        assert told in done.stderr
        assert not (tmp_path / "none").exists()
