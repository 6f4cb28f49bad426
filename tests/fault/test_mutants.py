"""Faults put in on purpose are noticed; ``pytest -m storm`` tries them all."""

from __future__ import annotations

import pytest

from tests.fault.mutants import MUTANTS, ROOT, Mutant, judge


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_its_place_is_still_there(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.right) == 1
    assert all((ROOT / test).exists() for test in mutant.tests)


@pytest.mark.storm
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_it_is_noticed(mutant: Mutant) -> None:
    verdict = judge(mutant)
    assert verdict.caught, verdict.by
