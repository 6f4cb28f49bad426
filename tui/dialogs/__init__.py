"""The dialogs. Each is loaded when it is first used, since the first paint does without them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.dialogs import (
        attachments as attachments,
    )
    from tui.dialogs import (
        conflicts as conflicts,
    )
    from tui.dialogs import (
        decisions as decisions,
    )
    from tui.dialogs import (
        fixes as fixes,
    )
    from tui.dialogs import (
        form as form,
    )
    from tui.dialogs import (
        form_values as form_values,
    )
    from tui.dialogs import (
        forms as forms,
    )
    from tui.dialogs import (
        general as general,
    )
    from tui.dialogs import (
        importing as importing,
    )
    from tui.dialogs import (
        new_pitfall as new_pitfall,
    )
    from tui.dialogs import (
        paste as paste,
    )
    from tui.dialogs import (
        retro as retro,
    )
    from tui.dialogs import (
        review as review,
    )
    from tui.dialogs import (
        sharing as sharing,
    )
else:

    def __getattr__(name: str) -> object:
        """A module of the package, by its name."""
        if name.startswith("_"):
            raise AttributeError(name)
        return import_module(f"{__name__}.{name}")
