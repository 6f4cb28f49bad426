"""The board as of a date, and the difference between two dates."""
