"""Fixes are as safe as the settings say, where they can be applied at all."""

from pathlib import Path

import pytest

from async_lint.cli import main

LOOP = """\
import httpx


async def pages(client: httpx.AsyncClient, urls: list[str]) -> None:
    for url in urls:
        await client.get(url)
"""
CAUSELESS = "try:\n    import_it()\nexcept ImportError as error:\n    raise RuntimeError\n"
UNREACHED = """\
import asyncio


async def greet(reader: asyncio.StreamReader) -> None:
    print(await reader.readline())
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fixed(text: str, settings: str, *flags: str) -> bool:
    Path("async-lint.toml").write_text(settings)
    Path("a.py").write_text(text)
    main(["--fix", *flags, "a.py"])
    return Path("a.py").read_text() != text


def test_an_unsafe_fix_is_applied_where_it_is_called_safe() -> None:
    assert not fixed(LOOP, "")
    assert fixed(LOOP, "", "--unsafe-fixes")
    assert fixed(LOOP, 'extend-safe-fixes = ["await-in-loop"]')


def test_a_safe_fix_waits_where_it_is_called_unsafe(capsys: pytest.CaptureFixture[str]) -> None:
    assert fixed(CAUSELESS, "")
    capsys.readouterr()
    assert not fixed(CAUSELESS, 'extend-unsafe-fixes = ["ASL4"]')
    assert "(1 fixable with --fix --unsafe-fixes)" in capsys.readouterr().out
    assert fixed(CAUSELESS, 'extend-unsafe-fixes = ["ASL4"]', "--unsafe-fixes")


def test_what_only_a_person_can_complete_is_never_applied(capsys: pytest.CaptureFixture[str]) -> None:
    assert not fixed(UNREACHED, 'extend-safe-fixes = ["ALL"]', "--unsafe-fixes")
    assert "ASL501" in capsys.readouterr().out
