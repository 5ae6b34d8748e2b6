"""The first study is made as its page says, in both languages, and is published without its interviews."""

from __future__ import annotations

import re

import browser
import first_study
import pytest
from first_study import CHINESE, ENGLISH
from test_documented_documents import fits

pytestmark = pytest.mark.slow
WITHHELD = {ENGLISH: ("could not solder", "mend a toaster"), CHINESE: ("我不会焊接", "一架子零件")}


@pytest.mark.parametrize("story", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_the_first_study_is_made_and_published_as_its_page_says(chromium, story, tmp_path):
    study = first_study.begin(story, tmp_path)
    taken = set()
    with browser.edited(study) as (address, begin), browser.Visit(chromium, address) as visit:
        first_study.in_the_browser(visit.page, story, address, begin, study, taken.add)
        assert visit.elsewhere() == []
    first_study.publish(story, study)
    for command, printed in first_study.commands(story)[1:]:
        assert fits(printed, first_study.run(tmp_path, command)), command
    text = first_study.prose(story)
    for name in taken:
        assert f"pictures/{story.page}/{name}.png)" in text
    # What the hands type is what the page tells to type.
    for claim in story.claims:
        assert f"| {' | '.join(claim)} |" in text
    plain = " ".join(text.split())
    for one in story.passages:
        assert all(words in plain for words in (one.words, one.code, one.reason))
    assert story.asked in text
    # The first promise, and what is withheld.
    assert "no passage at all" in first_study.run(tmp_path, f"kg trace P3 --study {story.study}")
    written = b"".join(file.read_bytes() for file in (tmp_path / "public").rglob("*") if file.is_file())
    assert story.passages[0].words.encode() in written
    (title,) = re.findall(r"title: {en: (.*?)}", (study / "study.yaml").read_text("utf-8"))
    page = (tmp_path / f"public{story.prefix}/index.html").read_text("utf-8")
    assert re.search(rf"<textarea[^>]*>{story.who} \(20\d\d\)\. {title} \[", page)
    for words in WITHHELD[story]:
        assert words in "".join(file.read_text("utf-8") for file in study.glob("sources/*.txt"))
        assert words.encode() not in written
