"""Every mistake with a landscape has its sentence."""

import numpy as np
import pytest

import standards_net as sn
from standards_net.alignment.landscapes.landscape_theory import landscape
from standards_net.alignment.landscapes.propensity import (
    bootstrap_propensity,
    lowest_minima,
    read_landscape,
    recode_propensity,
    world_codings,
)

WISH = np.array([[0.0, 1.0, -1.0], [1.0, 0.0, 2.0], [-1.0, 2.0, 0.0]])
SIZES = [1.0, 2.0, 3.0]
NAMES = ("Sun", "IBM", "DEC")


def with_cell(i, j, value, both=True):
    wish = WISH.copy()
    wish[i, j] = value
    if both:
        wish[j, i] = value
    return wish


CASES = {
    "not square": ((SIZES, WISH[:2]), {}, "propensity has shape (2, 3); it must be square"),
    "not numbers": ((["a", 1, 2], WISH), {}, "sizes must be an array of numbers."),
    "one actor": (([1.0], [[0.0]]), {}, "a landscape needs at least 2 actors."),
    "sizes of another length": (([1.0, 2.0], WISH), {}, "sizes has shape (2,); 3 actors need (3,)."),
    "a size of nan": (
        ([1.0, np.nan, 3.0], WISH),
        {"names": NAMES},
        "sizes must be finite and above 0: IBM has nan.",
    ),
    "a size of nought": (([1.0, 2.0, 0.0], WISH), {"names": NAMES}, "above 0: DEC has 0."),
    "sizes below nought": (
        (-np.ones(5), np.zeros((5, 5))),
        {},
        "above 0: 1 has -1; 2 has -1; 3 has -1; and 2 more.",
    ),
    "a propensity of nan": (
        (SIZES, with_cell(0, 1, np.nan)),
        {"names": NAMES},
        "propensities must be finite numbers: Sun and IBM have nan.",
    ),
    "an infinite propensity": (
        (SIZES, with_cell(1, 2, np.inf)),
        {"names": NAMES},
        "propensities must be finite numbers: IBM and DEC have inf.",
    ),
    "not symmetric": (
        (SIZES, with_cell(0, 2, 5.0, both=False)),
        {"names": NAMES},
        "propensities must be symmetric: Sun to DEC has 5, DEC to Sun -1; correct them, or take "
        "the alignment game, which allows them to differ.",
    ),
    "sizes beyond numbers": (
        (np.full(3, 1e160), WISH),
        {},
        "make energies too small or too large to compare; take units in which they lie between 1e-200 and",
    ),
    "sizes below numbers": (
        (np.full(3, 1e-120), WISH),
        {},
        "make energies too small or too large to compare",
    ),
    "names of another length": ((SIZES, WISH), {"names": ["a", "b"]}, "names holds 2 entries for 3 actors."),
    "names that repeat": (
        (SIZES, WISH),
        {"names": ["a", "b", "a"]},
        "names must differ: a occur more than once",
    ),
    "an empty name": ((SIZES, WISH), {"names": ["a", " ", "c"]}, "actor 2 has an empty name"),
    "one bloc": ((SIZES, WISH), {"blocs": 1}, "blocs is 1; it must be a whole number from 2 to 3"),
    "more blocs than actors": (
        (SIZES, WISH),
        {"blocs": 4},
        "blocs is 4; it must be a whole number from 2 to 3",
    ),
    "half a bloc": ((SIZES, WISH), {"blocs": 2.5}, "blocs is 2.5; it must be a whole number"),
    "an unknown search": (
        (SIZES, WISH),
        {"search": "exakt"},
        "unknown search 'exakt'; did you mean 'exact'?",
    ),
    "no starts": (
        (SIZES, WISH),
        {"starts": 0},
        "starts is 0; it must be a whole number from 1 to 1,000,000.",
    ),
    "memory below nought": ((SIZES, WISH), {"memory_gib": -1}, "memory_gib is -1; it must be 0 or more."),
    "too many for two blocs": (
        (np.ones(29), np.zeros((29, 29))),
        {"search": "exact"},
        "an exact search takes up to 28 actors with 2 blocs; there are 29: give search='sampled'.",
    ),
    "too many for three": (
        (np.ones(19), np.zeros((19, 19))),
        {"search": "exact", "blocs": 3},
        "an exact search takes up to 18 actors with 3 blocs; there are 19: give search='sampled'.",
    ),
    "too many minima": (
        (np.ones(18), np.zeros((18, 18))),
        {},
        "the landscape has 131,072 minima, more than the 100,000 that can be listed",
    ),
    "a bad seed": ((SIZES, WISH), {"search": "sampled", "rng": -1}, "rng is -1"),
}


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_of_bad_landscape_has_its_sentence(kind):
    given, options, sentence = CASES[kind]
    with pytest.raises(sn.StandardsNetError) as caught:
        landscape(*given, **options)
    assert sentence in str(caught.value)


def test_too_many_minima_are_counted_without_basins_too():
    with pytest.raises(sn.StandardsNetError, match="has 131,072 minima"):
        landscape(np.ones(18), np.zeros((18, 18)), memory_gib=0.0)


def test_the_diagonal_is_ignored_and_inputs_are_left_alone():
    wish = WISH + np.diag([np.nan, 7.0, -7.0])
    before = wish.copy()
    found = landscape(SIZES, wish)
    assert [one.labels for one in found.minima] == [one.labels for one in landscape(SIZES, WISH).minima]
    np.testing.assert_array_equal(wish, before)


