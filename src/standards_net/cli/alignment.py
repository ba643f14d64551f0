"""Commands on alignment choices that run the model: equilibria, pivotal, tipping."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from standards_net.cli.console import Format, print_json, print_table, progress_bar, world_of
from standards_net.cli.options import (
    DataOption,
    DrawsOption,
    JsonOption,
    OutOption,
    PlayersOption,
    SeedOption,
    TechnologyOption,
    UntilOption,
)
from standards_net.cli.outputs import check_out, for_people, write_out

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from standards_net.alignment import Game, Tipping
    from standards_net.world import World

__all__ = ["EQUILIBRIA", "PIVOTAL", "TIPPING", "equilibria", "pivotal", "tipping"]

EQUILIBRIA = (
    "Examples:\n\nstandards-net equilibria\n\nstandards-net equilibria --forced --country DEU\n\n"
    "standards-net equilibria --agreement --out results/\n\n"
    "standards-net equilibria --players EU --followers trade --draws 64 --json"
)
PIVOTAL = (
    "Examples:\n\nstandards-net pivotal\n\nstandards-net pivotal broad-allied-ban --measure beta\n\n"
    "standards-net pivotal bipolar-forced --players EU --measure bloc_size:west --out results/"
)
_QUO = "status-quo-2019"
TIPPING = (
    "Examples:\n\nstandards-net tipping --along lead --compatibility 0\n\n"
    "standards-net tipping --along politics\n\nstandards-net tipping --phase beta --out results/"
)
_TITLES = {
    "payoffs": "Pay-offs per year by item and choice, all others as in the most frequent equilibrium",
    "check": "The most frequent equilibrium by the fitted terms and by simulation",
    "agreement": "Coalitions that keep to one common standard",
    "members": "Who is in the smallest stable coalition, and what each saves of the interoperability loss",
    "leaving": "Who would leave the coalition of all: gain per year, payment keeping them in 90 % of draws",
    "leaving_without_china": "The same for the coalition of all but China",
    "error": "Error of the fitted terms against simulated pay-offs, per year (held-out configurations where "
    "there are any)",
}


def equilibria(
    players: PlayersOption = ["G20"],  # noqa: B006 - read by typer, never modified
    scenario: Annotated[
        str, typer.Option(help="Scenario whose rules define what members of a pole do.")
    ] = "bipolar-free-nonaligned",
    forced: Annotated[bool, typer.Option("--forced", help="Rule out non-alignment.")] = False,
    agreement: Annotated[
        bool,
        typer.Option(
            "--agreement",
            help="Analyse an agreement on one common standard instead; leaders are players too.",
        ),
    ] = False,
    followers: Annotated[
        str, typer.Option(help="What other countries do: stay, trade or affinity.")
    ] = "stay",
    country: Annotated[str | None, typer.Option(help="Print this country's itemised pay-offs.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Verify the most frequent equilibrium by simulation.")
    ] = False,
    technology: TechnologyOption = "radio",
    draws: DrawsOption = 32,
    rng: SeedOption = 2019,
    until: UntilOption = 2040,
    data: DataOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the stable alignments, their margins, and who would leave first."""
    from standards_net.alignment import equilibria, verify_by_simulation
    from standards_net.errors import StandardsNetError

    if forced and agreement:
        raise StandardsNetError("--forced and --agreement exclude each other; give one of them.")
    check_out(out)
    world = world_of(data)
    if agreement:
        _check_player_count(world, players)
    game = _game(
        world, agreement, players, scenario=scenario, followers=followers, technologies=[technology],
        until=until, draws=draws, rng=rng,
    )  # fmt: skip
    game = game.without("nonaligned") if forced else game
    found = equilibria(game, rng=rng)
    at = found.profiles[0] if len(found.profiles) else game.start
    tables: dict[str, pd.DataFrame] = {"equilibria": found.to_frame()}
    if country is not None:
        tables["payoffs"] = game.payoff_table(country, at)
    if check and len(found.profiles):
        with progress_bar("simulating deviations") as progress:
            tables["check"] = verify_by_simulation(game, at, progress=progress)
    if agreement:
        tables |= _coalitions(game)
    tables["error"] = game.error if game.error is not None else tables["equilibria"].head(0)
    if as_json:
        facts = {"conditional_on": game.conditional_on, "unit": game.unit, "complete": found.complete,
                 "cycling": found.cycling}  # fmt: skip
        if "check" in tables:
            facts["stable"] = tables["check"].attrs["stable"]
        print_json({**facts, "choices": _choice_shares(game, found.choices()), **tables})
    else:
        _print_equilibria(game, found, tables)
    write_out(out, tables, _payoff_pictures(world, game, at) if out is not None else {})


