"""The steps of docs/first-study.md and docs/zh/first-study.md: what a test does is what the pictures show."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import browser

DOCS = Path(__file__).parent.parent / "docs"


@dataclass(frozen=True)
class Passage:
    """What is done with some words: the code they get, and for what they speak.

    Args:
        source: id of the interview.
        words: as they stand there.
        code: name of the code.
        claim: id of the claim.
        stance: key of the palette: 1 supports, 2 opposes.
        strength: key of the palette: s, m or w.
        reason: why.
    """

    source: str
    words: str
    code: str
    claim: str
    stance: str
    strength: str
    reason: str


@dataclass(frozen=True)
class Story:
    """One study in one language.

    Args:
        page: of the docs, without suffix.
        prefix: of addresses in its language.
        study: name of its folder.
        interviews: folder below docs/examples.
        who: name of the coder.
        claims: words, subject, relation, object.
        passages: in the order in which they are coded.
        asked: the question.
    """

    page: str
    prefix: str
    study: str
    interviews: str
    who: str
    claims: tuple[tuple[str, str, str, str], ...]
    passages: tuple[Passage, ...]
    asked: str


ENGLISH = Story(
    "first-study",
    "",
    "repair-cafe",
    "repair-cafe",
    "Ada Park",
    (
        ("Being thanked keeps volunteers.", "thanks", "keeps", "volunteers"),
        ("Learning from each other keeps volunteers.", "learning", "keeps", "volunteers"),
        ("A free meal keeps volunteers.", "free meal", "keeps", "volunteers"),
    ),
    (
        Passage(
            "marta",
            "An old man cried when his radio played again. He thanked me three times, and I was back the next Saturday.",
            "Thanked",
            "P1",
            "1",
            "w",
            "She names the thanks, and then that she came back.",
        ),
        Passage(
            "tom",
            "People thanked me every week, and I still left.",
            "Thanked",
            "P1",
            "2",
            "w",
            "He was thanked, and left all the same.",
        ),
        Passage(
            "yusuf",
            "I came to get my lamp mended and stayed to learn how.",
            "Learning a craft",
            "P2",
            "1",
            "w",
            "He says that he stayed to learn.",
        ),
    ),
    "what supports thanks",
)
CHINESE = Story(
    "zh/first-study",
    "/zh",
    "修理屋",
    "xiu-li-wu",
    "王小明",
    (
        ("受到感谢能留住志愿者。", "感谢", "留住", "志愿者"),
        ("互相学习能留住志愿者。", "互相学习", "留住", "志愿者"),
        ("免费晚餐能留住志愿者。", "免费晚餐", "留住", "志愿者"),
    ),
    (
        Passage(
            "李敏",
            "有位老人的收音机又响了，他当场哭了，连说三声谢谢，下个星期六我就又来了。",
            "受到感谢",
            "P1",
            "1",
            "w",
            "她先说到感谢，接着说自己又来了。",
        ),
        Passage("王强", "每周都有人谢我，可我还是走了。", "受到感谢", "P1", "2", "w", "他受到感谢，却仍然离开了。"),
        Passage("赵云", "后来留下来学着修，一学就是三年。", "学手艺", "P2", "1", "w", "他说自己是为了学手艺留下来的。"),
    ),
    "什么支持感谢",
)


def begin(story: Story, room: Path) -> Path:
    """Make the study in a folder, as the first command of the page does."""
    ((command, printed), *_) = commands(story)
    assert run(room, command) == printed
    # What 'kg browse' does first.
    run(room, f"kg build {story.study}")
    return room / story.study


def run(room: Path, command: str) -> str:
    """Return what a command prints that is given in a folder."""
    words = [sys.executable, "-m", "kg", *shlex.split(command)[1:]]
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(words, cwd=room, text=True, encoding="utf-8", check=False, **both)
    assert done.returncode == 0, done.stdout
    return done.stdout


def prose(story: Story) -> str:
    """Return the page that tells the story."""
    return (DOCS / f"{story.page}.md").read_text("utf-8")


def publish(story: Story, study: Path) -> None:
    """Write into study.yaml what the page has a person write there: a title, and lines at its end."""
    (title,) = re.findall(r"`(title: .*?)`", prose(story))
    (lines,) = re.findall(r"```yaml\n(.*?)```", prose(story), re.DOTALL)
    file = study / "study.yaml"
    text, number = re.subn(r"^title: .*$", title, file.read_text("utf-8"), flags=re.MULTILINE)
    assert number == 1
    file.write_text(text + lines, "utf-8")


def commands(story: Story) -> list[tuple[str, str]]:
    """Return the commands of the page, each with what it says that they print."""
    blocks = "".join(re.findall(r"```console\n(.*?)```", prose(story), re.DOTALL))
    return re.findall(r"^\$ (kg .*)\n((?:(?!\$ ).*\n)*)", blocks, re.MULTILINE)


def select(page: Any, words: str) -> None:
    """Select words with the mouse."""
    browser.draw(page, words)
    page.wait_for_selector("#palette:not([hidden])")


def edit(page: Any, act: Any) -> None:
    """Do what is an edit, and wait until it is stored."""
    with page.expect_response(lambda r: r.url.endswith("/edit") and r.request.method == "POST") as told:
        act()
    assert told.value.ok, told.value.text()


def choose_who(page: Any, story: Story, shot: Any) -> None:
    """Say who edits."""
    page.locator("[data-does=who]").click()
    page.locator("#who summary").click()
    page.locator("#who [name=name]").fill(story.who)
    shot("who")
    with page.expect_response(lambda r: r.url.endswith("/edit/who")):
        page.locator("#who [value=choose]").click()
    page.locator("[data-does=who]", has_text=story.who).wait_for()


def add_documents(page: Any, story: Story, base: str, shot: Any) -> None:
    """Choose the interviews on the page of the sources."""
    page.goto(f"{base}{story.prefix}/sources")
    page.wait_for_selector("#editing:not([hidden])")
    files = sorted((DOCS / "examples" / story.interviews).glob("*.txt"))
    page.locator("#documents input[type=file]").set_input_files(files)
    for file in files:
        page.locator("#documents li a.source", has_text=file.stem).wait_for()
        page.locator("main .entry-list a.source", has_text=file.stem).last.wait_for()
    shot("documents")


def make_claims(page: Any, story: Story, base: str, shot: Any) -> None:
    """Make the claims of the theory, with the concepts that they join."""
    page.goto(f"{base}{story.prefix}/propositions")
    page.wait_for_selector("#editing:not([hidden])")
    form = page.locator("#proposition-form")
    for number, (words, *parts) in enumerate(story.claims, 1):
        page.locator("[data-do=new]").click()
        form.locator("[name='statement.en']").fill(words)
        for name, part in zip(("subject", "relation", "object"), parts, strict=True):
            form.locator(f"[name={name}]").fill(part)
        form.locator("[data-adds]").check()
        if number == 1:
            shot("claim")
        edit(page, form.locator("[value=save]").click)
        page.locator("a.proposition", has_text=f"P{number}").first.wait_for()


def code_and_judge(page: Any, story: Story, base: str, shot: Any) -> None:
    """Code each passage, and draw its evidence line."""
    for number, one in enumerate(story.passages):
        page.goto(f"{base}{story.prefix}/source/{one.source}")
        page.wait_for_selector("body[data-coding=ready]")
        select(page, one.words)
        page.keyboard.press("c")
        page.keyboard.type(one.code)
        if number == 0:
            shot("code")
        edit(page, lambda: page.keyboard.press("Enter"))
        page.locator("mark", has_text=one.words[:12]).first.wait_for()
        select(page, one.words)
        page.keyboard.press(one.stance)
        page.keyboard.type(one.claim)
        page.keyboard.press("Enter")
        page.keyboard.press(one.strength)
        page.keyboard.type(one.reason)
        if number == 1:
            shot("evidence")
        edit(page, lambda: page.keyboard.press("Enter"))
        page.locator(".margin").get_by_text(one.claim).first.wait_for()


def ask_and_trace(page: Any, story: Story, base: str, shot: Any) -> None:
    """Ask, and follow a quote to its place; then see what no quote supports."""
    page.goto(f"{base}{story.prefix}/")
    page.locator("input[name=q]").first.fill(story.asked)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?q=*")
    shot("answer")
    page.locator("main a[href*='#excerpt-']").first.click()
    page.wait_for_url("**/source/**")
    shot("passage")
    page.goto(f"{base}{story.prefix}/propositions")
    page.locator("a.proposition", has_text="P3").first.wait_for()
    shot("claims")


def break_a_quote(page: Any, story: Story, folder: Path, shot: Any) -> None:
    """Change a word of a quote by hand: the page says so at once; then put it right."""
    first = story.passages[0]
    (file,) = [one for one in folder.glob("codings/*.yaml") if first.words in one.read_text("utf-8")]
    right = file.read_bytes()
    file.write_bytes(right.replace(first.words.encode(), (first.words[:-1] + first.words[-2:]).encode()))
    page.locator("#broken:not([hidden])").wait_for()
    page.locator("#broken", has_text=file.name).wait_for()
    shot("broken")
    file.write_bytes(right)
    page.locator("#broken").wait_for(state="hidden")


def in_the_browser(page: Any, story: Story, base: str, begin: str, folder: Path, shot: Any) -> None:
    """Do all that the page does in the browser; ``shot`` takes a picture under a name."""
    page.goto(base + begin)
    page.goto(f"{base}{story.prefix}/")
    page.wait_for_selector("#editing:not([hidden])")
    choose_who(page, story, shot)
    add_documents(page, story, base, shot)
    make_claims(page, story, base, shot)
    code_and_judge(page, story, base, shot)
    ask_and_trace(page, story, base, shot)
    break_a_quote(page, story, folder, shot)
