"""Write what pydantic makes of the classes of events; see ``storage/events/checked.py``."""

from __future__ import annotations

from storage.events.checked import SCHEMAS, schema_lines

if __name__ == "__main__":
    SCHEMAS.write_text("".join(schema_lines()), "utf-8")
