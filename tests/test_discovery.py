"""Which files a run looks at."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from async_lint.config import DEFAULT_EXCLUDE
from async_lint.files.discovery import Found, Missing, discover, source_folders, source_roots
from async_lint.files.patterns import Patterns
from async_lint.files.ports import Disk, Entry


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*paths: str) -> None:
    for path in map(Path, paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(
    *paths: str, root: Path | None = None, exclude: Sequence[str] = DEFAULT_EXCLUDE, force: bool = False
) -> list[str]:
    patterns = Patterns(root or Path.cwd(), exclude)
    return [each.path for each in discover(paths or ["."], Disk(), lambda _: patterns, force)]


class Watched(Disk):
    """The disk, and which paths were read or listed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[Path] = set()

    def read(self, path: Path) -> bytes:
        self.asked.add(path)
        return super().read(path)

    def list(self, path: Path) -> tuple[Entry, ...]:
        self.asked.add(path)
        return super().list(path)


def test_python_files_and_stubs_sorted_by_name(tree: Path) -> None:
    make("b.py", "a.pyi", "c/d.py", "notes.txt", "e.pyc")
    assert found() == ["a.pyi", "b.py", "c/d.py"]


def test_paths_are_shown_as_they_were_given(tree: Path) -> None:
    make("src/a.py")
    assert found("src") == ["src/a.py"]
    assert found("./src/") == ["./src/a.py"]
    assert found(str(tree)) == [str(tree / "src" / "a.py")]


def test_a_file_is_found_once_and_where_it_is_first_asked_for(tree: Path) -> None:
    make("a.py", "b.py")
    assert found("b.py", ".", "./b.py") == ["b.py", "a.py"]


def test_a_named_file_needs_no_suffix(tree: Path) -> None:
    make("script")
    assert found("script") == ["script"]


def test_folders_that_hold_no_source_of_the_project(tree: Path) -> None:
    make("a.py", ".venv/x.py", "node_modules/x.py", "pkg/__pycache__/x.py", "build/x.py")
    assert found() == ["a.py"]


def test_what_is_excluded_by_pattern(tree: Path) -> None:
    make("a.py", "gen/x.py", "pkg/gen/y.py", "pkg/old/z.py", "old/w.py")
    assert found(exclude=["gen", "/old"]) == ["a.py", "pkg/old/z.py"]


def test_what_is_named_is_taken_though_it_is_excluded(tree: Path) -> None:
    make("gen/x.py", "gen/gen/y.py", ".gitignore", ".git/HEAD")
    Path(".gitignore").write_text("gen/\n")
    assert found("gen/x.py", exclude=["gen"]) == ["gen/x.py"]
    assert found("gen", exclude=["gen"]) == ["gen/x.py"]


def test_force_exclude_leaves_out_what_is_named(tree: Path) -> None:
    make("gen/x.py", "ignored/y.py", "a.py", ".git/HEAD")
    Path(".gitignore").write_text("ignored/\n")
    assert found("gen/x.py", "ignored/y.py", "gen", "a.py", exclude=["gen"], force=True) == ["a.py"]


def test_gitignore_nested_and_taken_back(tree: Path) -> None:
    make("a.py", "a_pb2.py", "pkg/b_pb2.py", "pkg/kept_pb2.py", "pkg/local.py", "local.py")
    Path(".gitignore").write_text("*_pb2.py\n")
    Path("pkg/.gitignore").write_text("!kept_pb2.py\n/local.py\n")
    assert found() == ["a.py", "local.py", "pkg/kept_pb2.py"]


def test_gitignore_above_the_path_counts_inside_a_repository_only(tree: Path) -> None:
    make("pkg/a.py", "pkg/b.py")
    Path(".gitignore").write_text("b.py\n")
    assert found("pkg") == ["pkg/a.py", "pkg/b.py"]
    make(".git/HEAD")
    assert found("pkg") == ["pkg/a.py"]


def test_a_loop_of_links(tree: Path) -> None:
    make("pkg/a.py")
    Path("pkg/loop").symlink_to(tree, target_is_directory=True)
    assert found() == ["pkg/a.py"]


