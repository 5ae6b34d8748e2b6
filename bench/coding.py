"""Measure how long an edit takes in the browser: from the last key to the highlight, with files and journal written.

    python bench/coding.py [--size 100000]

Without a size the bundled study is edited, in a copy. In Chromium a code is given by keys to a few words, again and again,
each after the page shows the edit before; then the code that most passages have gets another id. Beside the wall time
stands the processor's time of the processes that serve and write, without the build that follows each edit and without
Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from browse import share
from generate import generate
from run import machine

import kg

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import browser
import servers

EDITS = 100
CLOCK = """() => {
  window.times = [];
  let began = 0;
  // A key or click of the hand; the highlight is on the screen after the frame that follows the answer.
  for (const does of ["keydown", "click"]) {
    addEventListener(does, (event) => { if (event.isTrusted && (does === "click" || event.key === "Enter")) began = performance.now(); }, true);
  }
  document.addEventListener("edited", ({ detail }) => {
    if (!Object.keys(detail.files).length) throw Error("nothing was written");
    requestAnimationFrame(() => setTimeout(() => window.times.push(performance.now() - began)));
  });
}"""


class Edited:
    """Run 'kg browse --edit'."""

    def __init__(self, study: Path) -> None:
        command = ["browse", "--edit", "--study", str(study), "--port", str(servers.free_port()), "--no-open", "--json"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from kg.cli import main; main()", *command], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.begin = json.loads(self.process.stdout.readline())["address"]
        self.address = self.begin.partition("/edit/")[0]

    def spent(self) -> float:
        """Return the processor's time that serving and writing took so far (seconds)."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        children = [pid for task in tasks for pid in task.read_text("ascii").split()]
        writing = [pid for pid in children if b"kg.browse.writer" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        ticks = 0
        for pid in (str(self.process.pid), *writing):
            # After the name, which may have blanks: the 12th and 13th are user and system time (proc_pid_stat(5)).
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def codes_given(study: Path) -> Counter[str]:
    """Count the passages of each code."""
    texts = (file.read_text("utf-8") for file in sorted((study / "codings").glob("*.yaml")))
    return Counter(
        code for text in texts for listed in re.findall(r"codes: \[([^\]]*)", text) for code in listed.split(", ")
    )


def longest(study: Path) -> str:
    """Return the source in English with most paragraphs, which is no text of the theory."""
    listed = yaml.safe_load((study / "study.yaml").read_text("utf-8"))["sources"]
    size = {
        one["id"]: (study / one["file"]).stat().st_size
        for one in listed
        if one["role"] != "theory" and one.get("language", "en") == "en"
    }
    return max(sorted(size), key=lambda one: size[one])


def coded(page: Any, server: Edited, number: int) -> tuple[float, float]:
    """Give a code to words of the next paragraph; return how long that took by the clock and by the processor (seconds)."""
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    for _ in range(number % 7):
        page.keyboard.press("ArrowRight")
    for _ in range(2 + number // 40):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("c")
    shown = page.get_attribute("body", "data-build")
    there, before = page.evaluate("window.times.length"), server.spent()
    page.keyboard.press("Enter")
    page.wait_for_function("before => window.times.length > before", arg=there, timeout=120_000)
    spent = server.spent() - before
    # A hand takes longer to the next passage than the study takes to be built.
    page.wait_for_function("was => document.body.dataset.build !== was", arg=shown, timeout=120_000)
    return float(page.evaluate("window.times.at(-1)")) / 1000, spent


def renamed(page: Any, server: Edited, code: str) -> tuple[float, float]:
    """Give a code another id in its form, and return how long that took by the clock and by the processor (seconds)."""
    page.goto(f"{server.address}/codes")
    page.wait_for_selector("#editing:not([hidden])")
    page.evaluate(CLOCK)
    page.locator(f"[data-record='{code}'] [data-do=edit]").click()
    form = page.locator("#code-form form")
    form.locator("[name=id]").fill(f"{code}-renamed")
    before = server.spent()
    form.locator("button[value=save]").click()
    page.wait_for_function("() => window.times.length", timeout=120_000)
    return float(page.evaluate("window.times.at(-1)")) / 1000, server.spent() - before


def measure(study: Path, edits: int = EDITS) -> list[str]:
    """Measure a study, which is edited, and return rows for docs/speed-pages.md."""
    given = codes_given(study)
    codings = sum(given.values())
    server = Edited(study)
    rows = []
    try:
        with browser.chromium() as chromium, browser.Visit(chromium, server.address) as visit:
            page = visit.page
            page.goto(server.begin)
            page.evaluate(
                "import('/static/edit.js').then((road) => road.ready)"
                ".then((session) => fetch('/edit/who', {method: 'POST', body: JSON.stringify({coder: session.coders[0].id}),"
                " headers: {'Content-Type': 'application/json', 'X-KG-Token': session.token}}))"
            )
            page.goto(f"{server.address}/source/{longest(study)}")
            page.wait_for_selector("body[data-coding=ready]")
            page.evaluate(CLOCK)
            times, spent = zip(*(coded(page, server, number) for number in range(edits)), strict=True)
            rows.append(
                ("give a code", codings, edits, share([*times], 0.5), share([*times], 0.95), sum(spent) / edits, 0.15)
            )
            ((first, number),) = given.most_common(1)
            took, of_it = renamed(page, server, first)
            rows.append(
                (
                    f"rename a code of {number:,} passages",
                    codings,
                    1,
                    took,
                    took,
                    of_it,
                    2.0,
                )
            )
    finally:
        server.stop()
    return [_row(*row) for row in rows]


def _row(what: str, codings: int, times: int, middle: float, most: float, spent: float, target: float) -> str:
    met = "yes" if most <= target else "NO"
    cells = [what, f"{codings:,}", str(times), *(f"{n * 1000:,.0f}" for n in (middle, most, spent, target)), met]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure edits in the browser.")
    parser.add_argument("--size", type=int, default=0, help="passages of a generated study; the bundled one without it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study"
        os.environ["DART_KG_CACHE"] = str(Path(folder) / "cache")
        if given.size:
            generate(given.size, study)
        else:
            shutil.copytree(kg.open("dart").folder, study)
        subprocess.run([sys.executable, "-c", "from kg.cli import main; main()", "build", str(study)], check=True)
        print("\n".join(measure(study)))
    print(*machine(), sep="\n")


if __name__ == "__main__":
    main()
