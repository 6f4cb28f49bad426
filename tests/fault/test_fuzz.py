"""Text from elsewhere brings nothing down: no unknown error, bounded memory, no case that hangs.

The full size is 100,000 cases of each: ``pytest -m storm tests/fault/test_fuzz.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.fault.fuzzing import ROOT, TARGETS
from tests.processes import PATIENCE
from tests.sizes import sizes

#: A run that takes so many seconds for each hundred cases hangs somewhere.
_PATIENCE = 30


@pytest.mark.parametrize("cases", sizes(150, 100_000))
@pytest.mark.parametrize("target", TARGETS)
def test_whatever_comes(target: str, cases: int) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/fault/fuzzing.py"), target, "1", str(cases)],
        capture_output=True,
        text=True,
        timeout=PATIENCE + _PATIENCE * cases / 100,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-2000:]}"
    assert done.stdout.splitlines()[-1] == "done"
