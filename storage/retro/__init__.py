"""Looking back over a period: its figures, computed over events, and what stands behind each.

What each figure means stands in ``README.md`` beside this; :mod:`storage.retro.report` reads
them all.
"""
