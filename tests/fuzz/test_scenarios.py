"""Scenarios put together at random, sound and odd: what check passes runs, and all else is told at once."""

from __future__ import annotations

import json
import math
import warnings
from collections import Counter
from typing import ClassVar

import numpy as np
import pytest

import standards_net as sn
from standards_net.ensemble.inspection import inspect_scenario

pytestmark = pytest.mark.slow

CASES = 100
UNTIL = 2023  # of runs
LONGEST = 2100

WHO = ["USA", "CHN", "DEU", "VNM", "EU", "BRI", "us", "china", "all", "nonaligned", "Germany", "UK"]
ODD_WHO = ["GER", "UAS", "Eurpe", "", " DEU", "usa", "\x1b[31m", "{0}", "DEU\n", "null", "all ", "x" * 90]
VENDORS = ["huawei", "ericsson", "china", "west", "open", "nokia", "quectel", "us"]
ODD_VENDORS = ["huawai", "", "HUAWEI", "all", "$\\frac", "=1+1"]
NUMBERS = [0.0, 0.3, 1.0]
ODD_NUMBERS = [-1, 2, 1e300, math.inf, -math.inf, math.nan, True, "1", None, [], 10**400, "much"]
ODD_YEARS = [1899, 2201, 2020.5, "2020", True, None, -5, 10**30]
TECHNOLOGIES = ["radio", "core", "iot", "all"]


