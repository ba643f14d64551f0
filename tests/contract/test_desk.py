"""The desk without a browser: levers, addresses, history, the guard, the command."""

import asyncio
import json
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from urllib.parse import urlencode

import numpy as np
import pytest

import standards_net as sn
from standards_net.desk import exports, page
from standards_net.desk.levers import LEVERS
from standards_net.desk.question import Change, History, Question, change_of, from_address
from standards_net.desk.safety import Guard
from standards_net.desk.simulated import SEED, Simulator, Superseded
from standards_net.desk.view import Answer, economies_table, years_table
from standards_net.errors import StandardsNetError
from standards_net.reports.seen import HEADLINES

UNTIL = 2030


@pytest.fixture(scope="module")
def simulator():
    return Simulator(sn.load_world())


def asked(*changes, **others):
    question = Question(until=UNTIL, **others)
    for lever, arguments in changes:
        question = question.changed(change_of(lever, arguments))
    return question


def answer(simulator, question, draws=64):
    own, base = (
        simulator.seen(one, question.technology, question.until, draws)
        for one in (question.scenario, question.baseline)
    )
    return Answer(simulator.world, question, own, base)


@pytest.mark.parametrize("lever", LEVERS)
def test_every_lever_makes_a_scenario_that_fits_the_world(simulator, lever):
    question = asked((lever, {}))
    for technology in simulator.world.markets:
        simulator.levers(question.scenario, technology, UNTIL)
    (said,) = re.findall(r"<li>(.*?)<button", page.changes(simulator.world, question, ()), re.DOTALL)
    assert "2026" in said or "2028" in said or "Parameter" in said


@pytest.mark.parametrize("technology", ["radio", "iot"])
def test_cards_are_what_a_run_of_the_saved_file_gives(simulator, technology, tmp_path):
    question = asked(
        ("exclude", {"who": "BRA", "vendors": "china"}),
        ("standards", {"compatibility": 0.3, "since": 2027, "to": 2029}),
        ("retaliate", {"times": 2.0}),
        technology=technology,
    )
    path = tmp_path / "mine.toml"
    path.write_bytes(exports.scenario_file(question))
    result = sn.run(
        simulator.world, [path, question.baseline], draws=128, rng=SEED, until=UNTIL, technologies=technology
    )
    cards = {card.name: card for card in answer(simulator, question, 128).cards()}
    for headline in HEADLINES:
        own, base = (
            result.values(headline.name, scenario=name, technology=technology)
            for name in result.coords["scenario"]
        )
        if headline.name == "total_usd":
            values, gap = own[:, 1:].mean(axis=1), (own - base)[:, 1:].mean(axis=1)
        else:
            values, gap = own[:, -1], (own - base)[:, -1]
        card = cards[headline.name]
        assert (card.value, card.difference) == (headline.text(values), headline.difference(gap))
        assert card.chance == headline.chance(gap)
    sizes = result.values(
        "bloc_size", scenario=question.scenario.name, technology=technology, year=UNTIL,
        standard="china", weight="countries",
    )  # fmt: skip
    chinese = sizes * len(simulator.world.countries)
    assert cards["bloc_china"].value.startswith(f"{np.median(chinese):.0f} [")


def test_tables_hold_every_economy_and_every_year(simulator):
    found = answer(simulator, asked(("stand", {"who": "IND", "side": "china"})))
    assert set(economies_table(found)["code"]) == set(simulator.world.countries)
    assert len(years_table(found)) == len(HEADLINES) * (UNTIL - 2018)
    assert '"Kenya' in str(found.map_of()["economies"]["KEN"]).replace("'Kenya", '"Kenya')


