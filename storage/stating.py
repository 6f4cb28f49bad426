"""What the vendor said: statements at the references of a pitfall."""

from __future__ import annotations

from typing import Any

from storage.events import ReferenceAdded, StatementAdded
from storage.model.urls import is_web_address, source_of
from storage.write import invariants
from storage.write.fixes import Fixing
from storage.write.validation import typed

#: Stands for the reference until it is known; every statement has one.
_NONE_YET = "0" * 32


class Stating(Fixing):
    """The side of the store that listens to the vendor."""

    def add_statement(self, pitfall: str, reference: str, **said: Any) -> str:
        """Note what somebody said of a pitfall, mostly one of the vendor's own; its id.

        Args:
            pitfall: what was spoken of.
            reference: where it was said: the id of one of its references, or a web address,
                which becomes a reference in the same step if none of them has it.
            said: the other fields of :class:`StatementAdded`.

        Raises:
            NotFound: if the pitfall has no such reference.
        """
        statement = typed(StatementAdded, reference=_NONE_YET, **said)
        invariants.was_said(statement.said_on, self.now())
        link = None
        if is_web_address(reference):
            link = typed(ReferenceAdded, url=reference, source=source_of(reference))
        with self.writing() as transaction:
            transaction.live(pitfall)
            if link is not None:
                known = transaction.reference_to(pitfall, link.url)
                reference = known or transaction.add(pitfall, link).id
            owner = transaction.owner(pitfall, reference)
            if link is None or known:
                invariants.refers(transaction.live(owner), reference)
            body = statement.model_copy(update={"reference": reference})
            added = transaction.add(owner, body)
        return added.id