def test_a_link_that_is_named_is_followed(tree: Path) -> None:
    make("pkg/a.py")
    Path("link").symlink_to("pkg", target_is_directory=True)
    assert found("link") == ["link/a.py"]


def test_a_broken_link_is_found_for_somebody_to_report(tree: Path) -> None:
    Path("gone.py").symlink_to("nowhere.py")
    assert found() == ["gone.py"]
    assert found("gone.py") == ["gone.py"]


def test_a_path_that_does_not_exist(tree: Path) -> None:
    make("a.py")
    results = list(discover(["missing", "a.py"], Disk(), lambda _: Patterns(tree, ())))
    assert results == [Missing("missing"), Found("a.py", tree / "a.py")]


def test_import_roots_inner_first_and_globs(tree: Path) -> None:
    make("src/a.py", "packages/one/src/x.py", "packages/two/src/y.py")
    assert source_roots(tree, (".", "src"), Disk()) == (tree / "src", tree)
    expected = (tree / "packages" / "one" / "src", tree / "packages" / "two" / "src", tree)
    assert source_roots(tree, ("packages/*/src", "missing"), Disk()) == expected


@pytest.mark.parametrize("src", ["*", "**", "**/src", "./p*/[ab]/src", "a/../*", "../*", "link/*", "*/", "**/*/src"])
def test_a_glob_names_what_it_names_to_python(tree: Path, src: str) -> None:
    make("packages/a/src/x.py", "packages/b/src/in/y.py", "packages/.c/z.py", "a/b.py", "packages/d.py")
    Path("link").symlink_to(tree / "packages")
    # From Python 3.13 on, `**` names a link as well, though it does not go into it.
    folders = [path for path in tree.glob(src) if path.is_dir() and not (src == "**" and path.is_symlink())]
    expected = {Path(os.path.normpath(path)) for path in folders}
    assert source_folders(tree, src, Disk()) == sorted(expected) != []


@pytest.mark.parametrize("src", ["", "missing", "a.py", "x\0y", "x\0*", "/absolute/*", "**x"])
def test_a_source_folder_that_is_none(tree: Path, src: str) -> None:
    make("a.py")
    assert source_folders(tree, src, Disk()) == []
    assert source_roots(tree, (src,), Disk()) == (tree,)


def test_a_wrong_line_of_gitignore_is_passed_over_as_git_does(tree: Path) -> None:
    make("a.py", "b.py", "pkg/c.py")
    Path(".gitignore").write_bytes(b"[z-a].py\n[\n\\\n!\n\xff\xfe\nb.py\n")
    assert found() == ["a.py", "pkg/c.py"]


def test_outside_a_repository_no_gitignore_above_is_read(tree: Path) -> None:
    make("pkg/a.py", ".gitignore")
    disk = Watched()
    assert list(discover(["pkg"], disk, lambda _: Patterns(tree, ())))
    assert disk.asked == {tree / "pkg"}


def test_notebooks_are_found_and_can_be_excluded(tree: Path) -> None:
    make("a.py", "b.ipynb", ".ipynb_checkpoints/b.ipynb")
    assert found(exclude=[".ipynb_checkpoints"]) == ["a.py", "b.ipynb"]
    assert found(exclude=["*.ipynb", ".ipynb_checkpoints"]) == ["a.py"]
    assert found("b.ipynb", exclude=["*.ipynb"], force=True) == []


def test_folders_may_lie_as_deep_in_each_other_as_they_like(tree: Path) -> None:
    folders = [os.path.join(*["d"] * depth) for depth in range(1, 1200)]
    for folder in folders:
        os.mkdir(folder)
    deepest = Path(folders[-1], "a.py")
    deepest.touch()
    try:
        assert found() == [str(deepest)]
    finally:
        # What removes temporary folders goes by recursion.
        deepest.unlink()
        for folder in reversed(folders):
            os.rmdir(folder)


def test_not_deep_is_the_folder_alone(tree: Path) -> None:
    make("a.py", "pkg/b.py")
    assert list(discover(["."], Disk(), lambda _: Patterns(tree, ()), deep=False)) == [Found("a.py", tree / "a.py")]