def test_basins_left_out_are_told():
    status = landscape(SIZES, WISH, memory_gib=0.0).status
    assert "basins omitted because they need" in status
    assert "GiB, more than memory_gib=0." in status


LABELS = {
    "too few": ([0, 1], "labels holds 2 entries for 3 actors."),
    "too many blocs": ([0, 1, 2], "labels name 3 blocs (0, 1, 2); the landscape has at most 2."),
    "an unknown actor": ({"Sun": 0, "IMB": 1, "DEC": 0}, "unknown actor 'IMB'; valid are DEC, IBM, Sun"),
    "a missing actor": ({"Sun": 0, "DEC": 0}, "labels give no bloc to IBM; every actor needs one."),
}


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("method", ["energy", "descend"])
def test_labels_that_do_not_fit(kind, method):
    labels, sentence = LABELS[kind]
    with pytest.raises(sn.StandardsNetError) as caught:
        getattr(landscape(SIZES, WISH, names=NAMES), method)(labels)
    assert sentence in str(caught.value)


def test_an_unknown_rule():
    with pytest.raises(sn.StandardsNetError, match="unknown rule 'steep'; did you mean 'steepest'"):
        landscape(SIZES, WISH).descend([0, 0, 0], rule="steep")


GOOD = "name,size,a,b\na,1,,-1\nb,2,-1,\n"

FILES = {
    "empty": ("", "own.csv is empty; its header must be name, size and one column per actor."),
    "no size": (
        GOOD.replace("size", "weight"),
        "own.csv: the header is name, weight, a, b; it must be name, size",
    ),
    "one actor": ("name,size,a\na,1,\n", "a column for each of at least two actors."),
    "not square": (GOOD + "c,1,0,0\n", "own.csv has 3 rows for 2 columns of actors; it must be square."),
    "rows in another order": (
        "name,size,a,b\nb,2,,-1\na,1,-1,\n",
        "own.csv row 2: 'b' is where the columns have 'a'; rows and columns must be the same actors",
    ),
    "a cell short": (GOOD.replace("b,2,-1,\n", "b,2,-1\n"), "own.csv row 3 has 3 cells; the header has 4."),
    "a word": (GOOD.replace("a,1,,-1", "a,1,,foe"), "own.csv row 2, column b: 'foe' is not a number"),
    "a nan": (GOOD.replace("b,2,-1", "b,2,nan"), "own.csv row 3, column a: 'nan' is not a number"),
    "an empty pair": (GOOD.replace("b,2,-1", "b,2,"), "own.csv row 3, column a: the cell is empty"),
    "an empty size": (GOOD.replace("a,1", "a,"), "own.csv row 2, column size: the cell is empty"),
    "a size below nought": (GOOD.replace("a,1", "a,-1"), "sizes must be finite and above 0: a has -1."),
    "not symmetric": (GOOD.replace("b,2,-1", "b,2,1"), "a to b has -1, b to a 1"),
}


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_of_bad_file_has_its_sentence(kind, tmp_path):
    text, sentence = FILES[kind]
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(sn.StandardsNetError) as caught:
        read_landscape(path)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_good_file_is_read_with_or_without_a_byte_order_mark(tmp_path, mark):
    (tmp_path / "own.csv").write_text(mark + GOOD, encoding="utf-8")
    names, sizes, propensity = read_landscape(str(tmp_path / "own.csv"))
    assert (names, sizes.tolist()) == (("a", "b"), [1.0, 2.0])
    assert propensity.tolist() == [[0.0, -1.0], [-1.0, 0.0]]


def test_a_file_that_is_not_there():
    with pytest.raises(sn.StandardsNetError, match="there is no file unix1989; did you mean 'unix1988'"):
        read_landscape("unix1989")
    with pytest.raises(sn.StandardsNetError, match=r"no file nothing\.csv; shipped landscapes are unix1988"):
        read_landscape("nothing.csv")


def test_a_file_that_is_not_utf8(tmp_path):
    (tmp_path / "own.csv").write_bytes(b"name,size,\xff")
    with pytest.raises(sn.StandardsNetError, match=r"own\.csv: byte 10 is not UTF-8"):
        read_landscape(tmp_path / "own.csv")


def test_propensities_of_the_wrong_shape_or_number(world):
    with pytest.raises(sn.StandardsNetError, match=r"codings have shape \(3, 3\)"):
        bootstrap_propensity(WISH, 5)
    with pytest.raises(sn.StandardsNetError, match="draws is 0"):
        bootstrap_propensity(WISH[None], 0)
    with pytest.raises(sn.StandardsNetError, match=r"changes is 3; .* below 3, the number of pairs"):
        recode_propensity(WISH, 5)
    with pytest.raises(sn.StandardsNetError, match="must be symmetric: 1 to 3"):
        recode_propensity(with_cell(0, 2, 5.0, both=False), 5, changes=1)
    with pytest.raises(sn.StandardsNetError, match=r"propensities have shape \(3, 3\)"):
        lowest_minima(SIZES, WISH)
    with pytest.raises(sn.StandardsNetError, match="unknown country or group 'USB'"):
        world_codings(world, ["USB", "CHN"])
    with pytest.raises(sn.StandardsNetError, match="USA is alone; name two countries or more"):
        world_codings(world, ["USA", "USA"])
