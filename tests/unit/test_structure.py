"""The shape of the code: names that a reader can rely on."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Parts of the board's screen that become commands.
_PARTS_OF_THE_BOARD = {"tui/screens/finding.py", "tui/screens/sightings.py"}


def test_public_class_names_are_unique():
    """A class name says which class is meant, without the module that it is in."""
    places = defaultdict(list)
    for folder in ("storage", "tui", "seeds"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(name)
    repeated = {
        name: found
        for name, found in places.items()
        if len(found) > 1 and not _PARTS_OF_THE_BOARD & set(found)
    }
    assert repeated == {}
