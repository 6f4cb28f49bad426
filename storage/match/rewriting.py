"""A text without its colours and escapes, and where what is left of it stood."""

from __future__ import annotations

from typing import NamedTuple

from storage.match.error_tokens import rewritten as what_is_rewritten


class Places(NamedTuple):
    """Where the characters of a rewritten text stood; empty if it was not rewritten."""

    starts: list[int]
    ends: list[int]

    def start(self, at: int) -> int:
        """Where a piece that begins at this place began."""
        return self.starts[at] if self.starts else at

    def end(self, at: int) -> int:
        """Where a piece that ends at this place ended."""
        return self.ends[at - 1] if self.ends else at


def rewritten(text: str) -> tuple[str, Places]:
    """The text without colours and with the signs that JSON escaped, and where they stood."""
    if "\\" not in text and "\x1b" not in text:
        return text, Places([], [])
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in what_is_rewritten().finditer(text):
        start, end = match.span()
        pieces.append(text[done:start])
        starts += range(done, start)
        ends += range(done + 1, start + 1)
        done = end
        if text[start] == "\\":
            sign = chr(int(match[1], 16)) if match[1] else match[2] or " "
            pieces.append(" " if "\ud800" <= sign <= "\udfff" else sign)
            starts.append(start)
            ends.append(end)
    pieces.append(text[done:])
    starts += range(done, len(text))
    ends += range(done + 1, len(text) + 1)
    return "".join(pieces), Places(starts, ends)
