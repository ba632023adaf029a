"""Bytes in a file's place: whole or not at all, and as little else changed as can be."""

import os
import stat
import time
from pathlib import Path

import pytest

from async_lint.files.write import LeftAloneError, remove_leftovers, write


def test_the_bytes_are_replaced_and_the_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o754)
    write(path, b"old", b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o754
    assert os.listdir(tmp_path) == ["a.py"]


def test_the_same_bytes_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    before = path.stat()
    write(path, b"old", b"old")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"somebody's")
    with pytest.raises(LeftAloneError, match="changed since it was read"):
        write(path, b"old", b"new")
    assert path.read_bytes() == b"somebody's"
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "a.py"
    target.write_bytes(b"old")
    link = tmp_path / "link.py"
    link.symlink_to(Path("folder") / "a.py")
    write(link, b"old", b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_file_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "a.py", b"old", b"new")
    assert os.listdir(tmp_path) == []


def test_nothing_is_left_behind_when_the_replacement_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")

    def fail(source: object, target: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no"):
        write(path, b"old", b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.py"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        write(path, b"old", b"new")
    assert path.read_bytes() == b"old"


def test_a_hard_link_is_left_alone(tmp_path: Path) -> None:
    path, other = tmp_path / "a.py", tmp_path / "b.py"
    path.write_bytes(b"old")
    os.link(path, other)
    with pytest.raises(LeftAloneError, match="the file has 2 hard links"):
        write(path, b"old", b"new")
    assert path.read_bytes() == other.read_bytes() == b"old"
    assert path.stat().st_ino == other.stat().st_ino
    assert sorted(os.listdir(tmp_path)) == ["a.py", "b.py"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    os.chown(path, 12345, 54321)
    write(path, b"old", b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 54321)


def leave(path: Path, age: float) -> Path:
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_a_killed_run_left_is_removed_after_a_minute(tmp_path: Path) -> None:
    leave(tmp_path / ".a.py.k2_x9abz.async-lint.tmp", 61)
    kept = [
        leave(tmp_path / ".b.py.k2_x9abz.async-lint.tmp", 30),
        leave(tmp_path / ".a.py.k2_x9abz.tmp", 1000),
        leave(tmp_path / "a.py.k2_x9abz.async-lint.tmp", 1000),
        leave(tmp_path / ".a.py.k2_x9ab.async-lint.tmp", 1000),
        leave(tmp_path / ".a.py.k2_x9abz.async-lint.tmp.py", 1000),
    ]
    remove_leftovers([tmp_path / "a.py", tmp_path / "gone" / "a.py"])
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_nothing_but_a_file_is_taken_for_a_leftover(tmp_path: Path) -> None:
    name = ".a.py.k2_x9abz.async-lint.tmp"
    for folder in ("links", "folders"):
        (tmp_path / folder).mkdir()
    target = leave(tmp_path / "target", 1000)
    (tmp_path / "links" / name).symlink_to(target)
    os.utime(tmp_path / "links" / name, (0, 0), follow_symlinks=False)
    (tmp_path / "folders" / name).mkdir()
    os.utime(tmp_path / "folders" / name, (0, 0))
    remove_leftovers([tmp_path / "links" / "a.py", tmp_path / "folders" / "a.py"])
    assert target.exists()
    assert (tmp_path / "links" / name).is_symlink()
    assert (tmp_path / "folders" / name).is_dir()


def test_a_long_name_is_written_and_what_is_left_of_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ("😀\n" * 50 + ".py")
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", lambda source, target: None)
    write(path, b"old", b"new")
    [left] = [each for each in tmp_path.iterdir() if each != path]
    leave(left, 61)
    remove_leftovers([path])
    assert list(tmp_path.iterdir()) == [path]
