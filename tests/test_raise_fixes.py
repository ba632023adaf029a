"""What the fixes of ASL401 to ASL403 do to a program that runs: the same exception, with its cause."""

import asyncio
import inspect
import runpy
import sys
import textwrap
import traceback

import pytest

from async_lint.rules._exceptions import handler_removal
from tests.harness import lint


def failure_of(program: str) -> BaseException:
    """Run the program's `run()` and return what it raises."""
    names: dict[str, object] = {}
    exec(compile(program, "program.py", "exec"), names)
    run = names["run"]
    assert callable(run)
    try:
        result = run()
        if inspect.iscoroutine(result):
            asyncio.run(result)
    except BaseException as failure:
        return failure
    pytest.fail("the program raises nothing")


# A KeyError is the simplest error to come by.
ALL = 'missing-causes = "all"\n'


def fixed(program: str, code: str, settings: str = "", unsafe: bool = False) -> str:
    outcome = lint({"program.py": program}, [code], ALL + settings, fix=True, unsafe=unsafe)
    assert outcome.applied
    return outcome.texts["program.py"]


NAMED = """
def run():
    try:
        [{}][0]["key"]
    except KeyError as missing:
        raise ValueError("not there", 3)
"""
UNNAMED = """
def run():
    try:
        [{}][0]["key"]
    except (KeyError, IndexError):
        raise ValueError("not there", 3)
"""
BARE = """
def run():
    try:
        [{}][0]["key"]
    except:
        raise ValueError("not there", 3)
"""
WITHOUT_A_CALL = """
def run():
    try:
        [{}][0]["key"]
    except KeyError: raise (
        ValueError
    )
"""
SAME_TYPE = """
def run():
    try:
        [{}][0]["key"]
    except KeyError as err:
        raise type(err)("not there", 3)
"""
STORED = """
def run():
    try:
        [{}][0]["key"]
    except KeyError as err:
        failure = ValueError(str(err), 3)
        failure.key = "key"
        raise failure
"""
TWO_IN_ONE_HANDLER = """
def run(strict=True):
    try:
        [{}][0]["key"]
    except KeyError:
        if not strict:
            raise LookupError("not there")
        raise ValueError("not there", 3)
"""
AFTER_AN_INNER_HANDLER = """
def run():
    try:
        [{}][0]["key"]
    except KeyError:
        try:
            [][0]
        except IndexError:
            if run is None:
                raise RuntimeError("no item")
        raise ValueError("not there", 3)
"""
INNER_BRANCHES = """
def run():
    try:
        [{}][0]["key"]
    except KeyError as err:
        try:
            pass
        except OSError:
            pass
        else:
            for _ in range(1):
                raise ValueError("not there", 3)
"""
ASYNCHRONOUS = """
import asyncio

async def get():
    await asyncio.sleep(0)
    return [{}][0]["key"]

async def run():
    try:
        await get()
    except KeyError:
        await asyncio.sleep(0)
        raise ValueError("not there", 3)
"""
AFTER_THE_HANDLER = """
def run():
    last = None
    for _ in range(2):
        try:
            [{}][0]["key"]
        except KeyError as err:
            last = err
    raise ValueError("not there", 3)
"""


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(NAMED, id="named"),
        pytest.param(UNNAMED, id="unnamed"),
        pytest.param(BARE, id="bare"),
        pytest.param(WITHOUT_A_CALL, id="without a call"),
        pytest.param(SAME_TYPE, id="same type"),
        pytest.param(STORED, id="stored"),
        pytest.param(TWO_IN_ONE_HANDLER, id="two in one handler"),
        pytest.param(AFTER_AN_INNER_HANDLER, id="after an inner handler"),
        pytest.param(INNER_BRANCHES, id="inner branches"),
        pytest.param(ASYNCHRONOUS, id="asynchronous"),
        pytest.param(AFTER_THE_HANDLER, id="after the handler"),
    ],
)
def test_the_fix_sets_the_cause_and_changes_nothing_else(program: str) -> None:
    before = failure_of(program)
    after = failure_of(fixed(program, "ASL401"))
    assert before.__cause__ is None
    assert type(after.__cause__) is KeyError
    assert (type(after), str(after), after.args) == (type(before), str(before), before.args)
    assert type(after.__context__) is type(before.__context__)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="except* came with Python 3.11")
