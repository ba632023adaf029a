"""What a run has to notice: each change here changes what is found, and a run with a cache finds it too."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.in_process import lint, put

SENDS = "from client import Client\n\n\nasync def main(client: Client) -> None:\n    client.send('x')\n"
ASYNC, PLAIN = (f"class Client:\n    {word}def send(self, text): ...\n" for word in ("async ", ""))
PADDED = PLAIN.replace("    def", "          def")
SITE = ".venv/lib/python3.11/site-packages"
PROGRAM = {
    "pyproject.toml": "[tool.async-lint]\n",
    "client.py": ASYNC,
    "app/main.py": SENDS,
    "pushes.py": "import vendor\n\n\nasync def main() -> None:\n    vendor.push()\n",
    ".venv/pyvenv.cfg": "version = 3.11.4\n",
    f"{SITE}/vendor/__init__.py": "from vendor.inner import push\n",
    f"{SITE}/vendor/inner.py": "async def push(): ...\n",
    "other/lib/python3.11/site-packages/vendor.py": "def push(): ...\n",
    "other/pyvenv.cfg": "version = 3.11.4\n",
    "fetches.py": "import asyncpg\n\n\nasync def main():\n    asyncpg.connect('x')\n",
    "tests/conftest.py": (
        "import pytest\nfrom client import Client\n\n\n@pytest.fixture\ndef client():\n    return Client()\n"
    ),
    "tests/deep/test_send.py": "async def test_send(client):\n    client.send('x')\n",
    "packages/one/src/parcel.py": "async def push(): ...\n",
    "sends_parcels.py": "import parcel\n\n\nasync def main():\n    parcel.push()\n",
    "takes.py": "def take(sender):\n    sender.send('x')\n",
    "gives.py": "from client import Client\nfrom takes import take\n\n\nasync def main():\n    take(Client())\n",
}


@pytest.fixture(autouse=True)
def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(PROGRAM)


def becomes(name: str, text: str) -> Callable[[], None]:
    return lambda: put({name: text})


def settings(line: str) -> Callable[[], None]:
    return becomes("pyproject.toml", f"[tool.async-lint]\n{line}\n")


def in_place_of(name: str, text: str) -> None:
    """Replace a file by another one of the same size, time of its content and place, as tools do that restore."""
    before = os.stat(name)
    assert len(text) == before.st_size
    put({"new": text})
    os.utime("new", ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace("new", name)


def link_in_place_of(name: str) -> None:
    elsewhere = f"{os.getcwd()}-elsewhere"
    os.rename(name, elsewhere)
    os.symlink(elsewhere, name)


def link_to_nowhere(name: str) -> None:
    os.unlink(name)
    os.symlink("nowhere", name)


def folder_in_place_of(name: str) -> None:
    os.unlink(name)
    os.mkdir(name)


CHANGES: dict[str, Callable[[], None]] = {
    "the file itself": becomes("app/main.py", SENDS.replace("    client", "    await client")),
    "a dependency": becomes("client.py", PLAIN),
    "a dependency of the same size": becomes("client.py", PADDED),
    "a dependency of the same size and time": lambda: in_place_of("client.py", PADDED),
    "a dependency that is gone": lambda: os.unlink("client.py"),
    "a dependency of another name": lambda: os.rename("client.py", "clients.py"),
    "a dependency that nobody can read": lambda: link_to_nowhere("client.py"),
    "a dependency that is a folder now": lambda: folder_in_place_of("client.py"),
    "a dependency that cannot be parsed": becomes("client.py", "def f(:\n"),
    "a caller": becomes("gives.py", "from takes import take\n\n\nasync def main():\n    take(print)\n"),
    "a caller more": becomes("more.py", "from takes import take\n\n\ndef main():\n    take(print)\n"),
    "a file more": becomes("new.py", SENDS),
    "a file more in a new folder": becomes("new/folder/new.py", SENDS),
    "a file less": lambda: os.unlink("app/main.py"),
    "a folder less": lambda: shutil.rmtree("app"),
    "a file renamed": lambda: os.rename("app/main.py", "app/other.py"),
    "a link in place of a folder": lambda: link_in_place_of("app"),
    "a module that shadows": becomes("vendor.py", "def push(): ...\n"),
    "a package that shadows": becomes("vendor/__init__.py", "def push(): ...\n"),
    "a stub": becomes("client.pyi", PLAIN),
    "an installed package": becomes(f"{SITE}/vendor/inner.py", "def push(): ...\n"),
    "an installed package that is gone": lambda: shutil.rmtree(f"{SITE}/vendor"),
    "a link to another package": becomes(f"{SITE}/parcel.pth", "../../../../linked\n"),
    "an environment that is gone": lambda: shutil.rmtree(".venv"),
    "a pinned version": becomes("requirements.txt", "asyncpg==0.10.0\n"),
    "a new conftest": becomes("tests/deep/conftest.py", "import pytest\n\n\n@pytest.fixture\ndef client(): ...\n"),
    "a fixture": becomes("tests/conftest.py", "import pytest\n\n\n@pytest.fixture\ndef client(): ...\n"),
    "a setting": settings('ignore = ["ASL101"]'),
    "a setting per file": settings('per-file-ignores = {"app/*" = ["ASL1"]}'),
    "what is excluded": settings('extend-exclude = ["app"]'),
    "folders of source": settings('src = ["packages/*/src"]'),
    "a wrong setting": settings('selct = ["ASL101"]'),
    "settings that cannot be parsed": settings("["),
    "settings of a folder": becomes("app/async-lint.toml", 'ignore = ["ASL101"]\n'),
    "what git ignores": becomes(".gitignore", "/app/\n"),
    "what git ignores in a folder": becomes("app/.gitignore", "main.py\n"),
    "a comment": becomes("app/main.py", SENDS.replace("('x')", "('x')  # noqa: ASL101")),
    "a comment that names a rule": becomes("app/main.py", SENDS.replace("('x')", "('x')  # noqa: floating-coroutine")),
}


@pytest.mark.parametrize("asked", [".", "app/main.py"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(change: str, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("async_lint.cache.trace._TICK", 0)
    put({"linked/parcel.py": "async def push(): ...\n"})
    before = lint("--show-suppressed", asked)
    assert lint("--show-suppressed", asked) == before
    CHANGES[change]()
    after = lint("--show-suppressed", asked)
    assert after == lint("--show-suppressed", "--no-cache", asked)
    if asked == ".":
        assert after != before


def test_a_change_in_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    # A disk whose clock stands still.
    monkeypatch.setattr("async_lint.cache.trace._HAS_CHANGE_TIME", False)
    # However slow the machine is, the file was written just now.
    monkeypatch.setattr("async_lint.cache.trace._TICK", 3_600_000_000_000)
    before = lint()
    status = os.stat("client.py")
    put({"client.py": PADDED})
    os.utime("client.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert os.stat("client.py").st_size == status.st_size
    assert lint() != before
    assert lint() == lint("--no-cache")


def test_a_link_that_leads_somewhere_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("async_lint.cache.trace._TICK", 0)
    shutil.rmtree(".venv")
    elsewhere = Path(f"{os.getcwd()}-elsewhere")
    os.symlink(elsewhere, "vendor")
    before = lint("pushes.py")
    assert lint("pushes.py") == before
    elsewhere.mkdir()
    (elsewhere / "__init__.py").write_text("async def push(): ...\n")
    assert lint("pushes.py") == lint("--no-cache", "pushes.py") != before


def test_another_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(".venv")
    before = lint()
    monkeypatch.setenv("VIRTUAL_ENV", str(Path("other").absolute()))
    put({"other/lib/python3.11/site-packages/vendor.py": "async def push(): ...\n"})
    after = lint()
    assert after == lint("--no-cache") != before
    monkeypatch.delenv("VIRTUAL_ENV")
    assert lint() == before
    assert lint("--python", "other") == after


def test_new_source_folders_that_a_glob_names() -> None:
    settings('src = [".", "packages/*/src"]\nextend-exclude = ["packages"]')()
    os.unlink("packages/one/src/parcel.py")
    before = lint("sends_parcels.py")
    put({"packages/alpha/src/parcel.py": "async def push(): ...\n"})
    assert lint("sends_parcels.py") == lint("--no-cache", "sends_parcels.py") != before


@pytest.mark.parametrize("mode", [0o000, 0o100, 0o400], ids=oct)
@pytest.mark.parametrize("name", ["app", "client.py", "app/main.py"])
def test_what_is_forbidden_now(name: str, mode: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("async_lint.cache.trace._TICK", 0)
    lint()
    before = os.stat(name).st_mode
    os.chmod(name, mode)
    if os.access(name, os.R_OK | os.X_OK):
        pytest.skip("nothing is forbidden to root")
    try:
        assert lint() == lint("--no-cache")
    finally:
        os.chmod(name, before)
    assert lint() == lint("--no-cache")