class Maker:
    """Entries at random; some of their values are odd."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.odd = float(self.random.choice([0.0, 0.0, 0.03, 0.15]))

    def pick(self, sound, odd):
        pool = odd if self.random.random() < self.odd else sound
        return pool[int(self.random.integers(len(pool)))]

    def some(self, sound, odd):
        return [self.pick(sound, odd) for _ in range(int(self.random.integers(1, 4)))]

    def maybe(self, part=0.4) -> bool:
        return bool(self.random.random() < part)

    def dated(self):
        entry = {"from": self.pick([2015, 2019, 2020, 2022, 2024, 2035], ODD_YEARS)}
        if self.maybe(0.3):
            entry["until"] = self.pick([2018, 2021, 2023, 2039], ODD_YEARS)
        return entry

    def on_vendors(self):
        entry = {**self.dated(), "who": self.some(WHO, ODD_WHO), "vendors": self.some(VENDORS, ODD_VENDORS)}
        if self.maybe(0.3):
            entry["but"] = self.some(WHO, ODD_WHO)
        if self.maybe():
            entry["technologies"] = self.some(TECHNOLOGIES, ["6g", "", "Radio"])
        return entry

    def number(self, sound=NUMBERS):
        return self.pick(sound, ODD_NUMBERS)

    def with_some(self, entry, **optional):
        return entry | {name: make() for name, make in optional.items() if self.maybe(0.3)}

    def ban(self):
        return self.with_some(
            self.on_vendors(), remove_by=lambda: self.pick([2021, 2025, 2030], ODD_YEARS), cap=self.number,
            share_of_market=self.number, compliance=self.number, delay_years=self.number,
            bases=lambda: self.some(["4g", "5g"], ["6g", ""]),
        )  # fmt: skip

    def alignment(self):
        pole = self.pick(["us", "china", "third"], ODD_WHO)
        return {**self.dated(), "who": self.some(WHO, ODD_WHO), "pole": pole}

    def pair(self):
        return {"between": [self.pick(["china", "west", "open"], ["", "wset"]) for _ in range(2)]}

    ENTRIES: ClassVar = {
        "ban": ban,
        "lift": on_vendors,
        "alignment": alignment,
        "restriction": lambda self: {**self.on_vendors(), "strength": self.number()},
        "exit": lambda self: {**self.on_vendors(), "spares_years": self.pick([1, 5], ODD_NUMBERS)},
        "supply": lambda self: {**self.on_vendors(), "price": self.number([0.5, 2.0])},
        "finance": lambda self: {**self.on_vendors(), "strength": self.number([0.0, 5.0])},
        "quality": lambda self: {
            **self.dated(), "vendors": self.some(VENDORS, ODD_VENDORS),
            "shift": self.number([-2.0, 0.0, 2.0]),
        },
        "investment": lambda self: {
            **self.dated(), "vendors": self.some(VENDORS, ODD_VENDORS),
            "usd_per_year": self.number([0.0, 1e9]),
        },
        "compatibility": lambda self: {
            **self.pair(), "from": self.pick([2020, 2025], ODD_YEARS), "value": self.number(),
        },
        "agreement": lambda self: {**self.dated(), **self.pair(), "strength": self.number()},
        "pole": lambda self: {
            "name": self.pick(["third", "fourth"], ["", "us", "huawei", "EU", "all"]),
            "leaders": self.some(["FRA", "IND", "BRA"], [*ODD_WHO, "USA"]),
            "vendors": self.some(["nokia", "samsung"], ODD_VENDORS),
        },
    }  # fmt: skip

    def scenario(self):
        content = {
            "name": self.pick(["mine", "a-1"], ["", "UPPER", "a b", "../x", "x" * 300]),
            "title": self.pick(["Mine", "{value} $x$ [/red]"], ["", 3, "\x1b[2J", "x" * 400]),
        }
        for _ in range(int(self.random.integers(1, 5))):
            name = str(self.random.choice(list(self.ENTRIES)))
            content.setdefault(name, []).append(self.ENTRIES[name](self))
        if self.maybe(0.2):
            parents = ["silos", "status-quo-2019", "as-happened-2025"]
            content["extends"] = self.pick(parents, ["none", "", "mine"])
        if self.maybe(0.2):
            content["policies"] = self.pick(["latest", "none", "drawn"], ["all", 3])
        if self.maybe(0.2):
            content["standards"] = {
                self.pick(["nokia", "zte"], ODD_VENDORS): self.pick(["europe", "west"], ["", "all", "us"])
            }
        if self.maybe(0.3):
            name = self.pick(["lock_in", "progress_ratio", "double_running_rate"], ["lockin", ""])
            content["parameters"] = {name: self.number([0.5])}
        if self.maybe(self.odd):
            content[self.pick(["bans", "Ban", "x" * 200], [""])] = self.number()
        return content


def test_what_check_passes_runs(world, tmp_path):
    counts = Counter()
    for seed in range(CASES):
        content = Maker(seed).scenario()
        found = inspect_scenario(world, content)
        for sentence in (*found.errors, *found.warnings):
            assert sentence.isprintable(), sentence
            assert len(sentence) < LONGEST
            assert sentence.endswith((".", "?")), sentence
        asked = {"draws": 2, "rng": seed, "until": UNTIL}
        if found.errors:
            with pytest.raises(sn.StandardsNetError):
                sn.run(world, content, **asked | {"draws": 1, "until": 2040})
            counts["told"] += 1
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sn.StandardsNetWarning)
            result = sn.run(world, content, **asked)
        for name in ("market_fragmentation", "interoperability_loss", "total_usd"):
            assert np.isfinite(result.values(name)).all(), (seed, name)
        again = sn.load_scenario(json.loads(json.dumps(sn.load_scenario(content).to_dict())))
        assert again == sn.load_scenario(content)
        counts["ran, with warnings" if found.warnings else "ran"] += 1
    print(f"\nscenarios: {dict(counts)} of {CASES}")
    assert counts["told"] > CASES // 4
    assert counts["ran"] + counts["ran, with warnings"] > CASES // 4


def test_files_that_are_none(world, tmp_path):
    whole = b'name = "mine"\ntitle = "Mine"\n[[ban]]\nwho = ["DEU"]\nvendors = ["zte"]\nfrom = 2022\n'
    random, counts = np.random.default_rng(5), Counter()
    contents = [whole[: int(random.integers(len(whole)))] for _ in range(40)]
    for _ in range(120):
        at = int(random.integers(len(whole)))
        contents.append(whole[:at] + random.bytes(int(random.integers(1, 4))) + whole[at + 1 :])
    contents += [
        b"", b"\x00" * 50, whole.decode().encode("utf-16"), b"a = " + b"[" * 5000 + b"]" * 5000,
        b'{"a": ' * 3000 + b"1" + b"}" * 3000, b"x = " + b"9" * 6000, b"[" * 100_000,
        b'name = "mine"\ntitle = "Mine"\n' + b"".join(b"k%d = 1\n" % k for k in range(20_000)),
        b'name = "mine"\ntitle = "' + b"x" * 1_000_000 + b'"',
    ]  # fmt: skip
    for suffix in (".toml", ".json"):
        for content in contents:
            path = tmp_path / f"mine{suffix}"
            path.write_bytes(content)
            found = inspect_scenario(world, path)
            told = "\n".join(found.errors)
            assert len(told) < 60_000
            assert all(len(one) < LONGEST and one.isprintable() for one in found.errors), told[:300]
            counts["told" if found.errors else "accepted"] += 1
    print(f"\nfiles of scenarios: {dict(counts)} of {2 * len(contents)}")


def test_chains_of_files(world, tmp_path):
    for k in range(300):
        parent = f'extends = "s{k + 1}"\n' if k < 299 else ""
        (tmp_path / f"s{k}.toml").write_text(f'name = "s{k}"\ntitle = "S"\n{parent}')
    (complaint,) = inspect_scenario(world, tmp_path / "s0.toml").errors
    assert "extends" in complaint
    content = {"name": "a", "title": "A"}
    for _ in range(1500):
        content = {"name": "a", "title": "A", "extends": content}
    (complaint,) = inspect_scenario(world, content).errors
    assert len(complaint) < LONGEST
