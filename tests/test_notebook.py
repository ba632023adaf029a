"""Notebooks: cells read as one module, findings told by cell, fixes written into the cells and nowhere else."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from async_lint.cli import main
from async_lint.files.magics import Magics
from async_lint.files.notebook import parse_notebook
from tests import warm_process

SAVE = "async def save(number: int) -> None: ...\n"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def code(source: "str | list[str]", **more: object) -> Json:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source, **more}


def notebook(*cells: Json, **metadata: object) -> Json:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def book(*sources: str, name: str = "book.ipynb") -> None:
    text = json.dumps(notebook(*(code(source.splitlines(keepends=True)) for source in sources)), indent=1)
    Path(name).write_text(text + "\n")


def lines(capsys: pytest.CaptureFixture[str], *flags: str) -> list[str]:
    main([*flags, "--output-format", "concise", "--quiet"])
    out, err = capsys.readouterr()
    assert err == ""
    return [line.split(" `")[0] for line in out.splitlines()]


def test_cells_are_one_module_and_findings_are_told_by_cell(capsys: pytest.CaptureFixture[str]) -> None:
    markdown = {"cell_type": "markdown", "metadata": {}, "source": "save(1)"}
    cells = [markdown, code(SAVE), code(["await save(1)\n", "\n", "save(2)"]), code("save(3)")]
    Path("book.ipynb").write_text(json.dumps(notebook(*cells)))
    assert lines(capsys) == ["book.ipynb:cell 3:3:1: ASL101", "book.ipynb:cell 4:1:1: ASL101"]


def test_a_message_names_lines_of_cells(capsys: pytest.CaptureFixture[str]) -> None:
    book("x = 1\n" + SAVE, "save(1)\ntry:\n    x\nexcept ValueError:\n    raise KeyError\n")
    main(["--output-format", "concise"])
    out = capsys.readouterr().out
    assert "`save` is a coroutine function (book.ipynb:cell 1:2);" in out
    assert "the `ValueError` caught on line 4 of cell 2 is handled" in out


def test_full_shows_the_cells_own_line_and_number(capsys: pytest.CaptureFixture[str]) -> None:
    book(SAVE, "x = 1\nsave(x)")
    main(["--quiet"])
    assert capsys.readouterr().out.splitlines()[1:4] == ["  |", "2 | save(x)", "  | ^^^^^^^"]


def test_json_has_cell_and_rows_of_the_cell(capsys: pytest.CaptureFixture[str]) -> None:
    book(SAVE, "x = 1\nsave(x)")
    main(["--output-format", "json"])
    [found] = json.loads(capsys.readouterr().out)
    assert found["cell"] == 2
    assert (found["location"], found["end_location"]) == ({"row": 2, "column": 1}, {"row": 2, "column": 8})
    assert found["noqa_row"] == 2
    [edit] = found["fix"]["edits"]
    assert (edit["cell"], edit["location"]) == (2, {"row": 2, "column": 1})


def test_formats_that_show_files_lead_to_the_line_of_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    book(SAVE, "x = 1\nsave(x)")
    raw = Path("book.ipynb").read_text().splitlines()
    line = raw.index('    "save(x)"') + 1
    main(["--output-format", "github"])
    assert capsys.readouterr().out.startswith(
        f"::warning file=book.ipynb,line={line},title=ASL101 floating-coroutine::cell 2, line 2: `save` is"
    )
    main(["--output-format", "gitlab"])
    [found] = json.loads(capsys.readouterr().out)
    assert found["location"] == {"path": "book.ipynb", "lines": {"begin": line, "end": line}}
    assert found["description"].startswith("ASL101 cell 2, line 2: ")
    main(["--output-format", "sarif"])
    [result] = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    [place] = result["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": line}
    assert place["logicalLocations"] == [{"name": "cell 2"}]
    assert "fixes" not in result
    main(["--output-format", "junit"])
    out = capsys.readouterr().out
    assert 'name="ASL101 floating-coroutine, cell 2, line 2, column 1"' in out
    assert 'file="book.ipynb"' in out


OUTPUTS: list[object] = [{"data": {"text/plain": "1e3"}, "z": 1.50, "a": [1e3, -0.0]}]


@pytest.mark.parametrize("indent", [None, 1, 4, "\t"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n\n"])
@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("listed", [True, False])
def test_a_fix_changes_nothing_but_the_source(indent: "int | str | None", end: str, plain: bool, listed: bool) -> None:
    fixed = "x = 'é'  # \U0001f40d\nawait save(1)\n"
    found = fixed.replace("await ", "")

    def text(source: str) -> str:
        cells = [code(SAVE), code(source.splitlines(keepends=True) if listed else source, outputs=OUTPUTS, z="é")]
        return json.dumps(notebook(*cells, widgets={"b": 2, "a": "\u2028"}), indent=indent, ensure_ascii=plain) + end

    Path("book.ipynb").write_bytes(text(found).encode())
    assert main(["--fix", "--quiet"]) == 0
    assert Path("book.ipynb").read_bytes() == text(fixed).encode()


def test_a_source_of_one_line_is_written_as_two_where_a_fix_adds_one() -> None:
    raw = '{"cells": [{"source": ["a()"], "cell_type": "code"}, {"source": [], "cell_type": "code"}]}'
    read = parse_notebook(raw)
    text = read.text.replace("a()", "import a\na()").replace("()\n", "()\nb()\n")
    assert read.raw_with(text) == raw.replace('["a()"]', '["import a\\n", "a()\\n", "b()"]')


def test_a_bom_and_what_others_would_write_differently_stay() -> None:
    first = '{"source":"save\\u0028 1 )" , "cell_type":"code"}'
    raw = '\ufeff{ "cells" :[ ' + first + ',\n\n{"source" : "\\u0073ave(2)","cell_type":"code" }],"x": 1.0e5}'
    raw = raw.replace("[ {", '[ {"cell_type":"code","source":"async def save(x) -> None: ..."},{')
    Path("book.ipynb").write_text(raw, encoding="utf-8")
    assert main(["--fix", "--quiet"]) == 0
    expected = raw.replace("save\\u0028 1 )", "await save( 1 )").replace("\\u0073ave(2)", "await save(2)")
    assert Path("book.ipynb").read_text(encoding="utf-8") == expected


MAGICS = [
    "%matplotlib inline\nimport os",
    "!ls 'it\\\n  isn\\'t\nx = 1",
    "files = !ls\na, b = %who\nx = 1",
    "if x:\n    !ls\n    %time f()\nelse:\n    x?",
    "save??\n?save\n%%time?\nx = 1",
    "%%bash\nif [ ! -e 'x ]; then\nfi",
    "%%time\n!ls\nx = 1",
    "%%html\n<p>isn't",
    "x = (1\n% 3)\n!ls",
    's = """\n%no magic\n!nor this\n"""\n%magic',
    "/f 1\n,g a b\n;h a b\nx = 1",
    "\n\n%%sql\nselect 1 % 2",
    "df['a']?\nx = 1\nf(1).y??  # help",
    "pip install httpx\nimport httpx\ncd ..\n    \ntime f()",
    "  x = 1\n  if x:\n    await y",
]


@pytest.mark.parametrize("text", MAGICS)
def test_what_only_ipython_reads_is_hidden_line_by_line_and_shown_again(text: str) -> None:
    magics = Magics("# mark")
    hidden = magics.hide(text)
    compile(hidden, "cell", "exec")
    assert hidden.count("\n") == text.count("\n")
    assert magics.show(hidden) == text


@pytest.mark.parametrize(
    "text", ["if x:\n    pass", "x = (1\n% 3)", "s = '''\n%time\n'''", "x = a[\n!=\n]", "x = 5  # what?"]
)
def test_what_python_reads_itself_is_left_alone(text: str) -> None:
    assert Magics("# mark").hide(text) == text


def test_words_of_magics_are_names_too() -> None:
    code = "time in run\nenv is None\nls = pip\n"
    assert Magics("# mark").hide(f"!ls\n{code}").endswith(f"\n{code}")


@given(st.text(alphabet="%!? \n\t\\'\"#()x=\r:;,/", max_size=60))
def test_any_text_is_shown_as_it_was(text: str) -> None:
    magics = Magics("# mark")
    hidden = magics.hide(text)
    assert magics.show(hidden) == text
    assert hidden.count("\n") == text.count("\n")


def test_findings_and_fixes_beside_magics(capsys: pytest.CaptureFixture[str]) -> None:
    book(SAVE, "%%time\n!ls 'a\nsave(1)\nout = !pwd", "%%bash\nsave(1)")
    assert lines(capsys) == ["book.ipynb:cell 2:3:1: ASL101"]
    assert main(["--fix", "--quiet"]) == 0
    cells = json.loads(Path("book.ipynb").read_text())["cells"]
    assert "".join(cells[1]["source"]) == "%%time\n!ls 'a\nawait save(1)\nout = !pwd"


def test_noqa_in_a_cell(capsys: pytest.CaptureFixture[str]) -> None:
    book(SAVE, "save(1)  # noqa: ASL101\nsave(2)  # noqa: E501", "%%bash\necho  # flake8: noqa\n# noqa: ASL101")
    assert lines(capsys, "--extend-select", "ASL901") == ["book.ipynb:cell 2:2:1: ASL101"]
    main(["--show-suppressed", "--output-format", "concise", "--quiet"])
    assert "book.ipynb:cell 2:1:1: ASL101" in capsys.readouterr().out


def test_add_noqa_writes_into_the_cell(capsys: pytest.CaptureFixture[str]) -> None:
    book("%time x\n" + SAVE, "save(1)")
    assert main(["--add-noqa"]) == 0
    assert capsys.readouterr().out == "Added `noqa` comments on 1 line in 1 file, for 1 problem.\n"
    assert json.loads(Path("book.ipynb").read_text())["cells"][1]["source"] == ["save(1)  # noqa: ASL101"]
    assert main(["--quiet"]) == 0


def test_a_baseline_holds_when_cells_move(capsys: pytest.CaptureFixture[str]) -> None:
    book(SAVE, "save(1)")
    assert main(["--write-baseline", "baseline.json"]) == 0
    book("import os", "x = 1\n" + SAVE, "y = 1", "save(1)", "z = save(2)\nsave(2)")
    capsys.readouterr()
    assert lines(capsys, "--baseline", "baseline.json") == ["book.ipynb:cell 5:2:1: ASL101"]


def test_diff_base_counts_lines_of_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, env=environ)

    book(SAVE, "save(1)", "x = 1")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "x")
    book(SAVE, "save(1)", "x = 1\nsave(2)")
    assert lines(capsys, "--diff-base", "HEAD") == ["book.ipynb:cell 3:2:1: ASL101"]


@pytest.mark.parametrize(
    ("metadata", "read"),
    [
        ({}, True),
        ({"language_info": {"name": "python"}}, True),
        ({"language_info": {"name": "R"}}, False),
        ({"kernelspec": {"language": "julia"}}, False),
        ({"kernelspec": {"name": "python3"}, "language_info": {}}, True),
    ],
)
def test_notebooks_of_other_languages_are_passed_over(
    capsys: pytest.CaptureFixture[str], metadata: Json, read: bool
) -> None:
    Path("book.ipynb").write_text(json.dumps(notebook(code(SAVE + "save(1)"), **metadata)))
    assert bool(lines(capsys)) is read


def test_a_cell_of_another_language_is_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    cells = [code("select 'x", metadata={"vscode": {"languageId": "sql"}}), code(SAVE + "save(1)")]
    Path("book.ipynb").write_text(json.dumps(notebook(*cells)))
    assert lines(capsys) == ["book.ipynb:cell 2:2:1: ASL101"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"cells": [\n  {,}]}', "book.ipynb:2:4: ASL900 the notebook is not valid JSON: Expecting property name"),
        ("", "book.ipynb:1:1: ASL900 the notebook is not valid JSON: Expecting value"),
        ("[1]", "book.ipynb:1:1: ASL900 this is not a notebook: it has no list of `cells`"),
        ('{"nbformat": 3, "worksheets": []}', "book.ipynb:1:1: ASL900 notebooks of format 3 are not read"),
    ],
)
def test_what_is_no_notebook(capsys: pytest.CaptureFixture[str], text: str, told: str) -> None:
    Path("book.ipynb").write_text(text)
    assert main(["--output-format", "concise", "--quiet"]) == 1
    assert capsys.readouterr().out.startswith(told)


@pytest.mark.parametrize(
    ("broken", "place"),
    [("x = (1,", "cell 3:1:5"), ("def f(:\n    pass", "cell 3:1:7"), ("x = 1\ny = 1 +", "cell 3:2:8")],
)
def test_a_cell_that_cannot_be_parsed_is_told_by_its_place(
    capsys: pytest.CaptureFixture[str], broken: str, place: str
) -> None:
    book(SAVE, "!ls 'x", broken, "save(1)", "x = 2)")
    main(["--output-format", "full", "--quiet"])
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(f"book.ipynb:{place}: ASL900 [unreadable-file] syntax error: ")
    assert out[2].endswith(broken.splitlines()[int(place.split(":")[1]) - 1])


def test_a_task_that_ipython_shows_is_held_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    start = "asyncio.create_task(save(1))"
    book("import asyncio\n" + SAVE, f"{start}\n\n# that was it", f"{start};", f"{start}\nx = 1")
    assert lines(capsys, "--select", "ASL104") == [
        "book.ipynb:cell 3:1:1: ASL104 the task of",
        "book.ipynb:cell 4:1:1: ASL104 the task of",
    ]


def test_names_of_other_cells_are_known_and_no_fix_awaits_in_a_plain_function(
    capsys: pytest.CaptureFixture[str],
) -> None:
    book(SAVE, "def later():\n    save(1)\n\n\nx = [save(2) for y in (1, 2)]\n[save(3) for y in (1, 2)]")
    main(["--output-format", "json"])
    found = {each["location"]["row"]: each["fix"] for each in json.loads(capsys.readouterr().out)}
    assert found[2] is None
    assert found[6]["applicability"] == "safe"


def test_standard_input_is_repaired_as_a_notebook() -> None:
    text = json.dumps(notebook(code(SAVE + "save(1)")))
    done = warm_process.run("async_lint", "--fix", "-", "--stdin-filename", "book.ipynb", stdin=text.encode())
    assert done.stdout.decode() == text.replace("\\nsave(1)", "\\nawait save(1)")
