"""The record: one SQLite file of immutable events, and what is computed from them.

Writes go through :class:`storage.write.store.Store`; reads go through
:class:`storage.read.board.Board`. Nothing here knows of terminals.
"""
