"""Hostile visitors, files and neighbours by every door: a part of the corpus; all of it by ``make hostile``."""

from collections import Counter

import pytest

from tests.hostile.corpus import FAMILY_NAMES, GOOD, Doors, all_cases, quick_part
from tests.hostile.report import MOST_VAGUE

#: So many cases the corpus must at least have.
FEWEST_CASES = 1000


@pytest.fixture(scope="module")
def corpus():
    return all_cases()


@pytest.fixture(scope="module")
def verdicts_of(corpus, app_checkpoint, tmp_path_factory):
    """(door, family) -> the verdicts on its sample; performed once."""
    doors = Doors(tmp_path_factory.mktemp("hostile"), app_checkpoint)
    sample, known = quick_part(corpus), {}

    def verdicts(door, family):
        if (door, family) not in known:
            cases = [case for case in sample if (case.door, case.family) == (door, family)]
            known[door, family] = [doors.perform(case) for case in cases]
        return known[door, family]

    yield verdicts
    doors.close()


def test_the_corpus_is_as_large_as_it_says_and_every_family_is_sampled(corpus):
    assert len(corpus) >= FEWEST_CASES
    assert {(case.door, case.family) for case in corpus} == set(FAMILY_NAMES)
    assert {(case.door, case.family) for case in quick_part(corpus)} == set(FAMILY_NAMES)


@pytest.mark.parametrize(("door", "family"), FAMILY_NAMES)
def test_what_is_hostile_is_refused_and_what_is_odd_gets_a_right_answer(verdicts_of, door, family):
    verdicts = verdicts_of(door, family)
    faults = [f"{one.outcome}: {one.case.id}: {one.why}" for one in verdicts if one.outcome not in (*GOOD, "vague")]
    assert verdicts and not faults, "\n".join(faults)


def test_hardly_a_refusal_is_vague(verdicts_of):
    verdicts = [verdict for door, family in FAMILY_NAMES for verdict in verdicts_of(door, family)]
    counts = Counter(verdict.outcome for verdict in verdicts)
    vague = [f"{one.case.id}: {one.why}" for one in verdicts if one.outcome == "vague"]
    assert counts["vague"] * 100 <= MOST_VAGUE * len(verdicts), "\n".join(vague)
