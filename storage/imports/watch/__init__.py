"""Watching links: fetch their pages politely, read what changed there, and suggest vendor replies.

Nothing here writes an event: what was seen is kept in tables of this file alone, and a person
decides.
"""
