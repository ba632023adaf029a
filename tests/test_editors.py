"""The set-ups of docs/editors.md: what can be run is run, what names something names what is there."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from async_lint.files.signs import PYPROJECT, TOML_NAME

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "editors.md").read_text("utf-8")
EXTENSION = ROOT / "editors" / "vscode"
COMMAND = "async-lint-lsp"

SESSION = """\
local function codes()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, each.code .. ":" .. (each.lnum + 1))
  end
  return table.concat(found, " ")
end
local function tell(value)
  io.stdout:write(value .. "\\n")
end
local function wait_for(expected)
  vim.wait(20000, function() return codes() == expected end, 20)
  tell("found " .. codes())
end

wait_for("ASL101:5")
vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# not saved" })
wait_for("ASL101:6")
vim.api.nvim_win_set_cursor(0, { 6, 12 })
local here = vim.lsp.util.make_position_params(0, "utf-16")
for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/hover", here, 20000)) do
  tell(vim.split(answer.result.contents.value, "\\n")[2])
end
vim.cmd("write")
wait_for("")
tell(vim.api.nvim_buf_get_lines(0, 5, 6, false)[1])
vim.cmd("qall!")
"""


def blocks(language: str) -> list[str]:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return found


def test_every_set_up_starts_the_command_that_is_installed() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert COMMAND in scripts
    (helix,) = (tomllib.loads(block) for block in blocks("toml"))
    assert helix["language-server"]["async-lint"] == {"command": COMMAND}
    assert helix["language"] == [{"name": "python", "language-servers": ["async-lint"]}]
    assert all(f'"{COMMAND}"' in block for block in [blocks("lua")[0], *blocks("elisp")])
    assert all(f'"{name}"' in blocks("lua")[0] for name in (TOML_NAME, PYPROJECT))
    (vscode,) = map(json.loads, blocks("json"))
    assert vscode["async-lint.command"][0].endswith(f"/{COMMAND}")


def test_the_extension_has_the_setting_that_the_page_names() -> None:
    package = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    settings = package["contributes"]["configuration"]["properties"]
    assert settings["async-lint.command"]["default"] == [COMMAND]
    assert [key for key in json.loads(blocks("json")[0]) if key.startswith("async-lint")] == list(settings)
    assert (EXTENSION / package["main"]).is_file()
    assert f"async-lint-{package['version']}.vsix" in PAGE


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_the_script_of_the_extension_can_be_parsed() -> None:
    done = subprocess.run(
        ["node", "--check", "extension.js"], cwd=EXTENSION, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim_shows_finds_explains_and_fixes(tmp_path: Path) -> None:
    server = tmp_path / "bin" / COMMAND
    server.parent.mkdir()
    server.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m async_lint.lsp.script "$@"\n')
    server.chmod(0o755)
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[tool.async-lint]\n")
    (folder / "store.py").write_text("async def save() -> None: ...\n")
    (folder / "app.py").write_text("import store\n\n\nasync def main() -> None:\n    store.save()\n")
    (folder / "init.lua").write_text("\n".join(blocks("lua")))
    (folder / "session.lua").write_text(SESSION)
    environment = {**os.environ, "PATH": f"{server.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    command = ["nvim", "--headless", "--clean", "-u", "init.lua", "app.py", "-c", "luafile session.lua"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.splitlines() == [
        "found ASL101:5",
        "found ASL101:6",
        "6:5: `store.save()` returns a coroutine: `save` is a coroutine function",
        "found ",
        "    await store.save()",
    ], done.stderr
