"""Whether every dependency has a wheel on each platform that docs/install.md names.

It resolves them with uv, which has to be installed, and installs nothing:
``python .ci/wheels.py``. It ends with 1 if a platform lacks one.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: Each platform as uv calls it, and by what signatures are found there.
PLATFORMS = {
    "x86_64-manylinux_2_28": "hyperscan",
    "aarch64-manylinux_2_28": "hyperscan",
    "x86_64-unknown-linux-musl": "hyperscan",
    "aarch64-unknown-linux-musl": "hyperscan",
    "x86_64-apple-darwin": "hyperscan",
    "aarch64-apple-darwin": "hyperscan",
    "x86_64-pc-windows-msvc": "hyperscan",
    "aarch64-pc-windows-msvc": "regex",
}
#: PyYAML has no wheel there; its source needs no compiler.
BUILT = {("aarch64-pc-windows-msvc", "3.11")}


def resolved(platform: str, python: str) -> subprocess.CompletedProcess[str]:
    """What uv says of the dependencies on a platform, from wheels alone."""
    return subprocess.run(
        [
            *("uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate"),
            *("--only-binary", ":all:", "--python-platform", platform),
            *("--python-version", python, str(ROOT / "pyproject.toml")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def main() -> int:
    """Ask for every platform and Python; how many lack something."""
    lacking = 0
    for platform, engine in PLATFORMS.items():
        for python in PYTHONS:
            if (platform, python) in BUILT:
                continue
            answer = resolved(platform, python)
            names = {line.partition("==")[0] for line in answer.stdout.splitlines()}
            engines = names & {"hyperscan", "regex"}
            is_whole = answer.returncode == 0 and engines == {engine}
            print(f"{'ok  ' if is_whole else 'LACK'} {platform} {python} {' '.join(engines)}")
            if not is_whole:
                lacking += 1
                print(answer.stderr, file=sys.stderr)
    return min(lacking, 1)


if __name__ == "__main__":
    sys.exit(main())
