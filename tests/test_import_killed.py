"""An import that is killed at any moment leaves the study as it was or as it is to be, once the next command has run.

The processes kill themselves right before the n-th change of a file, for n from the first to the last.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import killing
import pytest
from test_refi_qda import CODES, project, quote

from kg import aside, exports, moving, paths, scaffold
from kg.errors import KGError, StudyError
from kg.journal import Journal, Move
from kg.loaders import study as loader
from kg.store import build

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="it forks")]
TEXT = "Prices are open.\nWe trust them. Nobody asked twice.\n"


def tree(folder):
    """Return all that is in a folder, also what has a dot before its name: files with their bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def numbered(folder, name, texts, codes=CODES):
    """Write a project of documents with a passage each."""
    sources = "".join(
        f'<TextSource guid="T{n}" name="Talk {n}" plainTextPath="internal://T{n}.txt">'
        f"{quote(text, 'We trust them').replace('S17', f'S{n}').replace('K17', f'K{n}')}</TextSource>"
        for n, text in enumerate(texts)
    )
    made = project(folder, sources, texts={f"sources/T{n}.txt": text for n, text in enumerate(texts)}, codes=codes)
    return made.rename(folder / name)


@pytest.fixture(scope="module")
def runner():
    with killing.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory, runner):
    """Make a study with an import in it, a newer version of the imported file, and the study with that."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(paths.shipped("seeds") / "template", folder / "before")
    talks = numbered(folder, "talks.qdpx", [f"{TEXT}{n}\n" for n in range(10)])
    assert runner.run("import", file=str(talks), into=str(folder / "before")) == 0
    codes = CODES.replace("</Codes>", '<Code guid="C2" name="Prices" isCodable="true"/></Codes>')
    numbered(folder, "talks.qdpx", [f"{n}\n{TEXT}" for n in range(25)], codes)
    shutil.copytree(folder / "before", folder / "after")
    assert runner.run("import", file=str(talks), into=str(folder / "after")) == 0
    assert len(loader.load(folder / "after").study.sources) == 2 + 25
    return folder


@pytest.fixture(scope="module")
def changes(home, runner, tmp_path_factory):
    """List the changes of files that the import consists of."""
    folder, log = tmp_path_factory.mktemp("log") / "study", home / "changes"
    shutil.copytree(home / "before", folder)
    assert killed(runner, home, folder, 0, log=str(log)) == 0
    return log.read_text().splitlines()


def killed(runner, home, folder, at, task="import", **more):
    """Run an import that is killed at its n-th change of a file."""
    return runner.run(task, file=str(home / "talks.qdpx"), into=str(folder), root=str(folder.parent), at=at, **more)


def copied(home, folder):
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(home / "before", folder)
    return folder


def moved(changes):
    """Return the number of the change that makes the journal, and of the one that removes it."""
    begun = next(n for n, line in enumerate(changes, 1) if line.startswith("os.rename") and ".journal.json" in line)
    return begun, next(n for n, line in enumerate(changes, 1) if "os.remove" in line and "/.journal.json'" in line)


def test_a_kill_at_any_moment_leaves_the_study_as_it_was_or_as_it_is_to_be(home, runner, changes, tmp_path):
    before, after = tree(home / "before"), tree(home / "after")
    begun, done = moved(changes)
    assert done - begun >= 50
    # Around both ends every change, and of those between every second.
    within = [*range(begun - 3, begun + 8), *range(begun + 8, done - 7, 2), *range(done - 7, done + 4)]
    ends = {"before": 0, "after": 0}
    for at in sorted({*within, *range(1, len(changes) + 1, 25), len(changes)}):
        folder = copied(home, tmp_path / "at" / "study")
        assert killed(runner, home, folder, at) == -signal.SIGKILL
        # Every command begins with this; a few are run whole, which takes longer.
        assert runner.run("recover" if at % 15 else "check", into=str(folder)) == 0
        now = tree(folder)
        assert now == (after if at > begun else before), at
        assert [p.name for p in folder.parent.iterdir()] == ["study"]
        ends["after" if at > begun else "before"] += 1
    assert ends["after"] >= 25
    assert ends["before"] >= 10
    assert killed(runner, home, copied(home, tmp_path / "at" / "study"), len(changes) + 1) == 0


def test_what_carries_on_may_be_killed_itself(home, runner, changes, tmp_path):
    begun, done = moved(changes)
    after = tree(home / "after")
    for at, step in ((begun + 1, 15), ((begun + done) // 2, 2)):
        left = copied(home, tmp_path / "left" / "study")
        assert killed(runner, home, left, at) == -signal.SIGKILL
        ended, kill = 1, 0
        while ended:
            kill += step
            shutil.rmtree(tmp_path / "again", ignore_errors=True)
            folder = shutil.copytree(left, tmp_path / "again" / "study")
            ended = killed(runner, home, folder, kill, "recover")
            assert ended in (0, -signal.SIGKILL)
            assert runner.run("recover", into=str(folder)) == 0
            assert tree(folder) == after, (at, kill)
        assert kill > 20


def test_an_edit_of_what_was_not_moved_yet_is_kept_and_the_import_undone(home, runner, changes, tmp_path, caplog):
    left = copied(home, tmp_path / "left" / "study")
    assert killed(runner, home, left, moved(changes)[0] + 20) == -signal.SIGKILL
    edited = left / "study.yaml"
    assert edited.read_bytes() == (home / "before" / "study.yaml").read_bytes()
    edited.write_text(edited.read_text("utf-8") + "# mine\n", "utf-8")
    wanted = tree(home / "before") | {"study.yaml": edited.read_bytes()}
    ended, kill = 1, 0
    while ended:
        kill += 4
        shutil.rmtree(tmp_path / "again", ignore_errors=True)
        folder = shutil.copytree(left, tmp_path / "again" / "study")
        ended = killed(runner, home, folder, kill, "recover")
        assert runner.run("recover", into=str(folder)) == 0
        assert tree(folder) == wanted, kill
    assert kill > 20
    moving.recover(left)
    assert "is undone, because 'study.yaml' was edited meanwhile; import again" in caplog.text


def test_an_edit_of_what_was_moved_is_kept_and_the_import_finished(home, runner, changes, tmp_path, caplog):
    begun, done = moved(changes)
    folder = copied(home, tmp_path / "at" / "study")
    assert killed(runner, home, folder, (begun + done) // 2) == -signal.SIGKILL
    edited = folder / "sources/talk-24.txt"
    edited.write_text("mine\n", "utf-8")
    moving.recover(folder)
    assert tree(folder) == tree(home / "after") | {"sources/talk-24.txt": b"mine\n"}
    assert "is finished now; 'sources/talk-24.txt' was edited since, and stays as it is" in caplog.text


def test_the_next_command_says_what_it_finished(home, runner, changes, tmp_path):
    folder = copied(home, tmp_path / "at" / "study")
    assert killed(runner, home, folder, moved(changes)[0] + 5) == -signal.SIGKILL
    kg = [sys.executable, "-c", "from kg.cli import main; main()"]
    for words, said in ((["list", "--study", folder], True), (["check", folder], False)):
        ran = subprocess.run([*kg, *words], capture_output=True, text=True, check=False)
        assert ("what was broken off while it was moved into 'study' is finished now" in ran.stderr) is said


def test_an_error_in_the_midst_leaves_everything_as_it_was(home, tmp_path):
    folder = copied(home, tmp_path / "at" / "study")
    (folder / "b").write_text("a file, where the import has a folder")
    before = tree(folder)
    with moving.laid_aside(folder, "import") as made:
        for name in ("a/new.txt", "b/new.txt", "study.yaml"):
            (made / name).parent.mkdir(exist_ok=True)
            (made / name).write_text("theirs")
        with pytest.raises(FileExistsError):
            moving.move_in(made, folder, lambda name: (name != "study.yaml", name))
    assert tree(folder) == before


# ---- Several at once


def stopped(home, folder, at):
    """Start an import that stops at its n-th change of a file, and return it once it has."""
    process = killing.start(
        "import", file=str(home / "talks.qdpx"), into=str(folder), root=str(folder.parent), at=at, signal="SIGSTOP"
    )
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    return process


def goes_on(process):
    process.send_signal(signal.SIGCONT)
    assert process.wait() == 0


def test_a_build_waits_for_an_import_that_moves_and_sees_all_of_it(home, changes, tmp_path):
    folder = copied(home, tmp_path / "at" / "study")
    process = stopped(home, folder, sum(moved(changes)) // 2)
    others = [killing.start(task, into=str(folder)) for task in ("build", "check", "recover")]
    for other in others:
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.5)
    goes_on(process)
    assert [other.wait() for other in others] == [0, 0, 0]
    assert tree(folder) == tree(home / "after")
    assert build.build(folder).digest == build.build(home / "after").digest


def test_an_import_that_does_not_move_yet_is_left_alone(home, changes, tmp_path):
    folder = copied(home, tmp_path / "at" / "study")
    process = stopped(home, folder, moved(changes)[0] - 2)
    moving.recover(folder)
    assert len(aside.left(folder, "import")) == 1
    goes_on(process)
    assert tree(folder) == tree(home / "after")


def test_two_imports_into_one_study_follow_one_another(home, tmp_path):
    folder = copied(home, tmp_path / "at" / "study")
    other = numbered(tmp_path, "others.qdpx", ["Other words. We trust them.\n"])
    both = [killing.start("import", file=str(file), into=str(folder)) for file in (home / "talks.qdpx", other)]
    assert [process.wait() for process in both] == [0, 0]
    assert sorted(p.name for p in (folder / "imports").iterdir()) == ["others.qdpx.yaml", "talks.qdpx.yaml"]
    assert len(loader.load(folder).study.sources) == 2 + 25 + 1


def test_two_imports_into_one_new_folder_give_one_whole_study(home, tmp_path):
    folder = tmp_path / "new"
    both = [killing.start("import", file=str(home / "talks.qdpx"), into=str(folder)) for _ in range(2)]
    assert 0 in [process.wait() for process in both]
    assert len(loader.load(folder).study.sources) == 25
    assert [p.name for p in tmp_path.iterdir()] == ["new"]


# ---- What a kill leaves aside


@pytest.mark.parametrize("into", ["new", "deep/er/new"])
def test_what_a_kill_leaves_beside_a_new_study_goes_with_the_next_import(home, runner, tmp_path, into):
    (tmp_path / ".kg-import-of-an-older-version").mkdir()
    (tmp_path / ".kg-import-of-an-older-version" / "study.yaml").write_text("x")
    words = {"file": str(home / "talks.qdpx"), "into": str(tmp_path / into)}
    assert runner.run("import", **words, root=str(tmp_path), at=30) == -signal.SIGKILL
    assert len(aside.left(tmp_path, "import")) == 1
    assert not (tmp_path / into).exists()
    assert runner.run("import", **words) == 0
    assert [p.name for p in tmp_path.iterdir()] == [into.split("/")[0]]


def test_what_a_living_process_works_in_stays(tmp_path):
    with aside.folder(tmp_path, "import") as one, aside.folder(tmp_path, "import") as two:
        (one / "a").write_text("a")
        aside.clean(tmp_path, "import")
        assert (one / "a").exists()
        assert one != two
        assert two.exists()
    assert list(tmp_path.iterdir()) == []


def test_exports_and_new_studies_leave_nothing_and_clean_what_a_kill_left(dart, tmp_path):
    for purpose in ("export", "init"):
        (tmp_path / f".kg-{purpose}-left").mkdir()
    scaffold.init(tmp_path / "made")
    exports.export(dart, "bibtex", tmp_path / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["made", "out"]


# ---- Other disks, and folders that cannot be written


@pytest.fixture
def disk(tmp_path):
    """Mount another file system on an empty folder."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "none", place], check=False).returncode:
        pytest.skip("only root may mount, and not everywhere")
    yield place
    subprocess.run(["umount", place], check=True)


