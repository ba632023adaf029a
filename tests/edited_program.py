"""A program of several modules that is edited at random, as its authors would: for what has to notice every change."""

import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

_SENDS = "from client import Client\n\n\nasync def main(client: Client) -> None:\n    {}client.send('x'){}\n"
_TAKES = "def run(client):\n    {}client.send('x')\n"
_TEST = "{}async def test_send(client):\n    {}client.send('x')\n"
_FIXTURE = "import pytest\nfrom {} import {}\n\n\n@pytest.fixture\n{}def client():\n    return {}()\n"
_LOOP = (
    "from client import Client\n\n\nasync def each(client: Client, keys: list[str]) -> None:\n    for key in keys:\n"
)
_NAP = "{}\n\n\ndef nap() -> None:\n    {}\n"
_PACKAGES = ".venv/lib/python3.11/site-packages"

# What each file may hold. What is wrong in one is seen in another: a callee, a base, a fixture, a setting.
TEXTS: Mapping[str, Sequence[str]] = {
    "client.py": [
        "class Client:\n    async def send(self, text): ...\n    async def close(self): ...\n",
        "class Client:\n    def send(self, text): ...\n    async def close(self): self.send('bye')\n",
        "from base import Base\n\n\nclass Client(Base): ...\n",
        "from app.load import *\n",
    ],
    "client.pyi": ["class Client:\n    async def send(self, text: str) -> None: ...\n", "def f(:\n"],
    "base.py": [
        "class Base:\n    async def send(self, text): ...\n",
        "class Base:\n    def send(self, text): ...\n",
        "class Base:\n    def send(self, text): return self.deliver(text)\n    async def deliver(self, text): ...\n",
    ],
    "app/__init__.py": ["", "from app.main import main\n", "from client import Client\n"],
    "app/main.py": [
        _SENDS.format("", ""),
        _SENDS.format("await ", ""),
        _SENDS.format("", "  # noqa: ASL101"),
        _SENDS.format("", "  # noqa: floating-coroutine"),
        _SENDS.format("", "  # noqa"),
        "# flake8: noqa\n" + _SENDS.format("", ""),
        "\ufeff" + _SENDS.format("", ""),
        _SENDS.format("", "") + "\n\ndef later() -> None:\n    main(Client())\n",
        "def main(:\n",
    ],
    "app/load.py": [
        "try:\n    load()\nexcept ValueError as error:\n    raise RuntimeError\n",
        "from base import Base as Client\n\n\nasync def load(): ...\n\n\nasync def main():\n    load()\n",
    ],
    "app/takes.py": [_TAKES.format(""), "async " + _TAKES.format(""), "async " + _TAKES.format("await ")],
    "app/gives.py": [
        "from app.takes import run\nfrom client import Client\n\n\nasync def give():\n    run(Client())\n",
        "from app.takes import run\nfrom base import Base\n\n\nasync def give():\n    await run(Base())\n",
    ],
    "app/heirs.py": [
        "from base import Base\n\n\nclass Heir(Base):\n    async def send(self, text): ...\n",
        "from base import Base\n\n\nclass Heir(Base):\n    def send(self, text): ...\n",
    ],
    "app/loop.py": [
        _LOOP + "        await client.send(key)\n",
        _LOOP + "        client.send(key)\n",
    ],
    "app/naps.py": ["from naps import nap\n\n\nasync def rest() -> None:\n    nap()\n"],
    "naps.py": [
        _NAP.format("import time", "time.sleep(1)"),
        _NAP.format("import time", "time.time()"),
        "async " + _NAP.format("import time", "time.sleep(1)"),
    ],
    "tests/conftest.py": [_FIXTURE.format("client", "Client", "", "Client")],
    "tests/sub/conftest.py": [
        _FIXTURE.format("base", "Base", "", "Base"),
        _FIXTURE.format("client", "Client", "async ", "Client"),
    ],
    "tests/sub/test_send.py": [_TEST.format("", ""), _TEST.format("import pytest\n\n\n", "await ")],
    "pushes.py": ["import vendor\n\n\nasync def main() -> None:\n    vendor.push()\n"],
    "vendor.py": ["def push(): ...\n", "async def push(): ...\n"],
    "packages/one/src/vendor.py": ["async def push(): ...\n", "def push(): ...\n"],
    f"{_PACKAGES}/vendor/__init__.py": [
        "async def push(): ...\n",
        "def push(): ...\n",
        "from vendor._push import push\n",
    ],
    f"{_PACKAGES}/vendor/_push.py": ["async def push(): ...\n"],
    ".venv/pyvenv.cfg": ["home = /usr/bin\nversion = 3.11.4\n"],
    "requirements.txt": ["aiohttp==3.9.0\n", "aiohttp==2.3.0\n", "redis==3.0\n"],
    "fetches.py": ["import aiohttp\nimport redis\n\n\nasync def get(url):\n    aiohttp.ClientSession().get(url)\n"],
    "pyproject.toml": [
        "[tool.async-lint]\n",
        '[tool.async-lint]\nselect = ["ALL"]\n',
        '[tool.async-lint]\nignore = ["ASL101"]\n',
        '[tool.async-lint]\nper-file-ignores = {"app/*" = ["ASL1"]}\n',
        '[tool.async-lint]\nextend-exclude = ["tests"]\n',
        '[tool.async-lint]\nsrc = [".", "packages/*/src"]\n',
        '[tool.async-lint]\ntarget-version = "3.12"\nextend-select = ["ASL901"]\n',
        '[project]\nrequires-python = ">=3.11"\n',
        '[tool.async-lint]\nselct = ["ALL"]\n',
        "[tool.async-lint\n",
    ],
    "app/async-lint.toml": ['select = ["ASL1"]\n', 'ignore = ["ALL"]\n'],
    ".gitignore": ["", "app/\n", "tests/sub\n", "*.pyi\n"],
    "app/.gitignore": ["load.py\n", "!load.py\n"],
    ".git/HEAD": ["ref: refs/heads/main\n"],
}
_OLD = 1_500_000_000


