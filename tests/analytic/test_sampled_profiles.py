"""The sample of profiles from which a game's terms are fitted."""

import pytest

from standards_net.alignment.games.model_payoffs import _sample
from standards_net.core.polymatrix import distinguishes_terms


@pytest.mark.parametrize("players", [5, 7])
def test_whatever_the_seed_no_term_is_confounded(players):
    for seed in range(30):
        profiles, fitted = _sample(players, 3, None, seed)
        assert distinguishes_terms(profiles[fitted], 3), seed
        assert (~fitted).sum() > 0
