"""The wheel is complete: built, installed into a fresh environment, and started from there."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pexpect
import pytest
from packaging.requirements import Requirement

from tests.conftest import AS_STARTED
from tests.processes import PATIENCE

ROOT = Path(__file__).parents[2]
_READ = {".py", ".tcss", ".mo", ".toml", ".jinja", ".txt", ".html", ".css", ".js"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what is in the checkout."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, ROOT],
        check=True,
        capture_output=True,
    )
    [built] = target.glob("pitboard-*.whl")
    return built


def test_it_holds_every_file_that_is_read_at_run_time(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("tui", "storage", "seeds"):
        for path in (ROOT / folder).rglob("*"):
            if path.parent.name != "locale" and path.suffix in _READ:
                assert path.relative_to(ROOT).as_posix() in held
    manual = [name for name in held if name.endswith("/data/share/man/man1/pitboard.1")]
    assert len(manual) == 1
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in held)


def test_the_same_commit_gives_the_same_bytes(tmp_path: Path) -> None:
    built = []
    for name, umask in (("one", 0o022), ("other", 0o077)):
        # Another copy, of another time and with other permissions.
        copy = tmp_path / name / "pitboard"
        shutil.copytree(
            *(ROOT, copy),
            copy_function=shutil.copy,
            ignore=shutil.ignore_patterns(".*_cache", "__pycache__", ".venv", ".git", "dist"),
        )
        for path in copy.rglob("*.py"):
            path.chmod(0o666 & ~umask)
        subprocess.run(
            [sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path / name, copy],
            env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
            umask=umask,
            check=True,
            capture_output=True,
        )
        files = sorted((tmp_path / name).glob("pitboard-*"))
        assert [one.suffix for one in files] == [".whl", ".gz"]
        built.append([(one.name, hashlib.sha256(one.read_bytes()).hexdigest()) for one in files])
    assert built[0] == built[1]


#: Where Pitboard is to be installed: system, processor, and whether there is a wheel of hyperscan.
PLATFORMS = [
    ("linux", "x86_64", True),
    ("linux", "aarch64", True),
    ("linux", "riscv64", False),
    ("darwin", "x86_64", True),
    ("darwin", "arm64", True),
    ("win32", "AMD64", True),
    ("win32", "ARM64", False),
    ("freebsd14", "amd64", False),
]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14", "3.15"])
@pytest.mark.parametrize(("system", "processor", "has_wheel"), PLATFORMS)
def test_each_platform_gets_one_engine(
    system: str, processor: str, has_wheel: bool, python: str
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [Requirement(one) for one in project["dependencies"]]
    for implementation in ("CPython", "PyPy"):
        here = {
            "sys_platform": system,
            "platform_machine": processor,
            "python_version": python,
            "platform_python_implementation": implementation,
        }
        got = [
            one.name
            for one in asked
            if one.name in ("hyperscan", "regex") and one.marker and one.marker.evaluate(here)
        ]
        is_fast = has_wheel and implementation == "CPython" and python != "3.15"
        assert got == ["hyperscan" if is_fast else "regex"]


@pytest.mark.parametrize("with_dependencies", [False, pytest.param(True, marks=pytest.mark.storm)])
def test_a_fresh_environment_starts_the_board_from_it(
    wheel: Path, tmp_path: Path, with_dependencies: bool
) -> None:
    """With its dependencies from the index, or with those of this environment."""
    venv.create(tmp_path / "venv", with_pip=with_dependencies)
    commands = tmp_path / "venv" / "bin"
    install = ["install", "--quiet", "--disable-pip-version-check"]
    if with_dependencies:
        install = [str(commands / "python"), "-m", "pip", *install]
        install += ["-c", str(ROOT / ".ci" / "constraints.txt")]
    else:
        install = [sys.executable, "-m", "pip", "--python", str(commands / "python"), *install]
        install.append("--no-deps")
        [packages] = (tmp_path / "venv" / "lib").glob("python3*/site-packages")
        held = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
        # A path alone: what lies there as .pth, such as the way to this checkout, is not followed.
        (packages / "dependencies.pth").write_text("\n".join(held), "utf-8")
    subprocess.run(
        [*install, wheel],
        # With the machine's own settings and cache of pip.
        env=AS_STARTED,
        check=True,
        capture_output=True,
    )
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "PITBOARD_LANG": "zh_CN",
    }
    board = pexpect.spawn(
        str(commands / "pitboard"),
        env=surroundings,
        cwd=tmp_path,
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=PATIENCE,
    )
    board.expect("未解决")
    board.expect("体验版")
    board.send("q")
    board.expect(pexpect.EOF)
    board.close()
    assert board.exitstatus == 0
    listed = subprocess.run(
        [commands / "pitboard", "list"],
        env=surroundings,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert len(listed.stdout.splitlines()) == 10
    _runs_the_examples_of_the_readme(commands, tmp_path / "empty")


def _runs_the_examples_of_the_readme(commands: Path, home: Path) -> None:
    """Run all command lines of the README that need no remote, from top to bottom, as shells do."""
    text = (ROOT / "README.md").read_text("utf-8").replace("<!-- test command -->\n```sh", "")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M)
    assert len(blocks) >= 5
    home.mkdir()
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        env={"PATH": f"{commands}:{os.environ['PATH']}", "HOME": str(home), "LANG": "C.UTF-8"},
        cwd=home,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    assert "867d" in ran.stdout
    assert "Traceback" not in ran.stderr
