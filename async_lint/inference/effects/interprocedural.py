"""Functions of the project, followed from a call: what they are given, and which of them may be meant."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from async_lint.inference.effects.effect import Effect, StopReadingError, Touch
from async_lint.inference.effects.ownership import SHARED, WHOLE, Held, Owner, weakest
from async_lint.inference.effects.reader import Reader
from async_lint.inference.modules.summary import body_of
from async_lint.inference.questions.arguments import Arguments, assigned
from async_lint.inference.syntax.binding import Class, Function, Module
from async_lint.inference.types.values import Frame, FunctionType, Instance, StaticMethod, Type, Unknown

# Decorators that by their names keep a pace, an order or a lock: their calls are not to run together.
_PACING = re.compile(r"limit|throttl|lock|retry|backoff|synchroni[sz]ed|serial|sequential|debounce", re.IGNORECASE)


def follow(
    reader: Reader,
    callee: FunctionType,
    node: ast.expr | ast.stmt,
    frame: Frame,
    *,
    positional: Sequence[ast.expr] | None = None,
    named: Mapping[str, ast.expr] | None = None,
    receiver: ast.expr | None = None,
    fresh: bool = False,
) -> Effect:
    """Read a function of the project as it is called at `node`; `positional` None: nobody knows with what.

    `receiver` is what a method is called on; `fresh`: it was made just now. Raises StopReadingError.
    """
    function = callee.function
    if not is_followed(function.module):
        reader.unknown(f"nobody knows what `{function.qualname}` does", node, frame)
    arguments = None if positional is None else Arguments(positional, named or {}, frame, _is_open(node))
    given, known = _passed(reader, callee, arguments, frame, receiver, fresh)
    effect = None
    # The method itself first: to find those that stand in for it costs more.
    if not _is_empty(function):
        effect = _followed(reader, function, callee, given, known, node, frame)
    for override in () if fresh or _is_super(receiver) else _overrides(reader, callee):
        if not _is_empty(override):
            other = _followed(reader, override, callee, given, known, node, frame)
            effect = effect or other
    # A constructor without a body is complete: it does nothing.
    if effect is None and function.name in ("__init__", "__post_init__"):
        effect = Effect(Touch.READS)
    if effect is None:
        reader.unknown(f"`{function.qualname}` is there to be overridden", node, frame)
    # A constructor returns None: whose the new instance is, its arguments tell.
    if not fresh:
        reader.run.results[id(node)] = Held(effect.result)
    if effect.waits:
        reader.waited(effect.waits)
    return effect


def _followed(
    reader: Reader,
    function: Function,
    callee: FunctionType,
    given: dict[str, Held],
    known: dict[str, Type],
    node: ast.AST,
    frame: Frame,
) -> Effect:
    # A decorator may do anything: only one that sounds harmless passes.
    if any(_PACING.search(ast.unparse(decorator)) for decorator in function.node.decorator_list):
        reader.unknown(f"the decorator of `{function.qualname}` decides what it does", node, frame)
    effect = reader.effects.follow(function, callee.frame, given, known, reader.depth + 1)
    if effect.touch is not Touch.READS:
        raise StopReadingError(effect.touch, effect.reason)
    return effect


def _is_open(node: ast.AST) -> bool:
    """Whether a star hides some of the arguments."""
    if not isinstance(node, ast.Call):
        return False
    return any(isinstance(argument, ast.Starred) for argument in node.args) or any(
        keyword.arg is None for keyword in node.keywords
    )


def construct(reader: Reader, cls: Class, node: ast.Call | None, frame: Frame) -> None:
    """Read what makes an instance, at `node` if its arguments are known. Raises StopReadingError."""
    place: ast.expr | ast.stmt = node or cls.node
    if not is_followed(cls.module):
        if cls.full_name == "subprocess.Popen":
            reader.unknown("a process is started", place, frame)
        return
    for name in ("__new__", "__init__", "__post_init__"):
        method = reader.effects.evaluator.class_member(cls, name)
        method = method.function if isinstance(method, StaticMethod) else method
        if not isinstance(method, FunctionType) or not is_followed(method.function.module):
            continue
        # It may return an instance that others have already.
        if name == "__new__":
            reader.unknown(f"`{cls.name}` has a `__new__` of its own", place, frame)
        made = FunctionType(method.function, Instance(cls), method.frame)
        # What `__post_init__` is given depends on the fields, not on the call alone.
        call = node if name == "__init__" else None
        positional = call.args if call is not None else None
        named = (
            {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
            if call is not None
            else {}
        )
        follow(reader, made, place, frame, positional=positional, named=named, fresh=True)


def is_followed(module: Module) -> bool:
    """Whether a module is the project's own: what is installed beside it is known by the tables, or not at all."""
    return bool(module.path) and not module.is_stub and "site-packages" not in module.path


