"""Web addresses: which a browser may be asked to open, and what stands there."""

from __future__ import annotations

from storage.model.vocabulary import Source


def is_web_address(url: str) -> bool:
    """Whether ``url`` is a web address; others are kept as text and never opened."""
    return url.lower().startswith(("https://", "http://")) and not any(c.isspace() for c in url)


def source_of(url: str) -> Source:
    """What sort of place an address is, as far as its looks tell."""
    if "developers.weixin.qq.com/community" in url:
        return Source.COMMUNITY
    if "developer.work.weixin.qq.com" in url or "developers.weixin.qq.com" in url:
        return Source.OFFICIAL
    return Source.OTHER
