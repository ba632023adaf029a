"""Settings and layout, from files in a temporary folder to a `Config`."""

import os
from pathlib import Path

import pytest

from async_lint.config import DEFAULT_EXCLUDE, Config, Extent, Overrides, Place, load
from async_lint.config_error import ConfigError
from async_lint.files.ports import Disk
from async_lint.layout import find_root
from async_lint.python_versions import NEWEST_TARGET


def write(folder: Path, **texts: str) -> None:
    """Write files; `__` in a name stands for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("__", ".").replace("_", "-")).write_text(text, "utf-8")


def loaded(folder: Path, settings: str, isolated: bool = False) -> Config:
    write(folder, async_lint__toml=settings)
    return load(Place(folder, folder / "async-lint.toml"), Disk(), isolated)


def test_defaults_without_any_settings(tmp_path: Path) -> None:
    config = load(Place(tmp_path, None), Disk())
    assert (config.select, config.ignore, config.src) == (None, (), (".", "src"))
    assert config.target_version == (3, 10)
    assert config.exclude == DEFAULT_EXCLUDE


def test_every_key_is_read(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        """
        select = ["ASL1"]
        extend-select = ["ASL203"]
        ignore = ["ASL101"]
        extend-ignore = ["ASL4"]
        exclude = ["gen"]
        extend-exclude = ["old/*"]
        src = ["lib"]
        target-version = "py311"
        python = "env"
        raise-scope = "async"
        [per-file-ignores]
        "tests/*" = ["ASL4", "ASL5"]
        """,
    )
    assert config == Config(
        root=tmp_path,
        file=tmp_path / "async-lint.toml",
        select=("ASL1",),
        extend_select=("ASL203",),
        ignore=("ASL101",),
        extend_ignore=("ASL4",),
        exclude=("gen",),
        extend_exclude=("old/*",),
        per_file_ignores=(("tests/*", ("ASL4", "ASL5")),),
        src=("lib",),
        target_version=(3, 11),
        python=tmp_path / "env",
        options={"raise-scope": "async"},
    )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('select = "ASL1"', "`select` must be an array of strings, not a string"),
        ("ignore = [1]", "`ignore` must be an array of strings, not an integer"),
        ("src = true", "`src` must be an array of strings, not a boolean"),
        ("target-version = 3.11", '`target-version` must be a string such as "3.11", not a float'),
        ('target-version = "eleven"', '`target-version` must be a Python version such as "3.11" or "py311"'),
        ('target-version = "3.99"', '`target-version` must be a version from "2.7" to "3.'),
        ('target-version = "2.6"', '`target-version` must be a version from "2.7" to "3.'),
        ('target-version = "3"', '`target-version` must be a Python version such as "3.11"'),
        ('python = "x\\u0000y"', "`python` must be the path of an interpreter or environment, but has a NUL"),
        ('python = ""', "`python` must be the path of an interpreter or environment, but is empty"),
        ('python = ["a"]', "`python` must be a string, not an array"),
        ("per-file-ignores = []", "`per-file-ignores` must be a table of arrays of strings, not an array"),
        ('[per-file-ignores]\n"a.py" = "ASL1"', "`per-file-ignores.a.py` must be an array of strings, not a string"),
        ("select = [", "cannot be read as TOML"),
    ],
)
def test_a_wrong_value_names_file_and_key(tmp_path: Path, settings: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, settings)
    assert str(raised.value).startswith(f"{tmp_path / 'async-lint.toml'}: {sentence}")


def test_a_tool_entry_that_is_no_table(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml="[tool]\nasync-lint = 1\n")
    with pytest.raises(ConfigError, match=r"`tool\.async-lint` must be a table, not an integer"):
        load(find_root(tmp_path, Disk()), Disk())


@pytest.mark.parametrize(
    ("specifier", "version"),
    [
        (">=3.9", (3, 9)),
        (">=3.11,<4", (3, 11)),
        ("<4,>3.10.2", (3, 10)),
        ("~=3.12", (3, 12)),
        ("==3.13.*", (3, 13)),
        ("<4", (3, 10)),
        ("nonsense", (3, 10)),
        (">=2.6", (2, 7)),
        (">=2.7, !=3.0.*, !=3.1.*", (2, 7)),
        pytest.param(">=3." + "9" * 5000, NEWEST_TARGET, id="an integer that Python does not read"),
    ],
)
def test_target_version_defaults_to_requires_python(tmp_path: Path, specifier: str, version: tuple[int, int]) -> None:
    write(tmp_path, pyproject__toml=f'[project]\nrequires-python = "{specifier}"\n')
    assert load(Place(tmp_path, None), Disk()).target_version == version


_PYTHON_2 = "Programming Language :: Python :: 2.7"


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("pyproject.toml", f'[project]\nclassifiers = ["{_PYTHON_2}"]\n', (2, 7)),
        ("pyproject.toml", f'[project]\nrequires-python = ">=3.8"\nclassifiers = ["{_PYTHON_2}"]\n', (3, 8)),
        ("pyproject.toml", '[project]\nclassifiers = ["Programming Language :: Python :: 3"]\n', (3, 10)),
        ("setup.cfg", "[options]\npython_requires = >=2.7\n", (2, 7)),
        ("setup.cfg", f"[metadata]\nclassifiers =\n    Programming Language :: Python :: 3\n    {_PYTHON_2}\n", (2, 7)),
        ("setup.cfg", f"[options]\npython_requires = >=3.6\n[metadata]\nclassifiers = {_PYTHON_2}\n", (3, 10)),
        ("setup.cfg", "[options\n", (3, 10)),
        ("shop-1.0.dist-info/METADATA", "Name: shop\nRequires-Python: >=2.7, !=3.0.*\n\ntext\n", (2, 7)),
        ("shop-1.0.dist-info/METADATA", f"Name: shop\nClassifier: {_PYTHON_2}\n", (2, 7)),
        ("shop-1.0.dist-info/METADATA", f"Name: shop\n\nClassifier: {_PYTHON_2}\n", (3, 10)),
    ],
)
def test_target_version_of_a_project_that_runs_on_python_2(
    tmp_path: Path, name: str, text: str, version: tuple[int, int]
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, "utf-8")
    assert load(Place(tmp_path, None), Disk()).target_version == version


def test_the_metadata_of_several_packages_say_nothing(tmp_path: Path) -> None:
    for name in ("one-1.0.dist-info", "two-1.0.dist-info"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "METADATA").write_text("Requires-Python: >=2.7\n", "utf-8")
    assert load(Place(tmp_path, None), Disk()).target_version == (3, 10)


def test_poetry_python_constraint(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml='[tool.poetry.dependencies]\npython = "^3.11 || ^3.12"\n')
    assert load(Place(tmp_path, None), Disk()).target_version == (3, 11)


def test_isolated_keeps_the_layout_and_drops_the_rest(tmp_path: Path) -> None:
    config = loaded(tmp_path, 'select = 1\nnonsense = 1\nsrc = ["lib"]\npython = "env"\n', isolated=True)
    assert config == Config(tmp_path, tmp_path / "async-lint.toml", src=("lib",), python=tmp_path / "env")


def test_nearest_table_wins_and_nothing_is_merged(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml='[tool.async-lint]\nignore = ["ASL1"]\n')
    write(tmp_path / "inner", pyproject__toml='[tool.async-lint]\nselect = ["ASL4"]\n')
    write(tmp_path / "inner" / "package", module__py="")
    config = load(find_root(tmp_path / "inner" / "package" / "module.py", Disk()), Disk())
    assert (config.root, config.select, config.ignore) == (tmp_path / "inner", ("ASL4",), ())


def test_a_pyproject_without_the_table_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml="[tool.async-lint]\n")
    write(tmp_path / "inner", pyproject__toml='[project]\ndependencies = ["async-lint"]\n')
    assert find_root(tmp_path / "inner", Disk()) == Place(tmp_path, tmp_path / "pyproject.toml")


def test_its_own_file_stands_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml="[tool.async-lint]\n", async_lint__toml="")
    assert find_root(tmp_path, Disk()).file == tmp_path / "async-lint.toml"


def test_a_broken_pyproject_of_somebody_else_is_none_of_our_business(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml="[project\n")
    assert load(find_root(tmp_path, Disk()), Disk()).target_version == (3, 10)


def test_a_broken_pyproject_that_speaks_of_us(tmp_path: Path) -> None:
    write(tmp_path, pyproject__toml="[tool.async-lint\n")
    with pytest.raises(ConfigError, match="cannot be read as TOML"):
        find_root(tmp_path, Disk())


def test_a_marker_makes_a_root(tmp_path: Path) -> None:
    write(tmp_path, setup__py="")
    write(tmp_path / "a" / "b", module__py="")
    assert find_root(tmp_path / "a" / "b" / "module.py", Disk()) == Place(tmp_path, None)


def test_without_a_marker_the_root_is_above_the_outermost_package(tmp_path: Path) -> None:
    for folder in (tmp_path / "lib" / "pkg", tmp_path / "lib" / "pkg" / "sub"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    place = find_root(tmp_path / "lib" / "pkg" / "sub" / "module.py", Disk())
    assert place == Place(tmp_path / "lib", None, Extent(tmp_path / "lib" / "pkg", deep=True))
    assert load(place, Disk()).src == (".",)


def test_without_a_marker_a_file_in_no_package_has_the_files_beside_it(tmp_path: Path) -> None:
    write(tmp_path, script__py="")
    assert find_root(tmp_path / "script.py", Disk()) == Place(tmp_path, None, Extent(tmp_path, deep=False))
    assert find_root(tmp_path, Disk(), [tmp_path]) == Place(tmp_path, None, Extent(tmp_path, deep=True))


def test_without_a_marker_a_package_that_was_asked_for_is_the_project(tmp_path: Path) -> None:
    (tmp_path / "pkg" / "scripts").mkdir(parents=True)
    (tmp_path / "pkg" / "__init__.py").touch()
    place = Place(tmp_path, None, Extent(tmp_path / "pkg", deep=True))
    assert find_root(tmp_path / "pkg", Disk(), [tmp_path / "pkg"]) == place
    assert find_root(tmp_path / "pkg" / "scripts", Disk(), [tmp_path / "pkg"]) == place
    assert find_root(tmp_path / "pkg", Disk(), [tmp_path, tmp_path / "pkg"]).extent == Extent(tmp_path, deep=True)


def test_settings_that_are_a_folder_a_pipe_or_a_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "async-lint.toml").mkdir()
    os.mkfifo(tmp_path / "pyproject.toml")
    assert find_root(tmp_path, Disk()) == Place(tmp_path, None)
    (tmp_path / "async-lint.toml").rmdir()
    (tmp_path / "async-lint.toml").symlink_to("nowhere")
    with pytest.raises(ConfigError, match="cannot be read as TOML: No such file"):
        load(find_root(tmp_path, Disk()), Disk())


def test_without_a_marker_a_folder_that_was_asked_for_is_one_project(tmp_path: Path) -> None:
    (tmp_path / "app" / "part" / "sub").mkdir(parents=True)
    for package in ("app", "app/part/sub"):  # `app/part` is a namespace package: `sub` seems to be the outermost
        (tmp_path / package / "__init__.py").touch()
    module = tmp_path / "app" / "part" / "sub" / "module.py"
    assert find_root(module, Disk(), [tmp_path]).root == tmp_path
    assert find_root(module, Disk(), [tmp_path / "other"]).root == tmp_path / "app" / "part"
    assert find_root(tmp_path / "app" / "module.py", Disk(), [tmp_path / "app"]).root == tmp_path


def test_a_marker_stands_before_what_was_asked_for(tmp_path: Path) -> None:
    write(tmp_path, setup__py="")
    write(tmp_path / "a" / "b", module__py="")
    assert find_root(tmp_path / "a" / "b" / "module.py", Disk(), [tmp_path / "a"]).root == tmp_path


def test_select_on_the_command_line_stands_alone(tmp_path: Path) -> None:
    config = Config(tmp_path, select=("ASL1",), extend_select=("ASL2",), ignore=("ASL3",), extend_ignore=("ASL4",))
    chosen = Overrides(select=("ASL5",), extend_ignore=("ASL501",)).apply(config)
    assert (chosen.select, chosen.extend_select) == (("ASL5",), ())
    assert (chosen.ignore, chosen.extend_ignore) == ((), ("ASL501",))


def test_ignore_on_the_command_line_replaces_and_extend_adds(tmp_path: Path) -> None:
    config = Config(tmp_path, extend_select=("ASL2",), ignore=("ASL3",), extend_ignore=("ASL4",))
    chosen = Overrides(ignore=("ASL1",), extend_select=("ASL6",), extend_ignore=("ASL5",)).apply(config)
    assert (chosen.ignore, chosen.extend_ignore) == (("ASL1",), ("ASL4", "ASL5"))
    assert chosen.extend_select == ("ASL2", "ASL6")
