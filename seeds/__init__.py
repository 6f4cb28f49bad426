"""The built-in catalogue: pitfalls of WeCom mini-programs, in English and Chinese.

Each entry is a file under ``wecom/``, named ``NNNN-slug.toml``. What has been
released never changes, since boards that are joined must hold each entry once:
a new entry is a new file with a higher number, and ``EDITION`` goes up by one.
"""

from __future__ import annotations

from typing import Final

#: Goes up with every release that adds entries; boards that hold less take the new ones.
EDITION: Final = 1


def lines() -> list[bytes]:
    """The catalogue's events as the exact bytes of their lines, the same everywhere.

    Only a board that is started or brought up to a new edition asks for them,
    so what reads the files is imported here and not before.
    """
    from seeds.reading import entries
    from seeds.sealing import sealed

    return [event.line for event in sealed(entries())]
