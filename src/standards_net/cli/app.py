"""Commands of ``standards-net``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from standards_net.cli import (
    alignment,
    briefs,
    desk,
    evidence,
    landscapes,
    own_tables,
    politics,
    reports,
    sensitivity,
)
from standards_net.cli.console import (
    Format,
    csv_bytes,
    print_measures,
    print_table,
    progress_bar,
    say,
    world_of,
)
from standards_net.cli.interrupt import when_stopped
from standards_net.cli.options import (
    DataOption,
    DrawsOption,
    FormatOption,
    MechanismOption,
    ParametersOption,
    ScenarioArguments,
    SeedOption,
    UntilOption,
)
from standards_net.errors import Findings, StandardsNetError
from standards_net.sinks import as_json

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["app"]

_DRAWS_OF_A_PIECE = 256

app = typer.Typer(
    name="standards-net",
    help="What happens to markets, interoperability and blocs if 5G and IoT split into rival standards.",
    epilog="Begin with: standards-net scenarios; standards-net run status-quo-2019 silos",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@dataclass(frozen=True)
class _Asked:
    """What the options of ``run`` and ``compare`` say."""

    scenarios: list[str]
    draws: int
    rng: int
    until: int
    data: Path | None
    mechanism: str
    parameters: str
    workers: int = 0

    @property
    def options(self) -> dict[str, Any]:
        """Arguments of a run beside the world and the scenarios."""
        from standards_net.model import as_mechanism

        chosen = as_mechanism(self.mechanism)
        return {
            "draws": self.draws, "rng": self.rng, "parameters": self.parameters, "until": self.until,
            "mechanism": chosen,
        }  # fmt: skip


def _result(asked: _Asked, world: Any = None) -> Any:
    from standards_net import run

    options, world = asked.options, world or world_of(asked.data)
    with progress_bar("running") as progress, _processes(asked.workers) as executor:
        return run(world, asked.scenarios, executor=executor, progress=progress, **options)


def _streamed(asked: _Asked, place: Path, resume: bool) -> Any:
    """The headline measures of the last year of a run that is written to a store."""
    from standards_net import split, stream

    options, many = asked.options, -(-asked.draws // _DRAWS_OF_A_PIECE) * len(asked.scenarios)
    pieces = split(world_of(asked.data), asked.scenarios, pieces=many, **options)
    go_on = f"stopped; go on with the same command and --resume: {place} keeps what is done."
    with when_stopped(go_on), progress_bar("running") as progress, _processes(asked.workers) as executor:
        stream(pieces, place, executor=executor, resume=resume, progress=progress)
    return _headlines_of(place, asked.until)


def _headlines_of(place: Path, year: int) -> Any:
    """The headline measures of one year of a store, whatever its number of draws."""
    import xarray as xr

    from standards_net.measures import HEADLINES
    from standards_net.results import Result

    with xr.open_dataset(place, engine="zarr", mask_and_scale=False) as data:
        return Result.from_xarray(data[[*HEADLINES, "provenance"]].sel(year=[year]).load())


@contextmanager
def _processes(workers: int) -> Iterator[Executor | None]:
    """So many worker processes; none, for threads of this one, if 0."""
    if not workers:
        yield None
        return
    from standards_net.workers import worker_processes

    with worker_processes(workers) as pool:
        yield pool


@app.command(
    epilog="Examples:\n\n"
    "standards-net run core-allies-ban broad-allied-ban --draws 500 --out results/\n\n"
    "standards-net run my.toml --format csv > summary.csv\n\n"
    "standards-net run silos --country DEU --country KEN --year 2030 --format jsonl\n\n"
    "standards-net run status-quo-2019 silos --mechanism linear-threshold\n\n"
    "standards-net run silos --draws 100000 --stream silos.zarr --workers 8 --resume\n\n"
    "cat my.toml | standards-net run - --until 2030"
)
def run(
    scenarios: ScenarioArguments,
    draws: DrawsOption = 200,
    rng: SeedOption = 2019,
    until: UntilOption = 2040,
    data: DataOption = None,
    mechanism: MechanismOption = "vendor-choice",
    parameters: ParametersOption = "calibrated",
    out: Annotated[Path | None, typer.Option(help="Folder for result.nc, summary.csv and iamc.csv.")] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(help="Print this, in place of the headline measures; may be given several times."),
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="Print what is recorded of this country; likewise.")
    ] = None,
    year: Annotated[list[int] | None, typer.Option(help="Print this year, not the last; likewise.")] = None,
    stream: Annotated[
        Path | None,
        typer.Option(help="Zarr store to write to while it goes on, for more draws than fit into memory."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a store that is not finished.")
    ] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes to run in; threads of one if 0.")] = 0,
    form: FormatOption = Format.table,
) -> None:
    """Run scenarios and print the measures of the last year, with intervals."""
    from standards_net.cli.run_tables import asked_table, check_asked
    from standards_net.files import check_writable, write_together
    from standards_net.results import INTERVAL

    if stream is None and resume:
        raise typer.BadParameter("--resume goes on with a store; name it with --stream.")
    if stream is not None and (out or measure or country or year):
        raise typer.BadParameter(
            "a run that is streamed leaves a store; read it for all but the headline measures."
        )
    asked = _Asked(scenarios, draws, rng, until, data, mechanism, parameters, workers)
    title = f"{until}: median [5 %, 95 %] of {draws} draws"
    if stream is not None:
        result = _streamed(asked, stream, resume)
        _print_headlines(result.summary(), form, title)
        say(f"written: {stream}")
        return
    world = world_of(data)
    check_asked(world, until, measure or (), country or (), year or ())
    if out is not None:
        check_writable(out)
    result = _result(asked, world)
    if out is not None:
        contents = {
            "result.nc": result.to_bytes(),
            "summary.csv": csv_bytes(result.summary()),
            "iamc.csv": csv_bytes(result.to_iamc(quantiles=INTERVAL)),
        }
        say(f"written: {', '.join(str(path) for path in write_together(out, contents))}")
    if measure or country or year:
        print_table(asked_table(result, measure or (), country or (), year or ()), form)
    else:
        _print_headlines(result.summary(), form, title)


def _print_headlines(summary: Any, form: Format, title: str) -> None:
    """Headline measures only; the files hold all."""
    from standards_net.measures import HEADLINES, MEASURES

    table = summary[summary["measure"].isin(HEADLINES)].reset_index(drop=True)
    if form is Format.table:
        measures = {name: MEASURES[name] for name in HEADLINES}
        told = {name: (of.meaning, of.unit, of.undefined) for name, of in measures.items()}
        print_measures(table, told, title)
    else:
        print_table(table, form)


@app.command(
    epilog="Examples:\n\nstandards-net compare status-quo-2019 broad-allied-ban china-retaliates\n\n"
    "standards-net compare status-quo-2019 broad-allied-ban --mechanism best-response"
)
def compare(
    scenarios: Annotated[list[str], typer.Argument(help="The baseline first, then what is compared.")],
    draws: DrawsOption = 200,
    rng: SeedOption = 2019,
    until: UntilOption = 2040,
    data: DataOption = None,
    mechanism: MechanismOption = "vendor-choice",
    parameters: ParametersOption = "calibrated",
    form: FormatOption = Format.table,
) -> None:
    """Compare scenarios with the first one, draw by draw (common random numbers)."""
    if len(scenarios) < 2:
        raise typer.BadParameter("name a baseline and at least one scenario to compare with it.")
    result = _result(_Asked(scenarios, draws, rng, until, data, mechanism, parameters))
    baseline = result.coords["scenario"][0]
    title = (
        f"{until}: change from {baseline}, median [5 %, 95 %] of {draws} draws, and share of draws above 0"
    )
    _print_headlines(result.against(baseline), form, title)


@app.command(
    epilog="Examples:\n\nstandards-net draw results/ --out network.html\n\n"
    "standards-net draw results/result.nc --out map.svg --kind map --scenario silos --year 2040"
)
def draw(
    result: Annotated[Path, typer.Argument(help="A result file, or the folder that holds result.nc.")],
    out: Annotated[Path, typer.Option(help="File to write: .html, .png or .svg.")],
    kind: Annotated[str, typer.Option(help="network, map, or fan (time series of --measure).")] = "network",
    technology: Annotated[str, typer.Option(help="A technology, such as radio, core or iot.")] = "radio",
    scenario: Annotated[str | None, typer.Option(help="For static pictures; the first if left out.")] = None,
    year: Annotated[int | None, typer.Option(help="For static pictures; the last if left out.")] = None,
    measure: Annotated[str, typer.Option(help="For --kind fan.")] = "market_fragmentation",
    data: DataOption = None,
) -> None:
    """Draw a result: an interactive page that opens offline, or a static picture."""
    from standards_net import load_result, load_world
    from standards_net.drawing.result_pictures import draw_result

    loaded, world = load_result(_file_of(result)), load_world(data)
    # Own tables, or those of another version, are not at hand: all that is drawn is in the result.
    known = data is not None or world.digest == loaded.provenance["world_sha256"]
    draw_result(
        world if known else None, loaded, out,
        kind=kind, technology=technology, scenario=scenario, year=year, measure=measure,
    )  # fmt: skip
    say(f"written: {out}")


@app.command(
    epilog="Examples:\n\nstandards-net graph results/ --scenario silos --year 2030 --out silos.graphml\n\n"
    "standards-net graph results/ --scenario silos --technology iot --out silos.gexf"
)
def graph(
    result: Annotated[Path, typer.Argument(help="A result file, or the folder that holds result.nc.")],
    out: Annotated[Path, typer.Option(help="File to write: .graphml, .gexf or .json (node-link).")],
    scenario: Annotated[str | None, typer.Option(help="May be left out if there is one.")] = None,
    year: Annotated[int | None, typer.Option(help="The last if left out.")] = None,
    technology: Annotated[str, typer.Option(help="A technology, such as radio, core or iot.")] = "radio",
    min_share: Annotated[float, typer.Option(help="Leave out edges with a share up to this.")] = 0.0,
) -> None:
    """Write the mean adoption of a scenario and year as a graph for other programs."""
    from standards_net import load_result
    from standards_net.results import write_graph

    loaded = load_result(_file_of(result))
    say(f"written: {write_graph(loaded.to_networkx(scenario, year, technology, min_share), out)}")


def _file_of(path: Path) -> Path:
    """The result in a folder of results; a store is a folder too."""
    return path / "result.nc" if os.path.isdir(path) and path.suffix != ".zarr" else path


@app.command(
    epilog="Examples:\n\nstandards-net check my-tables/\n\nstandards-net check my.toml --data my-tables/\n\n"
    "cat my.toml | standards-net check -"
)
def check(
    path: Annotated[str, typer.Argument(help="A folder of tables, a scenario (file or name), or -.")],
    data: DataOption = None,
) -> None:
    """Check a data folder or a scenario: it is built, compiled and run for one draw; all is told at once."""
    found = _findings(path, data)
    for error in found.errors:
        say(f"standards-net: {error}")
    for warning in found.warnings:
        say(f"standards-net: warning: {warning}")
    if found.errors:
        raise typer.Exit(1)
    count = len(found.warnings)
    say(f"{path}: " + (f"it runs; {count} warning{'s'[: count > 1]}." if count else "no problem found."))


def _findings(path: str, data: Path | None) -> Findings:
    from standards_net import scenario_names
    from standards_net.ensemble.inspection import inspect_data, inspect_scenario

    if path not in ("-", *scenario_names()):
        if os.path.isdir(path) or (path.casefold().endswith(".xlsx") and os.path.exists(path)):
            return inspect_data(path)
        if not path.endswith((".toml", ".json")) and not os.path.exists(path):
            missing = f"{path}: there is no such folder, scenario file or shipped scenario."
            return Findings(StandardsNetError(missing).complaints)
    return inspect_scenario(world_of(data), path)


@app.command(epilog="Examples:\n\nstandards-net info\n\nstandards-net info --json > info.json")
def info(
    for_programs: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    data: DataOption = None,
) -> None:
    """Show versions, the size of the world and the hashes of its tables."""
    import platform
    from importlib.metadata import version

    from standards_net import load_world, scenario_names

    world = load_world(data)
    facts: dict[str, Any] = {
        "standards_net": version("standards-net"),
        "python": platform.python_version(),
        "economies": len(world.countries),
        "vendors": {t: list(m.vendors) for t, m in world.markets.items()},
        "standards": list(world.standards),
        "scenarios": scenario_names(),
        "tables_sha256": dict(world.hashes),
    }
    if for_programs:
        sys.stdout.write(as_json(facts, indent=1) + "\n")
        return
    for key, value in facts.items():
        lines = (
            [f"{k}: {', '.join(v) if isinstance(v, list) else v}" for k, v in value.items()]
            if isinstance(value, dict)
            else [", ".join(value) if isinstance(value, list) else str(value)]
        )
        print(f"{key:<15}", f"\n{'':<15} ".join(lines))


@app.command(epilog="Examples:\n\nstandards-net scenarios\n\nstandards-net scenarios silos")
def scenarios(
    name: Annotated[str | None, typer.Argument(help="Describe one scenario in full.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a file.")] = False,
    form: FormatOption = Format.table,
) -> None:
    """List the shipped scenarios, describe one, or print the schema of a scenario file."""
    import pandas as pd

    from standards_net import load_scenario, scenario_names
    from standards_net.scenario import json_schema

    if schema:
        sys.stdout.write(json.dumps(json_schema(), indent=1) + "\n")
    elif name is not None:
        sys.stdout.write(as_json(load_scenario(name).to_dict(), indent=1) + "\n")
    else:
        files = [load_scenario(n).file for n in scenario_names()]
        rows = [(f.name, f.title, ", ".join(f.serves)) for f in files]
        print_table(pd.DataFrame(rows, columns=["scenario", "title", "serves"]), form)


app.command(epilog=landscapes.LANDSCAPE)(landscapes.landscape)
app.command(epilog=alignment.EQUILIBRIA)(alignment.equilibria)
app.command(epilog=alignment.PIVOTAL)(alignment.pivotal)
app.command(epilog=alignment.TIPPING)(alignment.tipping)
app.command(epilog=politics.SIDES)(politics.sides)
app.command(epilog=evidence.SCORECARD)(evidence.scorecard)
app.command(epilog=sensitivity.SENSITIVITY)(sensitivity.sensitivity)
app.command(epilog=briefs.BRIEF)(briefs.brief)
app.command(epilog=reports.REPORT)(reports.report)
app.command(epilog=desk.DESK)(desk.desk)
app.command(epilog=own_tables.TEMPLATE)(own_tables.template)
app.command(epilog=own_tables.ADD_COUNTRY)(own_tables.add_country)
app.command(epilog=own_tables.ADD_VENDOR)(own_tables.add_vendor)
app.command(epilog=own_tables.REBALANCE)(own_tables.rebalance)


_STUDY_WORKERS = 4  # of a study at most, unless more are asked for


@app.command(epilog="Example:\n\nstandards-net study --out results/")
def study(
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("results"),
    draws: DrawsOption = 512,
    rng: SeedOption = 2019,
    data: DataOption = None,
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="Processes beside this one; one for each core, up to 4, if left out."),
    ] = None,
) -> None:
    """Run the Carnegie 2019 study: findings, report, network page, figures and tables."""
    from standards_net import load_world
    from standards_net.ensemble.engine import cores
    from standards_net.studies.carnegie_2019 import run_study

    processes = min(cores(), _STUDY_WORKERS) if workers is None else workers
    world = load_world(data)
    with progress_bar("Carnegie 2019") as progress:
        written = run_study(out, draws=draws, rng=rng, world=world, workers=processes, progress=progress)
    print_table(written.findings, Format.table, "Findings")
    say(f"written: {len(written.files)} files in {out}; begin with {out / 'report.html'}")