def _passed(
    reader: Reader,
    callee: FunctionType,
    arguments: Arguments | None,
    frame: Frame,
    receiver: ast.expr | None,
    fresh: bool,
) -> tuple[dict[str, Held], dict[str, Type]]:
    """Return whose the arguments are, and what those are that have no annotation, by parameter."""
    function, bound = callee.function, callee.bound
    node = function.node.args
    given: dict[str, Held] = {}
    known: dict[str, Type] = {}
    first = [*node.posonlyargs, *node.args][:1]
    if bound is not None and first:
        given[first[0].arg] = _receiver(reader, bound, frame, receiver, fresh)
        # In a method of its own class, `self` is known to be that anyway.
        if not (isinstance(bound, Instance) and bound.cls is function.owner):
            known[first[0].arg] = bound
    if arguments is None or arguments.open:
        return given, known
    for parameter, value in (assigned(node, arguments, 0 if bound is None else 1) or {}).items():
        assert isinstance(value, ast.expr)
        held = reader.run.held(value, frame)
        # `*args` and `**kwargs` are given several.
        given[parameter.arg] = weakest([given[parameter.arg], held]) if parameter.arg in given else held
        if parameter.annotation is None and parameter not in (node.vararg, node.kwarg):
            of = reader.evaluate(value, frame)
            if not isinstance(of, Unknown):
                known[parameter.arg] = of
    for parameter, default in _defaults(node):
        # All calls share a default: only a constant cannot be changed.
        if isinstance(default, ast.Constant):
            given.setdefault(parameter.arg, WHOLE)
    return given, known


def _receiver(reader: Reader, bound: Type, frame: Frame, receiver: ast.expr | None, fresh: bool) -> Held:
    # The instance is new, but may come to hold what its constructor is given.
    if fresh:
        return Held(Owner.ITSELF)
    if receiver is None or not isinstance(bound, Instance):
        return SHARED
    # `super()` is the first parameter of the method around it, looked at as its parent class.
    if _is_super(receiver):
        method = frame.method()
        parameters = method.function.node.args if method is not None and method.function is not None else None
        first = [*parameters.posonlyargs, *parameters.args][:1] if parameters is not None else []
        return reader.run.held(ast.Name(first[0].arg, ast.Load()), frame) if first else SHARED
    return reader.run.held(receiver, frame)


def _is_super(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _defaults(node: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    plain = [*node.posonlyargs, *node.args]
    yield from zip(reversed(plain), reversed(node.defaults), strict=False)
    yield from zip(node.kwonlyargs, node.kw_defaults, strict=True)


def _is_empty(function: Function) -> bool:
    if any("abstract" in ast.unparse(decorator) for decorator in function.node.decorator_list):
        return True
    # The `...` of a Protocol and a lone `raise NotImplementedError` say nothing of what will run.
    for statement in body_of(function).statements:
        if not isinstance(statement, ast.Pass) and not (
            isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        ):
            return isinstance(statement, ast.Raise) and "NotImplemented" in ast.unparse(statement)
    return True


def _overrides(reader: Reader, callee: FunctionType) -> Iterator[Function]:
    """Yield the methods of the project that may stand in for this one."""
    cls = callee.bound.cls if isinstance(callee.bound, Instance) else None
    name = callee.function.name
    if cls is None or name.startswith("__"):
        return
    heirs = reader.effects.heirs.of(cls)
    if heirs is None:
        raise StopReadingError(Touch.UNKNOWN, f"`{cls.name}` has too many subclasses to be followed")
    for heir in heirs:
        for binding in heir.table.get(name, ()):
            if not isinstance(binding.definition, Function):
                raise StopReadingError(Touch.UNKNOWN, f"nobody knows what `{heir.name}.{name}` does")
            yield binding.definition
