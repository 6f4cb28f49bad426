"""Folded pitfalls → rows: the only writer of the read tables, inside the store's transaction.

:mod:`~storage.projection.update` projects events as they arrive,
:mod:`~storage.projection.update` all of them at once. Both agree: however the events came in, the
rows are the same but for numbers that are local to a file.
"""
