"""Exports: JSON, CSV and events."""
