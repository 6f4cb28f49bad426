"""Configuration, paths, session, editor, viewer, themes."""
