"""The board as it was: what the list showed at each time, and a board of any day.

A pitfall at a time is the fold of the events that were there by then. *There by then* has two
meanings: that somebody had done it (:attr:`Clock.AT`), or that this machine knew of it
(:attr:`Clock.KNOWN`); they differ only for what came from elsewhere later.
"""
