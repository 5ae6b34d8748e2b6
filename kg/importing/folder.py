"""A study folder that is laid out aside and moved into its place, file by file, when it is whole.

Files that belong to an import (sources, codings, its report) are replaced, unless a person edited them.
Files that are the person's (study.yaml, codebook.yaml, references.json) are only added to.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

from kg import moving
from kg.aside import is_free
from kg.errors import Finding, StudyError
from kg.loaders import _yaml_write
from kg.loaders._files import MAX_BYTES
from kg.loaders.imports.safe import MAX_TOTAL, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.loaders.study import Loaded

_ORDER = ("sources", "references.json", "concepts.yaml", "codebook.yaml", "propositions.yaml", "study.yaml")
"""What is moved first, so that a study that is being moved names nothing that is not there yet."""
_LAST = "imports"


def existing(folder: Path) -> Loaded | None:
    """Return the study that a folder holds; None when there is no folder, or an empty one.

    Args:
        folder: where something is to be imported.

    Raises:
        StudyError: when the folder holds something else, or the study has errors.
    """
    from kg.loaders import study as loader

    if (folder / "study.yaml").is_file():
        return loader.load(folder)
    if not is_free(folder):
        mend = "name a study, or a folder that is not there yet, with --into"
        raise StudyError([Finding(str(folder), 0, "no-study", "it holds something, and no study.yaml", mend)])
    return None


class Folder:
    """A copy of a study, into which an import writes.

    Args:
        aside: an empty folder beside the study's place.
        study: the study's place.
        owned: SHA-256 of the files of the import before, by path, as it wrote them.
    """

    def __init__(self, aside: Path, study: Path, owned: Mapping[str, str]) -> None:
        self.aside, self.owned = aside, owned
        self.written: dict[str, str] = {}
        self.conflicts: list[str] = []
        self.changed: set[str] = set()
        """Paths of what is not as it was in the study."""
        self._size = 0
        if study.is_dir():
            # Links cost nothing; a file that is written anew is unlinked first.
            skipped = shutil.ignore_patterns(".*", "lost+found")
            shutil.copytree(study, aside, dirs_exist_ok=True, copy_function=moving.link, ignore=skipped)

    def own(self, path: str, text: str) -> bool:
        """Write a file of the import.

        Args:
            path: its path in the study.
            text: its content; line ends stay as they are.

        Returns:
            Whether the file holds this; False when a person edited it, which is a conflict if it is new as well.
        """
        data = text.encode()
        digest = self.written[path] = hashlib.sha256(data).hexdigest()
        there = self._digest(path)
        if there not in (None, digest, self.owned.get(path)):
            if self.owned.get(path) != digest:
                self.conflicts.append(path)
            return False
        if there != digest:
            self.write(path, data)
        return True

    def is_untouched(self, path: str) -> bool:
        """Say whether a file of the import before is as that import wrote it.

        Args:
            path: its path in the study.
        """
        there = self._digest(path)
        return there is not None and there == self.owned.get(path)

    def _digest(self, path: str) -> str | None:
        """Return the SHA-256 of a file as it is; None when there is none."""
        target = self.aside / path
        return hashlib.sha256(target.read_bytes()).hexdigest() if target.is_file() else None

    def write(self, path: str, data: bytes) -> None:
        """Write a file, whatever is there.

        Args:
            path: its path in the study.
            data: its bytes.

        Raises:
            StudyError: when it, or all that was written, is more than a study can hold.
        """
        if len(data) > MAX_BYTES:
            refuse(
                path, "file-too-big", f"it would have {len(data):,} bytes, more than {MAX_BYTES:,}", "split the file"
            )
        self.changed.add(path)
        self._size += len(data)
        if self._size > MAX_TOTAL:
            refuse(path, "file-too-big", f"the study would have more than {MAX_TOTAL:,} bytes", "split the file")
        target = self.aside / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_bytes(data)

    def add(self, path: str, lists: Mapping[str, Sequence[Any]], pinned: Mapping[str, str]) -> None:
        """Add records to lists of a YAML file that is the person's; comments and order stay.

        Args:
            path: its path in the study.
            lists: new records by the key of their list.
            pinned: new SHA-256 of sources by their id, for study.yaml.
        """
        if not any(lists.values()) and not pinned:
            return
        from io import StringIO

        from ruamel.yaml import YAML

        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = 100_000
        yaml.indent(mapping=2, sequence=4, offset=2)
        if not (self.aside / path).is_file():
            name = path.removesuffix(".yaml")
            self.write(
                path, new_file(f"schema/{name}", {key: list(records) for key, records in lists.items()}).encode()
            )
            return
        content = yaml.load((self.aside / path).read_text("utf-8-sig"))
        for key, records in lists.items():
            if records and content.get(key) is None:
                content[key] = []
            if records and hasattr(content[key], "fa"):
                content[key].fa.set_block_style()
            content[key].extend(records) if records else None
        for entry in content.get("sources") or ():
            if entry["id"] in pinned:
                entry["sha256"] = pinned[entry["id"]]
        stream = StringIO()
        yaml.dump(content, stream)
        self.write(path, stream.getvalue().encode())

    def add_references(self, items: Sequence[Mapping[str, Any]]) -> None:
        """Add CSL-JSON items to references.json; what is there stays byte for byte."""
        path = self.aside / "references.json"
        text = ",\n".join(json.dumps(item, ensure_ascii=False, indent=1) for item in items)
        if not text:
            return
        there = path.read_text("utf-8-sig").rstrip().removesuffix("]").rstrip() if path.is_file() else "["
        self.write("references.json", f"{there}{',' if there != '[' else ''}\n{text}\n]\n".encode())

    def check(self) -> None:
        """Refuse when a person's edits and the import's news are in the same file.

        Raises:
            StudyError: with every such file.
        """
        if self.conflicts:
            message = "it was edited by hand, and the imported file has changed there as well"
            mend = "import into a new folder and compare; or undo the edit, import, and make it again"
            raise StudyError([Finding(path, 0, "import-conflict", message, mend) for path in self.conflicts])

    def move(self, study: Path) -> None:
        """Move what was written into its place: all of it or nothing.

        Args:
            study: the study's place.
        """
        order = {name: number for number, name in enumerate(_ORDER)}

        def place(name: str) -> tuple[int, str]:
            return order.get(name.partition("/")[0], len(order) + name.startswith(_LAST)), name

        moving.move_in(self.aside, study, place)


def new_file(schema: str, content: Mapping[str, Any]) -> str:
    """Return the text of a study file that names its schema.

    Args:
        schema: path of the schema from the file.
        content: what the file says.
    """
    return f"# yaml-language-server: $schema={schema}.json\n{_yaml_write.dump(content)}"