def _game(world: World, agreement: bool, players: list[str], **options: Any) -> Game:
    from standards_net.alignment import agreement_game, alignment_game

    with progress_bar("simulating pay-offs") as progress:
        return (agreement_game if agreement else alignment_game)(world, players, progress=progress, **options)


def _check_player_count(world: World, players: list[str]) -> None:
    """Report too many coalitions before pay-offs are simulated, not after."""
    from standards_net.alignment.games.agreements import MAX_PLAYERS
    from standards_net.alignment.games.sides import named_countries
    from standards_net.errors import StandardsNetError

    count = len(named_countries(world, players))
    if count > MAX_PLAYERS:
        raise StandardsNetError(f"{count} players make 2**{count} coalitions; take at most {MAX_PLAYERS}.")


def _coalitions(game: Game) -> dict[str, pd.DataFrame]:
    """Which agreements hold, and who would leave that of all."""
    import pandas as pd

    from standards_net.alignment import leaving, stable_coalitions

    found = stable_coalitions(game)
    facts = {
        "draws in which no member would leave the coalition of all": found.full_holds.mean(),
        "draws with a stable coalition that keeps one standard": (found.smallest >= 0).mean(),
        "the same if members may pay each other": (found.smallest_paid >= 0).mean(),
    }
    summary = pd.DataFrame(list(facts.items()), columns=["of a coalition for one standard", "share"])
    tables = {"agreement": summary, "members": found.to_frame(), "leaving": leaving(game, game.players)}
    rest = [player for player in game.players if player != "CHN"]
    if 0 < len(rest) < len(game.players):
        tables["leaving_without_china"] = leaving(game, rest)
    return tables


def _choice_shares(game: Game, shares: Any) -> dict[str, dict[str, float]]:
    return {
        player: dict(zip(game.choices, row.tolist(), strict=True))
        for player, row in zip(game.players, shares, strict=True)
    }


def _print_equilibria(game: Game, found: Any, tables: Mapping[str, pd.DataFrame]) -> None:
    import pandas as pd

    counts = found.holds.sum(axis=1)
    print(
        f"{len(found.profiles)} alignments are stable in some of {game.draws} draws, {counts.min()} to "
        f"{counts.max()} per draw.\nConditional on: {game.conditional_on}; the value of politics "
        "is judgement."
    )
    if not found.complete:
        print("The search was cut short: there may be more equilibria.")
    if found.cycling:
        print(f"Best responses cycle in {100 * found.cycling:.0f} % of the paths.")
    shares = pd.DataFrame((100 * found.choices()).round(), columns=list(game.choices))
    shares = shares.map(lambda share: f"{share:.0f} %")
    shares.insert(0, "player", list(game.players))
    print_table(shares, Format.table, "Probability of each choice in equilibrium")
    few = tables["equilibria"].head(5)
    for place, row in enumerate(few.to_dict("records"), start=1):
        print(
            f"{place}. in {100 * row['share_of_draws']:.0f} % of draws, reached from 2019 on "
            f"{100 * row['reached']:.0f} % of paths; margin USD bn {_bn(row, 'margin')} a year, "
            f"first to leave {row['first_to_leave']}"
        )
        for choice in game.choices:
            print(f"   {choice}: {row[choice] or 'none'}")
    if len(tables["equilibria"]) > len(few):
        print(f"... and {len(tables['equilibria']) - len(few)} more (--out or --json gives all)")
    for name, table in tables.items():
        if name in _TITLES and len(table):
            shown = table.drop(columns=[c for c in game.items if c in table.columns])
            print_table(for_people(shown), Format.table, _TITLES[name])
            if name == "check":
                stable = table.attrs["stable"]
                print(f"It is stable in {100 * stable['terms']:.0f} % of draws by the terms and in "
                      f"{100 * stable['simulated']:.0f} % by simulation.")  # fmt: skip