class Program:
    """The files in `root`, and what may become of them."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._random = Random(seed)
        for name in TEXTS:
            if self._random.random() < 0.7:
                self._write(root / name, self._random.choice(TEXTS[name]))

    def edit(self) -> str:
        """Change something, and say what."""
        weighted: dict[Callable[[], str], int] = {
            self._rewrite: 9,
            self._settle: 3,
            self._await: 4,
            self._colour: 4,
            self._move_down: 2,
            self._delete: 2,
            self._rename: 2,
            self._touch: 1,
            self._link: 1,
            self._become_package: 1,
            self._delete_folder: 1,
        }
        return self._random.choices(list(weighted), list(weighted.values()))[0]()

    def _rewrite(self) -> str:
        # What was lost comes back: an empty program has nothing to find.
        lost = [name for name in TEXTS if not (self._root / name).exists()]
        name = self._random.choice(lost if lost and self._random.random() < 0.5 else list(TEXTS))
        path = self._root / name
        if not self._may_stand_at(path):
            return "nothing"
        # Wrong settings end the run: few want that.
        texts = TEXTS[name] if self._random.random() < 0.1 else TEXTS[name][:8]
        self._write(path, self._random.choice(texts))
        # As tools do that unpack or restore.
        if self._random.random() < 0.3:
            os.utime(path, (_OLD, _OLD))
        return f"write {name}"

    def _settle(self) -> str:
        """Bring settings back that can be used: without them no run finds anything."""
        for path in self._root.rglob("*.toml"):
            path.unlink()
        self._write(self._root / "pyproject.toml", self._random.choice(TEXTS["pyproject.toml"][:7]))
        return "other settings"

    def _await(self) -> str:
        return self._swap(r"await +(?=client)", r"(?<!await )(?<!await  )(?<=    )(?=client\.)", "await ")

    def _colour(self) -> str:
        return self._swap(r"async +(?=def)", r"(?<!async )(?<!async  )(?=def )", "async ")

    def _swap(self, there: str, absent: str, word: str) -> str:
        """Take one of a word away, or put one there; or change only how many spaces follow it."""
        path = self._python()
        text = path.read_text("utf-8")
        places = list(re.finditer(f"{there}|{absent}", text))
        if not places:
            return "nothing"
        place = self._random.choice(places)
        new = self._random.choice(["", word, word + " "])
        self._write(path, text[: place.start()] + new + text[place.end() :])
        return f"{place[0]!r} to {new!r} in {path.relative_to(self._root)}"

    def _move_down(self) -> str:
        path = self._python()
        self._write(path, "\n" + path.read_text("utf-8"))
        return f"empty line in {path.relative_to(self._root)}"

    def _delete(self) -> str:
        path = self._any()
        path.unlink()
        return f"delete {path.relative_to(self._root)}"

    def _rename(self) -> str:
        path = self._any()
        names = [name for name in TEXTS if name.endswith(path.suffix)] if path.suffix else [path.name]
        name = self._random.choice([*names, f"app/new{path.suffix}", f"new{path.suffix}"])
        if not self._may_stand_at(self._root / name):
            return "nothing"
        (self._root / name).parent.mkdir(parents=True, exist_ok=True)
        path.replace(self._root / name)
        return f"rename {path.relative_to(self._root)} {name}"

    def _touch(self) -> str:
        path = self._any()
        os.utime(path)
        return f"touch {path.relative_to(self._root)}"

    def _link(self) -> str:
        path = self._random.choice([self._any(), self._root / "tests", self._root / "app"])
        if path.is_symlink() or not path.exists():
            return "nothing"
        target = self._root.parent / f"elsewhere-{self._random.randrange(10**9)}"
        path.rename(target)
        path.symlink_to(target)
        return f"link in place of {path.relative_to(self._root)}"

    def _become_package(self) -> str:
        path = self._python()
        folder = path.with_suffix("")
        if folder.exists():
            return "nothing"
        folder.mkdir()
        path.rename(folder / "__init__.py")
        return f"package in place of {path.relative_to(self._root)}"

    def _delete_folder(self) -> str:
        folder = self._random.choice([each for each in self._root.rglob("*") if each.is_dir()] or [self._root / "x"])
        if folder.is_symlink():
            folder.unlink()
        else:
            shutil.rmtree(folder, ignore_errors=True)
        return f"delete {folder.relative_to(self._root)}"

    def _any(self) -> Path:
        files = sorted(each for each in self._root.rglob("*") if each.is_file())
        if not files:
            self._write(self._root / "client.py", TEXTS["client.py"][0])
            return self._any()
        return self._random.choice(files)

    def _python(self) -> Path:
        files = sorted(each for each in self._root.rglob("*.py") if each.is_file())
        if not files:
            self._write(self._root / "client.py", TEXTS["client.py"][0])
            return self._python()
        return self._random.choice(files)

    def _may_stand_at(self, path: Path) -> bool:
        above = [each for each in path.parents if each.is_relative_to(self._root)]
        return not path.is_dir() and not any(each.is_file() or each.is_symlink() for each in above)

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
