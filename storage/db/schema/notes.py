"""What a team notes when it looks back."""

from __future__ import annotations

from sqlite_utils import Database


def what_a_team_notes(db: Database) -> None:
    """Notes, decisions and follow-ups; ``pitfall`` is empty where they are about none."""
    db.table("retro_notes").create(
        {
            "id": str,
            "pitfall": str,
            "at": int,
            "who": str,
            "sort": str,
            "text": str,
            "text_zh": str,
            "owner": str,
            "due": str,
            "done_on": str,
        },
        pk="id",
        not_null={"pitfall", "at", "sort", "text"},
    )
    for columns in (["pitfall"], ["at"]):
        db.table("retro_notes").create_index(columns)
    db.execute("CREATE INDEX idx_retro_notes_due ON retro_notes (due) WHERE sort = 'follow-up'")
