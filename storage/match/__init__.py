"""Error text → known pitfalls.

``normalise`` takes out of an error text what differs from one sighting to the
next; ``Known`` recognises the board's signatures in it; ``LookAlikes`` finds the
nearest known pitfalls where no signature matches. All of it only reads: neither
pydantic nor sqlite-utils is loaded, and hyperscan and rapidfuzz only when there is
something to look for.
"""

from __future__ import annotations

from storage.match.alike import LookAlike, LookAlikes
from storage.match.checking import check_signature
from storage.match.known import Known, Recognised
from storage.match.likeness import Reason, Why
from storage.match.normal import Normalised, Sort, Stripped, normalise

__all__ = [
    "Known",
    "LookAlike",
    "LookAlikes",
    "Normalised",
    "Reason",
    "Recognised",
    "Sort",
    "Stripped",
    "Why",
    "check_signature",
    "normalise",
]
