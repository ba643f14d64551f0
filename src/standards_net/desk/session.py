"""One reader at the desk: what is asked, what is answered, and what is refined in the background."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any, cast

from shiny import Inputs, Outputs, Session, reactive, render
from shiny.ui import HTML
from starlette.requests import Request
from starlette.responses import HTMLResponse

from standards_net.briefs.brief import brief_of, forecasts_of
from standards_net.briefs.page import brief_article
from standards_net.briefs.simulated import run_countries
from standards_net.desk import exports, page
from standards_net.desk.question import LONGEST_ADDRESS, History, Question, change_of, from_address, shipped
from standards_net.desk.simulated import DRAWS, FIRST_DRAWS, SEED, Simulator, Superseded
from standards_net.desk.view import Answer
from standards_net.errors import StandardsNetError
from standards_net.scenario import Scenario, scenario_from_text
from standards_net.scenario.semantics import entries_without_effect
from standards_net.world.world import World

__all__ = ["Reader"]

_LOG = logging.getLogger(__name__)
_WORKING = '<p class="soft">Its brief is being worked out.</p>'
_PAUSE = 0.4  # seconds before what is refined in the background: the reader may move on
_LONGEST_TEXT = 200_000  # characters of a scenario that is opened


class Reader:
    """What belongs to one open page.

    Parameters
    ----------
    simulator : Simulator
    opening : Question
        What is asked where the address says nothing.
    """

    def __init__(
        self, simulator: Simulator, opening: Question, inputs: Inputs, outputs: Outputs, session: Session
    ) -> None:
        self.simulator, self.opening = simulator, opening
        self.world: World = simulator.world
        self.input, self.output, self.session = inputs, outputs, session
        self.history = reactive.value(History((), opening, ()))
        self.answer: reactive.Value[Answer | None] = reactive.value(None)
        # The same a moment later: tables come after what is looked at first.
        self.settled: reactive.Value[Answer | None] = reactive.value(None)
        self.brief, self.warnings = reactive.value(""), reactive.value[tuple[str, ...]](())
        self.measure = reactive.value("market_fragmentation")
        self._number = 0  # of questions that were asked: an older one is not answered any more
        self._sent = 0  # the message of the page that asked for what is answered
        self._task: asyncio.Task[None] | None = None
        self._events()
        self._shown()
        self._offered()
        session.on_ended(self._leave)

    @property
    def now(self) -> Question:
        """What is asked now."""
        return self.history().now

    # -- what the reader does ----------------------------------------------------------------

    def _events(self) -> None:
        @reactive.effect
        async def _() -> None:
            with reactive.isolate():
                query = self.session.clientdata.url_search().removeprefix("?")
            if not query:
                return
            try:
                asked = self.simulator.checked(from_address(query))
            except StandardsNetError as error:
                await self._tell("", " ".join(error.complaints))
                return
            self.history.set(History((), asked, ()))

        acts: dict[str, Callable[[Any], None]] = {
            "moved": self._move,
            "removed": lambda place: self._ask(self.now.without(int(place))),
            "undo": lambda _: self._go(self.history().undone()),
            "redo": lambda _: self._go(self.history().redone()),
            "reset": lambda _: self._ask(self.opening),
            "framed": self._frame,
            "country": self._choose,
            "opened": self._open,
            "measure": self._measure,
        }
        for name, act in acts.items():
            self._on(name, act)

        @reactive.effect
        async def _() -> None:
            await self._begin(self.history())

    def _on(self, name: str, act: Callable[[Any], None]) -> None:
        """Let a message of the page act; what is wrong with it is told beside its lever."""

        @reactive.effect
        @reactive.event(self.input[name])
        async def _() -> None:
            message = self.input[name]()
            value, self._sent = message["value"], message["sent"]
            lever = str(value.get("lever", "")) if name == "moved" and isinstance(value, Mapping) else ""
            text = ""
            try:
                with reactive.isolate():
                    act(value)
            except StandardsNetError as error:
                text = " ".join(error.complaints)
            except (TypeError, ValueError, KeyError, IndexError, AttributeError):
                _LOG.exception("the desk could not read '%s'", name)
                text = "this cannot be read; reload the page and try again."
            await self._tell(lever, text)
            if text:  # what was refused does not stay in the fields
                with reactive.isolate():
                    await self.session.send_custom_message("asked", self._told(self.history()))

    async def _tell(self, lever: str, text: str) -> None:
        """A sentence beside a lever, or above all of them."""
        await self.session.send_custom_message("told", {"lever": lever, "text": text})

    def _go(self, history: History) -> None:
        self.history.set(history)

    def _measure(self, name: str) -> None:
        self.measure.set(str(name))

    def _ask(self, question: Question) -> None:
        self.history.set(self.history().then(self.simulator.checked(question)))

    def _move(self, given: Any) -> None:
        self._ask(self.now.changed(change_of(str(given["lever"]), given["arguments"])))

    def _frame(self, given: Mapping[str, Any]) -> None:
        asked = self.now

        def named(name: str, *known: Scenario) -> Scenario:
            return next((one for one in known if one.name == name), None) or shipped(name)

        if "start" in given:
            asked = replace(asked, start=named(str(given["start"]), asked.start, asked.baseline))
        if "baseline" in given:
            asked = replace(asked, baseline=named(str(given["baseline"]), asked.baseline, asked.start))
        if "technology" in given:
            asked = replace(asked, technology=str(given["technology"]))
        if "until" in given:
            asked = replace(asked, until=int(given["until"]))
        self._ask(asked)

    def _choose(self, code: str) -> None:
        country = self.world.code(code) if code else None
        self.history.set(self.history().seen(replace(self.now, country=country)))

    def _open(self, given: Mapping[str, str]) -> None:
        text = str(given["text"])
        if len(text) > _LONGEST_TEXT:
            raise StandardsNetError("the file is too long to be a scenario.")
        self._ask(replace(self.now, start=scenario_from_text(text, str(given["name"])), changes=()))

    # -- what is answered --------------------------------------------------------------------

    async def _begin(self, history: History) -> None:
        """Begin to answer what is asked now, and leave off what was asked before."""
        self._number += 1
        if self._task is not None:
            self._task.cancel()
        asked = history.now
        with reactive.isolate():
            self.warnings.set(())
            self.brief.set(_WORKING if asked.country else "")
        await self.session.send_custom_message("asked", self._told(history))
        self._task = asyncio.create_task(self._answer(asked, self._number))

    async def _answer(self, asked: Question, number: int) -> None:
        """64 draws, then the country, then more draws as long as nothing else is asked."""

        def wanted() -> bool:
            return self._number == number

        try:
            known = await asyncio.to_thread(self.simulator.kept, asked)
            await self._show_draws(asked, DRAWS if known else FIRST_DRAWS, wanted)
            await asyncio.sleep(_PAUSE)
            warnings = await asyncio.to_thread(self._idle, asked)
            brief = await asyncio.to_thread(self._brief, asked, wanted) if asked.country else ""
            async with reactive.lock():
                self.warnings.set(warnings)
                self.brief.set(brief)
                await reactive.flush()
            if not known:
                for draws in range(2 * FIRST_DRAWS, DRAWS + 1, FIRST_DRAWS):
                    await asyncio.to_thread(self._seen, asked, draws, wanted)
                await self._show_draws(asked, DRAWS, wanted)
        except (asyncio.CancelledError, Superseded):
            return
        except StandardsNetError as error:
            await self._tell("", " ".join(error.complaints))
        except Exception:
            _LOG.exception("the desk could not answer %s", asked.address)
            await self._tell("", "the desk failed at this; what it printed where it was started says why.")

    async def _show_draws(self, asked: Question, draws: int, wanted: Callable[[], bool]) -> None:
        answer = await asyncio.to_thread(self._seen, asked, draws, wanted)
        if not wanted():
            return
        async with reactive.lock():
            self.answer.set(answer)
            await self.session.send_custom_message("map", self._map(answer))
            await reactive.flush()
        await self.session.send_custom_message("answered", {"draws": draws, "sent": self._sent})
        async with reactive.lock():
            self.settled.set(answer)
            await reactive.flush()

    def _seen(self, asked: Question, draws: int, wanted: Callable[[], bool]) -> Answer:
        own, base = (
            self.simulator.seen(one, asked.technology, asked.until, draws, wanted)
            for one in (asked.scenario, asked.baseline)
        )
        return Answer(self.world, asked, own, base)

    def _idle(self, asked: Question) -> tuple[str, ...]:
        """Changes that change nothing, and what stands in their way."""
        if not asked.changes:
            return ()
        years = tuple(range(2019, asked.until + 1))
        found = entries_without_effect(self.world, asked.scenario, years, tuple(self.world.markets))
        return tuple(text.removeprefix("scenario: ") for text in found)

    def _brief(self, asked: Question, wanted: Callable[[], bool]) -> str:
        def heed(_: int, __: int) -> None:
            if not wanted():
                raise Superseded

        code = str(asked.country)
        runs = run_countries(
            self.world, [code], asked.scenario, asked.against, draws=FIRST_DRAWS, rng=SEED,
            until=asked.until, progress=heed,
        )  # fmt: skip
        heed(0, 0)
        forecasts = forecasts_of(self.world, (code,), FIRST_DRAWS, SEED)
        return str(brief_article(brief_of(runs, code, asked.scenario.name, forecasts), self.world))

    def _leave(self) -> None:
        self._number += 1
        if self._task is not None:
            self._task.cancel()

    # -- what is shown -----------------------------------------------------------------------

    def _told(self, history: History) -> dict[str, Any]:
        """What the page must know of a question that is asked."""
        asked = history.now
        address = asked.address
        return {
            # An address that no browser would take back is not offered: such a scenario is saved as a file.
            "address": address if len(address) <= LONGEST_ADDRESS else "",
            "frame": {
                "start": (asked.start.name, asked.start.title),
                "baseline": (asked.baseline.name, asked.baseline.title),
                "technology": (asked.technology, asked.technology),
                "until": (asked.until, ""),
            },
            "country": asked.country,
            "title": page.title_of(asked),
            "undo": bool(history.past),
            "redo": bool(history.future),
            "levers": {
                lever: next(
                    (dict(c.arguments) for c in reversed(asked.changes) if c.lever == lever), defaults
                )
                for lever, defaults in page.dials().items()
            },
        }

    def _map(self, answer: Answer) -> dict[str, object]:
        asked = answer.asked
        return {**answer.map_of(), "title": page.title_of(asked), "country": asked.country}

    def _shown(self) -> None:
        def shows(name: str, html: Callable[[Answer], str], at_once: bool = True) -> None:
            @self.output(id=name)
            @render.ui
            def _() -> HTML:
                answer = self.answer() if at_once else self.settled()
                return HTML(html(answer) if answer is not None else "")

        shows("said", page.said)
        shows("cards", page.cards)
        shows("course", lambda answer: answer.course(self.measure()))
        shows("economies", page.economies, at_once=False)
        shows("by_year", page.years, at_once=False)

        route = self.session.dynamic_route("network", cast(Any, self._network))

        @self.output(id="network")
        @render.ui
        def _() -> HTML:
            answer = self.settled()
            if answer is None or answer.draws < DRAWS:
                return HTML('<p class="soft">The network is drawn when all draws are there.</p>')
            title = f"Network: {page.title_of(answer.asked)}"
            return HTML(f'<iframe src="{escape(route)}&n={self._number}" title="{escape(title)}"></iframe>')

        @self.output(id="changes")
        @render.ui
        def _() -> HTML:
            return HTML(page.changes(self.world, self.now, self.warnings()))

        @self.output(id="country_levers")
        @render.ui
        def _() -> HTML:
            asked = self.now
            return HTML(page.country_levers(self.simulator, asked) if asked.country else "")

        @self.output(id="country_brief")
        @render.ui
        def _() -> HTML:
            return HTML(self.brief())

    async def _network(self, _: Request) -> Any:
        with reactive.isolate():
            answer = self.answer()
        if answer is None:
            return HTMLResponse("", 404)
        return HTMLResponse(
            await asyncio.to_thread(exports.network_of, self.world, answer.asked, answer.draws)
        )

    def _offered(self) -> None:
        """Files to save."""

        def offers(name: str, ending: str, content: Callable[[Answer, str], bytes]) -> None:
            @self.output(id=name)
            @render.download_link(filename=lambda: self._file_name(ending))
            async def _() -> AsyncIterator[bytes]:
                with reactive.isolate():
                    while (answer := self.answer()) is None:
                        await asyncio.sleep(_PAUSE)
                    measure = self.measure()
                yield await asyncio.to_thread(content, answer, measure)

        for name, (ending, content) in exports.EXPORTS.items():
            offers(name, ending, content)

        @self.output(id="scenario_toml")
        @render.download_link(filename=lambda: self._file_name("toml"))
        async def _() -> AsyncIterator[bytes]:
            with reactive.isolate():
                yield exports.scenario_file(self.now)

    def _file_name(self, ending: str) -> str:
        with reactive.isolate():
            answer = self.answer()
            asked = self.now if ending == "toml" or answer is None else answer.asked
        part = "" if ending == "toml" else f"_{asked.technology}_{asked.until}_"
        return f"{asked.scenario.name}{part or '.'}{ending}"
