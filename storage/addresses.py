"""Which addresses a browser may be asked to open."""

from __future__ import annotations


def is_web_address(url: str) -> bool:
    """Whether ``url`` is a web address; others are kept as text and never opened."""
    return url.lower().startswith(("https://", "http://")) and not any(c.isspace() for c in url)
