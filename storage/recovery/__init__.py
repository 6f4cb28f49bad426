"""Building a new board from whatever can be verified of a damaged one and its copies."""