def _bn(row: Mapping[str, Any], name: str) -> str:
    median, low, high = (1e-9 * row[key] for key in (name, f"{name}_low", f"{name}_high"))
    return f"{median:.2f} [{low:.2f}, {high:.2f}]"


def _payoff_pictures(world: World, game: Game, profile: Any) -> dict[str, Figure]:
    from standards_net.drawing.alignment_pictures import payoff_picture

    return {"payoffs": payoff_picture(world, game, profile)}


def pivotal(
    scenario: Annotated[
        str, typer.Argument(help="Scenario of the countries that join: a name or .toml file.")
    ] = ("bipolar-forced"),
    measure: Annotated[
        str, typer.Option(help="beta, interoperability_loss, china_share, total_usd, ..., bloc_size:west.")
    ] = "interoperability_loss",
    players: PlayersOption = ["G20"],  # noqa: B006 - read by typer, never modified
    baseline: Annotated[str, typer.Option(help="Scenario of all other countries.")] = "status-quo-2019",
    method: Annotated[str, typer.Option(help="auto, exact or sampled.")] = "auto",
    pairs: Annotated[int, typer.Option(min=1, help="Pairs of random orders of joining, if sampled.")] = 8,
    technology: TechnologyOption = "radio",
    draws: DrawsOption = 32,
    rng: SeedOption = 2019,
    until: UntilOption = 2040,
    data: DataOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank countries by the effect of their choice on a measure, averaged over the choices of the others."""
    from standards_net.alignment import pivotal

    check_out(out)
    world = world_of(data)
    with progress_bar("simulating coalitions") as progress:
        table = pivotal(
            world, scenario, measure, players, baseline=baseline, technology=technology, until=until,
            draws=draws, method=method, pairs=pairs, rng=rng, progress=progress,
        )  # fmt: skip
    attrs = table.attrs
    if as_json:
        print_json({**attrs, "players": table})
    else:
        mean, low, high = (_number(value, attrs["unit"]) for value in attrs["total"])
        units = {"1": "as a number, not per cent", "USD per year": "USD a year"}
        unit = units.get(attrs["unit"], attrs["unit"])
        shown = table.rename(columns={"low": "shapley_low", "high": "shapley_high"}).dropna(axis=1, how="all")
        print_table(for_people(shown), Format.table, f"Effect on {measure} ({unit}); {attrs['method']}")
        print(f"Conditional on: {attrs['conditional_on']}.")
        print(
            f"All together: {mean} [{low}, {high}], mean and 5 to 95 % of draws; Shapley values add up to it."
        )
    if out is not None:
        from standards_net.drawing.alignment_pictures import pivotal_picture

        write_out(out, {"pivotal": table}, {"pivotal": pivotal_picture(table)})


def _number(value: float, unit: str) -> str:
    return f"USD bn {1e-9 * value:+.2f} a year" if "USD" in unit else f"{value:+.4f}"


def tipping(
    along: Annotated[
        str,
        typer.Option(
            help="incompatibility or lead (the diffusion's end state), or an item of the pay-offs such as "
            "politics (the equilibrium of the alignment game)."
        ),
    ] = "lead",
    scenario: Annotated[str, typer.Option(help="Scenario whose policies of the last year apply.")] = _QUO,
    compatibility: Annotated[
        float | None,
        typer.Option(help="Compatibility of the Chinese-led family with all others, for --along lead."),
    ] = None,
    phase: Annotated[
        str | None,
        typer.Option(
            help="Draw a phase diagram of this measure over compatibility and allies that ban instead."
        ),
    ] = None,
    technology: TechnologyOption = "radio",
    draws: DrawsOption = 32,
    rng: SeedOption = 2019,
    until: UntilOption = 2040,
    data: DataOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find where the world tips as one parameter changes, and whether it tips back at the same place."""
    from standards_net.errors import StandardsNetError

    check_out(out)
    world = world_of(data)
    common: dict[str, Any] = {"technology": technology, "until": until, "draws": draws, "rng": rng}
    if phase is not None:
        if compatibility is not None:
            raise StandardsNetError("a phase diagram covers all compatibilities; leave --compatibility out.")
        _phase(world, phase, scenario, common, out, as_json)
        return

    found = _followed(world, along, scenario, compatibility, common)
    table = found.to_frame()
    if as_json:
        summary = found.found.summary()
        print_json({"along": along, "observable": found.observable, "conditional_on": found.conditional_on,
                    **summary, "path": table})  # fmt: skip
    else:
        print_table(table, Format.table, f"{found.observable} along {found.meaning}")
        print(f"{found.sentence()}\nConditional on: {found.conditional_on}.")
    if out is not None:
        from standards_net.drawing.alignment_pictures import tipping_picture

        write_out(out, {"tipping": table}, {"tipping": tipping_picture(found)})


def _followed(
    world: World, along: str, scenario: str, compatibility: float | None, common: Mapping[str, Any]
) -> Tipping:
    """The diffusion's end state or the game's equilibrium, by what changes."""
    from standards_net.alignment import ALONG, ITEMS, tip_end_state, tip_equilibrium
    from standards_net.errors import StandardsNetError, one_of

    if along in ALONG:
        return tip_end_state(world, along, scenario=scenario, compatibility=compatibility, **common)
    if along not in ITEMS:
        raise StandardsNetError(one_of("parameter to change", along, [*ALONG, *ITEMS]) + ".")
    if compatibility is not None or scenario != _QUO:
        raise StandardsNetError(
            f"{along} is an item of the game: --scenario and --compatibility do not apply."
        )
    options = {name: value for name, value in common.items() if name != "technology"}
    game = _game(world, False, ["G20"], technologies=[common["technology"]], **options)
    return tip_equilibrium(game, along)


def _phase(
    world: World, measure: str, scenario: str, common: Mapping[str, Any], out: Path | None, as_json: bool
) -> None:
    from standards_net.alignment import phase_diagram

    with progress_bar("simulating the diagram") as progress:
        found = phase_diagram(world, measure, baseline=scenario, progress=progress, **common)
    table = found.to_frame()
    if as_json:
        print_json({"measure": measure, "unit": found.unit, "conditional_on": found.conditional_on,
                    "allies": found.allies, "diagram": table})  # fmt: skip
    else:
        wide = table.pivot(index="compatibility", columns="allies", values="median").reset_index()
        wide.columns = [str(c) for c in wide.columns]
        unit = "" if found.unit == "1" else f", {found.unit}"
        print_table(for_people(wide), Format.table, f"{measure}{unit} by compatibility and number of "
            "allies that ban, "
                    "medians (--out and --json give intervals)")  # fmt: skip
        print(
            f"Conditional on: {found.conditional_on}. Allies, the largest markets first: "
            f"{', '.join(found.allies)}."
        )
    if out is not None:
        from standards_net.drawing.alignment_pictures import phase_picture

        write_out(out, {"phase": table}, {"phase": phase_picture(found)})