def test_an_address_carries_all_of_a_question(simulator):
    mine = sn.load_scenario({"name": "mine", "title": "Mine & <others>", "extends": "silos"})
    question = Question(
        start=mine,
        baseline=sn.load_scenario("silos"),
        technology="core",
        until=2033,
        country="KEN",
        changes=tuple(Change(name, lever.defaults) for name, lever in LEVERS.items()),
    )
    assert from_address(question.address) == question
    assert from_address("") == Question()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"scenario": "nothing"}, "nothing"),
        ({"scenario": "content:###"}, "damaged"),
        ({"scenario": "content:eJwDAAAAAAE="}, "damaged"),
        ({"until": "soon"}, "must be a year"),
        ({"changes": "[["}, "damaged"),
        ({"changes": '[["fly",{}]]'}, "fly"),
        ({"changes": '[["exclude",{"whom":"DEU"}]]'}, "no setting 'whom'"),
        ({"changes": '[["exclude",{"since":"soon"}]]'}, "give a year"),
        ({"changes": '[["exclude",{"who":3}]]'}, "another kind"),
        ({"changes": '[["exclude",{"since":1066}]]'}, "1066"),
        ({"changes": '[["retaliate",{"times":true}]]'}, "another kind"),
        ({"changes": "9" * 20_000}, "characters"),
    ],
)
def test_a_wrong_address_gets_a_sentence(query, told):
    with pytest.raises(StandardsNetError, match=re.escape(told)):
        from_address(urlencode(query))


def test_an_address_cannot_hold_a_bomb():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b"[" * 5_000_000, 9)).decode()
    with pytest.raises(StandardsNetError, match="address"):
        from_address(urlencode({"scenario": f"content:{bomb}"}))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({"technology": "smoke"}, "smoke"),
        ({"country": "XYZ"}, "XYZ"),
        ({"until": 2019}, "2019"),
    ],
)
def test_what_does_not_fit_the_world_is_refused(simulator, question, told):
    with pytest.raises(StandardsNetError, match=told):
        simulator.checked(Question(**question))


def test_who_is_left_without_any_vendor_is_told(simulator):
    with pytest.raises(StandardsNetError, match=r"DEU|Germany"):
        simulator.checked(asked(("exclude", {"who": "DEU", "vendors": "china"}),
                                ("exclude", {"who": "DEU", "vendors": "west"}),
                                ("exclude", {"who": "DEU", "vendors": "open"})))  # fmt: skip


def test_settings_replace_each_other_and_entries_add_up():
    question = asked(
        ("finance", {"times": 2.0}), ("finance", {"times": 3.0}), ("finance", {"times": 2.0, "who": "KEN"}),
        ("exclude", {"who": "BRA"}), ("exclude", {"who": "IND"}),
    )  # fmt: skip
    assert [change.lever for change in question.changes] == ["finance", "finance", "exclude", "exclude"]
    assert tomllib.loads(exports.scenario_file(question).decode())["finance"][0]["strength"] == 3.0


def test_what_was_excluded_at_the_desk_can_be_lifted(simulator):
    excluded = asked(("exclude", {"who": "BRA", "vendors": "huawei"}))
    lifted = excluded.changed(change_of("lift", {"who": "BRA", "vendors": "all"}))
    again = lifted.changed(change_of("exclude", {"who": "BRA", "vendors": "zte"}))
    at = simulator.world.countries.index("BRA")
    allowed = [
        simulator.levers(one.scenario, "radio", UNTIL).allowed[-1, at].tolist()
        for one in (Question(until=UNTIL), excluded, lifted, again)
    ]
    assert allowed[0] == allowed[2]
    assert allowed[1] == [False, *allowed[0][1:]]
    assert allowed[3] == [allowed[0][0], False, *allowed[0][2:]]
    assert sn.load_scenario(tomllib.loads(exports.scenario_file(again).decode())) == again.scenario


def test_scenario_and_baseline_of_one_name_are_told_apart(simulator):
    other = sn.load_scenario("silos").extended(name="as-happened-2025", title="Another")
    question = Question(start=other, until=2021)
    assert question.against.name != other.name
    result = exports.result_of(simulator.world, question, 8)
    assert len(result.coords["scenario"]) == 2
    assert Question().against == Question().baseline


@pytest.mark.parametrize("parent", ["/etc/secret.json", "../mine.toml", "no-such-scenario"])
def test_what_is_opened_reads_no_file_of_this_machine(parent, tmp_path):
    text = f'name = "mine"\ntitle = "Mine"\nextends = "{parent}"\n'
    with pytest.raises(sn.ScenarioError, match="extends shipped scenarios"):
        sn.scenario.scenario_from_text(text, "mine.toml")
    nested = {"name": "a", "title": "A", "extends": {"name": "b", "title": "B", "extends": parent}}
    with pytest.raises(sn.ScenarioError, match="extends shipped scenarios"):
        sn.scenario.scenario_from_text(json.dumps(nested), "mine.json")