@pytest.mark.parametrize("name", ["", " as group"])
def test_the_cause_under_except_star_is_the_group(name: str) -> None:
    program = f"""
def run():
    try:
        raise ExceptionGroup("several", [KeyError("key"), OSError()])
    except* KeyError{name}:
        raise ValueError("not there", 3)
    except* OSError:
        pass
"""
    before, after = failure_of(program), failure_of(fixed(program, "ASL401"))
    assert (str(after), type(after)) == (str(before), type(before))
    new = after.exceptions[0] if hasattr(after, "exceptions") else after
    assert isinstance(new, ValueError)
    assert [type(each) for each in new.__cause__.exceptions] == [KeyError]  # type: ignore[union-attr]


def test_a_name_that_may_be_unbound_is_an_unsafe_cause() -> None:
    program = """
def run(attempts=0):
    for _ in range(attempts):
        try:
            [{}][0]["key"]
        except KeyError as err:
            last = err
    raise ValueError("not there")
"""
    assert lint({"program.py": program}, ["ASL401"], ALL, fix=True).applied == []
    assert isinstance(failure_of(program), ValueError)
    assert isinstance(failure_of(fixed(program, "ASL401", unsafe=True)), UnboundLocalError)


def test_a_fresh_name_leaves_the_program_s_own_names_alone() -> None:
    program = textwrap.dedent("""
    err = "kept"

    def run():
        try:
            [{}][0]["key"]
        except KeyError:
            for error in [err]:
                raise ValueError(err)
    """)
    text = fixed(program, "ASL401")
    assert "except KeyError as exc:" in text
    assert failure_of(text).args == ("kept",)


def test_a_module_keeps_its_names() -> None:
    program = """
err = "kept"
try:
    [{}][0]["key"]
except KeyError:
    if err != "kept":
        raise ValueError("not there")

def run():
    raise RuntimeError(err)
"""
    text = fixed(program, "ASL401")
    assert "except KeyError as error:" in text
    assert failure_of(text).args == ("kept",)


def test_line_ends_stay_as_they_are() -> None:
    text = fixed(WITHOUT_A_CALL.replace("\n", "\r\n"), "ASL401")
    assert text.replace("\r\n", "\n") == fixed(WITHOUT_A_CALL, "ASL401")
    assert text.count("\n") == text.count("\r\n")


RERAISED = """
log = []

def get():
    return [{}][0]["key"]

def run():
    try:
        get()
    except KeyError as err:
        log.append(err)
        raise err
"""


def test_a_bare_raise_raises_the_same_exception_with_a_shorter_traceback() -> None:
    before, after = failure_of(RERAISED), failure_of(fixed(RERAISED, "ASL402"))
    assert (type(after), after.args, after.__cause__) == (type(before), before.args, before.__cause__)
    assert [frame.name for frame in traceback.extract_tb(before.__traceback__)][1:] == ["run", "run", "get"]
    assert [frame.name for frame in traceback.extract_tb(after.__traceback__)][1:] == ["run", "get"]


def test_an_exception_raised_from_itself_loses_its_circle() -> None:
    program = RERAISED.replace("raise err", "raise err from err")
    before, after = failure_of(program), failure_of(fixed(program, "ASL401"))
    assert before.__cause__ is before
    assert after.__cause__ is None
    assert after.args == before.args


NO_CLASSES = """
def exception_type(original):
    return original


class Client:
    error_class = staticmethod(lambda err: err)

    def get_error_class(self, err):
        raise err

    @classmethod
    def of_type(cls, err):
        return err


def run():
    try:
        [{}][0]["key"]
    except KeyError as err:
        raise CALL
"""


@pytest.mark.parametrize(
    "call",
    ["exception_type(err)", "Client().get_error_class(err)", "Client.of_type(err)", "Client.error_class(err)"],
)
def test_what_may_be_the_caught_exception_is_not_made_its_own_cause(call: str) -> None:
    program = NO_CLASSES.replace("CALL", call)
    after = lint({"program.py": program}, ["ASL401"], ALL, fix=True, unsafe=True).texts["program.py"]
    assert after == program
    failure = failure_of(after)
    assert isinstance(failure, KeyError)
    assert failure.__cause__ is not failure


