"""Imports: notes, issue lists and events into the record."""