def test_a_country_may_be_named(simulator):
    assert simulator.checked(Question(country="Kenya")).country == "KEN"


def test_undo_redo_and_a_new_move_after_undo():
    questions = [Question(until=2030 + k) for k in range(3)]
    history = History((), questions[0], ())
    for question in questions[1:]:
        history = history.then(question)
    assert history.undone().undone().now == questions[0]
    assert history.undone().undone().undone() == history.undone().undone()
    assert history.undone().redone() == history == history.redone()
    assert history.undone().then(Question(until=2050)).redone().now.until == 2050


def test_what_nobody_waits_for_any_more_is_left_off(simulator):
    with pytest.raises(Superseded):
        simulator.seen(sn.load_scenario("silos"), "radio", 2031, 64, lambda: False)


def test_an_opened_file_is_a_start_of_its_own(simulator):
    text = 'name = "mine"\ntitle = "Mine"\nextends = "silos"\n'
    start = sn.scenario.scenario_from_text(text, "mine.toml")
    question = Question(start=start, until=UNTIL).changed(change_of("stand", {"who": "KEN"}))
    again = sn.load_scenario(tomllib.loads(exports.scenario_file(question).decode()))
    assert again == question.scenario
    assert again.lineage == ("mine-changed", "mine", "silos", "status-quo-2019")


async def _told(scope, message=None):
    sent = []

    async def app(scope, receive, send):
        got = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "got", "message": got})

    async def receive():
        return message or {"type": "http.request", "body": b""}

    async def send(one):
        sent.append(one)

    await Guard(app)(scope, receive, send)
    return sent


def _scope(kind="http", path="/", **headers):
    named = {"host": "127.0.0.1:8000", **headers}
    return {
        "type": kind,
        "path": path,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()],
    }


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:8000"}, 200),
        ({"host": "[::1]:8000"}, 200),
        ({"host": "evil.example:8000"}, 403),
        ({"host": "127.0.0.1.evil.example"}, 403),
        ({"host": ""}, 403),
        ({"origin": "http://127.0.0.1:8000"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"content_length": "99999999"}, 413),
        ({"content_length": "many"}, 413),
    ],
)
def test_foreign_hosts_and_origins_and_large_requests_are_refused(headers, status):
    sent = asyncio.run(_told(_scope(**headers)))
    assert sent[0]["status"] == status
    assert any(name == b"content-security-policy" for name, _ in sent[0]["headers"])


def test_a_foreign_page_gets_no_websocket_and_a_large_message_ends_it():
    refused = asyncio.run(
        _told(_scope("websocket", origin="http://evil.example"), {"type": "websocket.connect"})
    )
    assert refused[0]["type"] == "websocket.close"
    large = {"type": "websocket.receive", "text": "x" * 1_000_000}
    sent = asyncio.run(_told(_scope("websocket"), large))
    assert sent[-1]["message"]["type"] == "websocket.disconnect"


def test_health_answers():
    sent = asyncio.run(_told(_scope(path="/health")))
    assert json.loads(sent[1]["body"]) == {"status": "ok"}


@pytest.mark.slow
def test_the_command_says_its_address_answers_and_ends():
    process = subprocess.Popen(
        [sys.executable, "-m", "standards_net", "desk", "silos", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", line)
        with urllib.request.urlopen(address + "health", timeout=20) as got:
            assert json.load(got) == {"status": "ok"}
        foreign = urllib.request.Request(address, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(foreign, timeout=20)
        port = address.rsplit(":", 1)[1].strip("/")
        taken = subprocess.run(
            [sys.executable, "-m", "standards_net", "desk", "--no-browser", "--port", port],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert taken.returncode == 2
        assert f"port {port} cannot be used" in taken.stderr
        assert "Traceback" not in taken.stderr
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["nothing.toml"], "nothing.toml"), (["nothing"], "nothing"), (["--data", "nowhere"], "nowhere")],
)
def test_a_wrong_command_gets_a_sentence(arguments, told):
    done = subprocess.run(
        [sys.executable, "-m", "standards_net", "desk", "--no-browser", *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
