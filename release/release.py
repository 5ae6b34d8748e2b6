"""Make a release: build, check, install in empty environments, and run the main job there; nothing is published.

It is run by 'make release'. docs/releasing.md says what a person does with what lies in dist/ then.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import licences
import packages

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
TOOLS = Path(sys.executable).parent


def run(*command: str | Path, **environment: str) -> None:
    """Run a command, and end with its output when it fails."""
    print(">", *(Path(word).name if isinstance(word, Path) else word for word in command), flush=True)
    done = subprocess.run(list(command), cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise SystemExit(f"'{Path(command[0]).name}' ended with {done.returncode}; there is no release")


def supported() -> list[str]:
    """Return the versions of Python that pyproject.toml names, such as 3.11, the oldest first."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    found = [one.rpartition(" ")[2] for one in named if one.startswith("Programming Language :: Python :: 3.")]
    return sorted(found, key=lambda one: int(one.partition(".")[2]))


def interpreter(version: str) -> Path | None:
    """Return a Python of a version: on the path, or of pyenv; None when there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True)]
    for one in filter(None, candidates):
        # A shim of pyenv is on the path and starts nothing where the version is not chosen.
        asked = subprocess.run(
            [str(one), "-c", "import sys, venv; print(sys.version_info[:2])"],
            capture_output=True,
            check=False,
            text=True,
        )
        if asked.stdout.strip() == str(tuple(map(int, version.split(".")))):
            return Path(one)
    return None


def bill(python: Path, wheel: Path, room: Path) -> None:
    """Hold the licences of what the wheel needs with all extras to the list, and write the bill of materials."""
    environment = room / "needs"
    run(python, "-m", "venv", "--without-pip", environment)
    needs = room / "needs.txt"
    needs.write_text(f"{wheel}[all]\n", "utf-8")
    pins = room / "versions.txt"
    locked = (ROOT / "locked-test.txt").read_text("utf-8").splitlines()
    pins.write_text(
        "".join(f"{line.removesuffix(' ' + chr(92))}\n" for line in locked if "--hash" not in line), "utf-8"
    )
    install = [TOOLS / "python", "-m", "pip", "--python", environment / "bin/python", "install", "-q", "-c", pins]
    run(*install, "-r", needs)
    # The wheel came from a path of this machine, which is nobody's business; it is the main component anyway.
    run(TOOLS / "python", "-m", "pip", "--python", environment / "bin/python", "uninstall", "-q", "-y", "dart-kg")
    listed = subprocess.run(
        [TOOLS / "pip-licenses", "--python", environment / "bin/python", "--format", "json", "--with-system"],
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    said = {entry["Name"]: entry["License"] for entry in json.loads(listed)}
    if wrong := [reason for name in sorted(said) if (reason := licences.refused(name, said[name]))]:
        raise SystemExit("\n".join(["licences that nobody allowed:", *wrong]))
    print(f"{len(said)} packages, all under licences of release/licences.toml", flush=True)
    for name in ("bill", "again"):
        run(TOOLS / "cyclonedx-py", "environment", "--output-reproducible", "--pyproject", ROOT / "pyproject.toml",
            "--of", "JSON", "-o", room / name, environment, SOURCE_DATE_EPOCH=str(packages.epoch()))  # fmt: skip
    text = (room / "bill").read_bytes()
    if text != (room / "again").read_bytes() or str(room).encode() in text or str(ROOT).encode() in text:
        raise SystemExit("the bill of materials is not the same twice, or names a folder of this machine")
    (DIST / f"dart_kg-{packages.version()}.cdx.json").write_bytes(text)


def main() -> None:
    """Make a release."""
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, check=True).stdout:
        raise SystemExit("there are changes that are not committed; what is released is a commit")
    pythons = {version: interpreter(version) for version in supported()}
    missing = [version for version, python in pythons.items() if python is None]
    there = [python for python in pythons.values() if python]
    if not there:
        raise SystemExit(f"none of Python {', '.join(pythons)} is on this machine")
    shutil.rmtree(DIST, ignore_errors=True)
    sdist, wheel = sorted(packages.build(DIST), key=lambda path: path.suffix == ".whl")
    run(TOOLS / "python", "-m", "twine", "check", "--strict", sdist, wheel)
    run(TOOLS / "check-wheel-contents", wheel)
    with tempfile.TemporaryDirectory() as room:
        bill(there[0], wheel, Path(room))
    for number, python in enumerate(there):
        # A wheel of the sdist is that very wheel, which the build has shown: once is enough to try how it installs.
        run("sh", ROOT / "tests/clean_room.sh", wheel, *([sdist] if not number else []), PYTHON=str(python))
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(DIST.iterdir())]
    (DIST / "SHA256SUMS").write_text("".join(sums), "utf-8")
    print("".join(sums), end="")
    tried = ", ".join(version for version, python in pythons.items() if python)
    print(f"dart-kg {packages.version()} is fine in empty environments of Python {tried}")
    if missing:
        print(f"{'!' * 80}\nNOT TRIED: Python {', '.join(missing)} is supported and not on this machine.\n{'!' * 80}")


if __name__ == "__main__":
    main()
