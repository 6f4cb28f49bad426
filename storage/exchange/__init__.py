"""Files in and out: events as lines, tables for other programs."""