def test_an_import_goes_into_a_mount_point_and_again(home, runner, disk):
    (disk / "lost+found").mkdir()
    assert os.stat(disk).st_dev != os.stat(disk.parent).st_dev
    for _ in range(2):
        assert runner.run("import", file=str(home / "talks.qdpx"), into=str(disk)) == 0
        assert len(loader.load(disk).study.sources) == 25
    assert not [name for name in tree(disk) if name.startswith(".")]


def test_an_export_goes_into_a_mount_point(dart, disk):
    assert exports.export(dart, "bibtex", disk).files == ["references.bib"]
    assert list(tree(disk)) == ["references.bib"]


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="there is no second disk at hand")
def test_an_import_follows_a_link_to_another_disk(home, runner, tmp_path):
    place = f"/dev/shm/dart-kg-{os.getpid()}"
    (tmp_path / "study").symlink_to(place)
    try:
        for _ in range(2):
            assert runner.run("import", file=str(home / "talks.qdpx"), into=str(tmp_path / "study")) == 0
            assert len(loader.load(tmp_path / "study").study.sources) == 25
    finally:
        shutil.rmtree(place)


def test_a_read_only_study_is_read_and_what_was_broken_off_in_it_is_said(home, runner, changes, disk):
    folder = disk / "study"
    shutil.copytree(home / "before", folder)
    os.mkdir(folder / ".kg-import-left")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert build.build(folder).digest
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    assert killed(runner, home, folder, moved(changes)[0] + 20) == -signal.SIGKILL
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with pytest.raises(StudyError, match="can neither be finished nor undone: the folder cannot be written"):
        build.build(folder)
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    assert build.build(folder).digest == build.build(home / "after").digest


# ---- Journals of strangers


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", ".git/config", "link/evil"])
def test_a_journal_that_comes_with_a_study_moves_nothing_out_of_it(study, tmp_path, name):
    (study / "link").symlink_to(tmp_path)
    place = study / ".kg-import-x"
    place.mkdir()
    for part in ("evil", "link/evil"):
        (place / part).parent.mkdir(exist_ok=True)
        (place / part).write_text("evil")
    journal = Journal(moves=(Move(name=name, old=None, new="0" * 64),), folders=())
    (place / aside.JOURNAL).write_text(journal.model_dump_json())
    with pytest.raises(StudyError, match="leads out of the study"):
        build.build(study)
    assert not list(tmp_path.glob("evil"))
    (place / aside.JOURNAL).write_text("no journal")
    with pytest.raises(StudyError, match="its journal is not what was written"):
        build.build(study)


def test_an_export_into_a_folder_that_holds_something_says_so(dart, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(KGError, match="holds something already"):
        exports.export(dart, "bibtex", tmp_path)
    assert tree(tmp_path) == {"mine": b"mine"}