LAST = """
log = []

def run():
    try:
        log.append("try")
        [{}][0]["key"]
    except OSError:
        pass
    except KeyError as err:
        raise err
    except Exception:
        raise
    finally:
        log.append("finally")
"""
WHOLE = """
log = []

def run():
    try:
        text = '''
        {}
    '''
        log.append(text)
    except KeyError:
        raise
    else:
        log.append("else")
        [{}][0]["key"]
"""
BOTH = """
log = []

def run():
    try:
        log.append("try")
    except KeyError:
        raise
    except:
        raise
    else:
        log.append("else")
        [{}][0]["key"]
    finally:
        log.append("finally")
"""
CANCELLED = """
import asyncio

log = []

async def wait():
    try:
        log.append("try")
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        raise
    finally:
        log.append("finally")

async def run():
    waiting = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    waiting.cancel()
    await waiting
"""
TABS = "log = []\n\ndef run():\n\ttry:\n\t\tif 1:\n\t\t\tlog.append(1)\n\t\t{}['key']\n\texcept KeyError:\n\t\traise\n"


@pytest.mark.parametrize(
    "program", [LAST, WHOLE, BOTH, CANCELLED, TABS], ids=["last", "whole", "both", "cancel", "tabs"]
)
def test_without_a_useless_handler_everything_goes_the_same_way(program: str) -> None:
    # The log goes along among the arguments of the exception.
    logging = program.replace("def run(", "def fail(") + textwrap.dedent("""
        def run():
            try:
                asyncio.run(fail()) if "asyncio" in globals() else fail()
            except BaseException as err:
                err.args += (log,)
                raise
        """)
    text = fixed(logging, "ASL403", unsafe=True)
    assert text.count("raise") == 1
    before, after = failure_of(logging), failure_of(text)
    assert (type(after), after.args) == (type(before), before.args)


def test_a_useless_handler_goes_with_the_line_ends_of_the_file() -> None:
    program = "try:\r\n    {}['key']\r\nexcept KeyError:\r\n    raise\r\n"
    assert fixed(program, "ASL403", unsafe=True) == "{}['key']\r\n"
    assert fixed(program.removesuffix("\r\n"), "ASL403", unsafe=True) == "{}['key']"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="except* came with Python 3.11")
def test_a_handler_of_groups_is_not_useless() -> None:
    program = """
def run():
    try:
        [{}][0]["key"]
    except* KeyError:
        raise
"""
    assert type(failure_of(program)).__name__ == "ExceptionGroup"
    assert lint({"program.py": program}, ["ASL403"]).diagnostics == []


def test_what_a_handler_keeps_from_another_may_be_of_both_classes() -> None:
    import ssl

    # Why `except ValueError: raise` above `except OSError:` is not reported.
    assert issubclass(ssl.SSLCertVerificationError, ValueError)
    assert issubclass(ssl.SSLCertVerificationError, OSError)
    with pytest.raises(TypeError, match=r"lay-?out"):
        type("Both", (ImportError, OSError), {})


def test_a_libcst_that_knows_no_template_strings_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("libcst.TemplatedString", raising=False)
    assert "whole_removal" in runpy.run_path(handler_removal.__file__)


@pytest.mark.parametrize(
    ("tried", "caught", "offered"),
    [
        ("return int(text)", "ValueError", True),
        ("return table[0][text]", "(KeyError, IndexError)", True),
        ("return int(text)", "ValueError as err", False),
        ("return int(text)", "Exception", False),
        ("number = int(text); return number", "ValueError", False),
        ("return int(text)", "OSError", False),
    ],
)
def test_a_handler_of_one_lookup_is_offered_from_none_as_well(tried: str, caught: str, offered: bool) -> None:
    program = f"def run(text, table):\n    try:\n        {tried}\n    except {caught}:\n        raise RuntimeError(0)\n"
    (diagnostic,) = lint({"program.py": program}, ["ASL401"], ALL).diagnostics
    assert diagnostic.fix is not None
    assert ("`from None`" in diagnostic.fix.title) is offered
