"""Events of a pitfall's set of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from storage.events.body import Body, Words
from storage.model.records import Text

if TYPE_CHECKING:
    from storage.events.envelope import Event
    from storage.fold.state import Draft

_Tag = Annotated[Words, Field(min_length=1, pattern=r"^\S+$")]


class TagAdded(Body):
    """A tag joins the set."""

    kind: ClassVar[str] = "tag_added"

    tag: _Tag

    def apply(self, draft: Draft, event: Event) -> None:
        """Add it; adding twice is adding once."""
        draft.change("tag", Text(), Text(self.tag))
        draft.tags.add(self.tag)


class TagRemoved(Body):
    """A tag leaves the set."""

    kind: ClassVar[str] = "tag_removed"

    tag: _Tag

    def apply(self, draft: Draft, event: Event) -> None:
        """Remove it, if it is there."""
        draft.change("tag", Text(self.tag), Text())
        draft.tags.discard(self.tag)
