"""Take the pages that stand beside README.md into the site, for mkdocs.yml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
PAGES = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md"}
"""The pages at the root of the checkout, and what they are called in the site."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them, with links as they are from within docs."""
    for name, page in PAGES.items():
        if (ROOT / name).is_file():
            text = (ROOT / name).read_text("utf-8")
            text = re.sub(r"\]\((?:docs/)?([^):]+)\)", lambda found: f"]({PAGES.get(found[1], found[1])})", text)
            files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Lead to those pages from others; a link to another file of the checkout is its words alone."""
    if "/" in page.file.src_uri:
        return markdown
    return re.sub(r"\[([^\]]*)\]\(\.\./([^)]+)\)", _link, markdown)


def _link(found: re.Match[str]) -> str:
    return f"[{found[1]}]({PAGES[found[2]]})" if found[2] in PAGES else found[1]
