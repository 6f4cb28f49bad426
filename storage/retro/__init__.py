"""Figures of a period, computed over events, and the pitfalls behind each.

What each figure means stands in ``README.md`` beside this; :mod:`storage.retro.report` reads
them all.
"""
