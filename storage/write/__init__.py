"""The write side: one store, one session, one transaction for each user action."""
