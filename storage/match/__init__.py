"""Error text → known pitfalls.

:mod:`~storage.match.normalizer` takes out of an error text what differs from one occurrence to the
next; :mod:`~storage.match.known_errors` recognises the board's signatures in it;
:mod:`~storage.match.similar` finds the nearest known pitfalls where no signature matches. All of it
only reads: neither pydantic nor sqlite-utils is loaded, and hyperscan and rapidfuzz only when there
is something to look for.
"""
