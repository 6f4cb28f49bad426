"""Whether system calls can be looked at and made to fail here."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

STRACE: Final = shutil.which("strace")


def can_trace() -> bool:
    """Whether strace is there and may trace."""
    if STRACE is None:
        return False
    tried = subprocess.run([STRACE, "-o", os.devnull, "true"], capture_output=True, check=False)
    return tried.returncode == 0
