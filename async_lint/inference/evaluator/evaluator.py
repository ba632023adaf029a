"""Evaluates expressions: each idea has a file of its own; what is worked out once is kept here.

To *evaluate* is to find the `Type` of an `ast` expression in a *frame*, the scope that its names are looked up in. The
files of the rooms below ask one another through the protocol in `questions/evaluator.py`; this class keeps that
protocol by handing each question to the file that answers it. It decides only how the answer is kept. In a method of a
class whose `__init__` says `self.client = Client()`:

    self.client.get(url)            `evaluate`: a call, guarded by its node and kept in the frame's memo
      self.client.get               an attribute, settled: what it rests on is guarded below it
        self.client                 `expressions` asks `names` for `self`: the instance of the class
                                    `members` asks `bound_values` for the assignment, guarded by its binding
        .get                        `members`: a function bound to an instance of `Client`
      (url)                         `calls`: by the annotation or the body, a coroutine

`guarded` and `settled` are explained in `questions/questions.py`. Names are not kept: what they are differs from place
to place, and their bindings are. What differs with the arguments of a caller (`inferred_with`) has a frame of its own,
whose memo goes with it. `order`, `class_parameters` and other answers about classes last for the run.
"""

import ast
from collections.abc import Callable, Hashable, Sequence

from async_lint.inference.calls import bodies, calls, decorators
from async_lint.inference.calls.special_forms import special_construct
from async_lint.inference.evaluator import annotations, expressions
from async_lint.inference.evaluator.module_members import ModuleMembers
from async_lint.inference.evaluator.well_known import WellKnown
from async_lint.inference.members import classes, members, protocols
from async_lint.inference.modules.library import Library
from async_lint.inference.names import bound_values, default_replacement, fixtures, names
from async_lint.inference.names.generators import yielded_by_body
from async_lint.inference.questions.arguments import NO_ARGUMENTS, Arguments, Value, of_call
from async_lint.inference.questions.evaluator import Callers, Evaluator, NoSubclasses, ProjectTexts, Subclasses
from async_lint.inference.syntax.binding import Binding, Class, Function, Module, form
from async_lint.inference.syntax.notes import NOTES, Memo
from async_lint.inference.types.class_order import Base, Order
from async_lint.inference.types.describe import describe
from async_lint.inference.types.scope import class_scope, definition_scope, function_scope
from async_lint.inference.types.values import (
    IDENTITY,
    UNKNOWN,
    Alias,
    ClassType,
    Frame,
    FunctionType,
    Instance,
    StaticMethod,
    Type,
    Unknown,
    unknown,
)


class ExpressionEvaluator(WellKnown):
    """Evaluates expressions of any module that the library finds.

    `heirs` and `callers` are made around this evaluator, for they ask it in turn. Without a project, no subclass is
    known and parameters want an annotation.
    """

    def __init__(
        self,
        library: Library,
        project: ProjectTexts | None = None,
        heirs: Callable[[Evaluator], Subclasses] | None = None,
        callers: Callable[[Evaluator], Callers] | None = None,
    ) -> None:
        super().__init__(library)
        self.project = project
        self.heirs: Subclasses = heirs(self) if heirs is not None else NoSubclasses()
        self._callers = callers(self) if callers is not None else None
        self._attributes: Memo[Hashable, Type] = Memo()
        self._orders: Memo[Class, Order] = Memo()
        self._parameters: Memo[Class, tuple[str, ...]] = Memo()
        self.canonical: Memo[str, str] = Memo()
        self._modules = ModuleMembers(self, self)

    # -- expressions -------------------------------------------------------------------------------------------

    def evaluate(self, node: ast.expr, frame: Frame) -> Type:
        if type(node) is ast.Call:
            return self.guarded((id(frame), node), lambda: expressions.expression_type(self, node, frame), frame.memo)
        if type(node) is ast.Attribute:
            return self.settled((id(frame), node), lambda: expressions.expression_type(self, node, frame), frame.memo)
        return expressions.expression_type(self, node, frame)

    def annotation(self, node: ast.expr, frame: Frame) -> Type:
        return annotations.annotation(self, node, frame)

    def as_annotation(self, value: Type) -> Type:
        return annotations.as_annotation(self, value)

    def alias(self, node: ast.expr, frame: Frame) -> Type:
        return Alias(self.annotation(node, frame), annotations.open_variables(self, node, frame))

    def call_node(self, node: ast.Call, frame: Frame) -> Type:
        callee = self.evaluate(node.func, frame)
        arguments = of_call(node, frame)
        special = special_construct(self, callee, node, arguments)
        return self.call(callee, arguments) if special is None else special

    def call(self, callee: Type, arguments: Arguments) -> Type:
        if callee == IDENTITY:
            return arguments.type_of(self, arguments.positional[0]) if arguments.positional else UNKNOWN
        return calls.call(self, callee, arguments)

    def returned(self, callee: Type, positional: Sequence[Value] | None, frame: Frame | None) -> Type:
        """Return what a call gives; `positional` None means that the arguments are not known."""
        return self.call(callee, NO_ARGUMENTS if positional is None else Arguments(positional, {}, frame))

    def attribute(self, of: Type, name: str) -> Type:
        if type(of) is not Instance:
            return members.attribute(self, of, name)
        return self.settled((of.cls, of.args, name), lambda: members.attribute(self, of, name), self._attributes)

    def awaited(self, value: Type) -> Type:
        return protocols.awaited(self, value)

    def entered(self, value: Type, is_async: bool) -> Type:
        return protocols.entered(self, value, is_async)

    def element(self, value: Type, is_async: bool, direct: bool = False) -> Type:
        return protocols.element(self, value, is_async, direct)

    def unpack(self, value: Type, path: tuple[int | None, ...]) -> Type:
        return bound_values.unpack(self, value, path)

    def subscript(self, value: Type, index: ast.expr, frame: Frame) -> Type:
        return protocols.subscript(self, value, index, frame)

    # -- definitions -------------------------------------------------------------------------------------------

    def definition_frame(self, function: Function, frame: Frame | None = None) -> Frame:
        """Return where a function's signature is looked up."""
        if frame is not None and frame.function is function and frame.parent is not None:
            return frame.parent
        return definition_scope(function)

    def class_scope(self, cls: Class) -> Frame:
        return class_scope(cls)

    def function_scope(self, function: Function) -> Frame:
        return function_scope(function)

    def function_type(self, function: Function, frame: Frame) -> Type:
        plain = FunctionType(function, None, frame if frame.enclosing_function() is not None else None)
        if not function.node.decorator_list:
            # Python takes `__new__` for a static method, though no decorator says so.
            return StaticMethod(plain) if function.name == "__new__" and function.owner is not None else plain
        return decorators.decorated(self, plain, function.node.decorator_list, frame)

    def class_type(self, cls: Class, frame: Frame) -> Type:
        plain = ClassType(cls)
        return decorators.decorated_class(self, plain, frame) if cls.node.decorator_list else plain

    def class_attribute(self, cls: Class, name: str) -> Type:
        bindings = cls.table[name]
        if any(self.is_active(binding) for binding in bindings):
            return names.bound(self, bindings, class_scope(cls))
        return self.guarded(("member", cls, name), lambda: names.bound(self, bindings, class_scope(cls)), self._memo)

    def instance_attribute(self, function: Function, binding: Binding) -> Type:
        return bound_values.binding_type(self, binding, function_scope(function))

    def class_member(self, cls: Class, name: str) -> Type | None:
        """Return what the classes of the order say of a name, not bound to an instance; None when nothing."""
        for base in self.order(cls).bases:
            if name in base.cls.table:
                return self.class_attribute(base.cls, name)
        return None

    def defines(self, cls: Class, name: str) -> bool:
        # `object` has `__eq__` and other methods for every class; what a class itself says is asked.
        return any(name in base.cls.table for base in self.order(cls).bases if base.cls.full_name != "builtins.object")

    def receiver(self, function: Function) -> Type:
        return classes.receiver(self, function)

    def unannotated(self, function: Function, node: ast.arg) -> Type:
        """Return what a parameter is by what a test, or else the project, gives it, or by what replaces its None."""
        fixture = fixtures.given(self, function, node)
        if fixture is not None:
            return fixture
        given = self._callers.parameter(function, node) if self._callers else unknown(f"`{node.arg}` has no annotation")
        return (default_replacement.replaced(self, function, node) or given) if isinstance(given, Unknown) else given

    def declared_return(self, function: Function) -> Type:
        returns = function.node.returns
        assert returns is not None
        return self.guarded(
            ("declared", function), lambda: self.annotation(returns, definition_scope(function)), self._memo
        )

    def declared_parameter(self, function: Function, node: ast.arg) -> Type:
        """Return what a parameter's annotation says."""
        annotation = node.annotation
        assert annotation is not None
        if function.module.path:
            return self.annotation(annotation, definition_scope(function))
        return self.guarded(
            ("parameter", function, node.arg),
            lambda: self.annotation(annotation, definition_scope(function)),
            self._memo,
        )

    def inferred_return(self, function: Function) -> Type:
        return self.guarded(
            ("inferred", function),
            lambda: bodies.returned_by_body(self, function, function_scope(function)),
            self._memo,
        )

    def yielded(self, function: Function, closure: Frame | None) -> Type:
        """Return what a generator without annotation yields."""
        frame = function_scope(function) if closure is None else Frame(function.module, closure, function=function)
        return self.guarded(
            ("yielded", function, id(closure)), lambda: yielded_by_body(self, function, frame), frame.memo
        )

    def inferred_with(self, function: Function, closure: Frame | None, known: dict[str, Type]) -> Type:
        """Return what the body gives for these arguments."""
        parent = closure if closure is not None else definition_scope(function)
        key = ("inferred", function, id(parent), tuple(known.items()))
        frame = Frame(function.module, parent, function=function, arguments=known)
        self.contexts += 1
        try:
            return self.guarded(key, lambda: bodies.returned_by_body(self, function, frame), parent.memo)
        finally:
            self.contexts -= 1

    def is_vague(self, annotation: ast.expr, function: Function) -> bool:
        return annotations.is_vague(self.annotation(annotation, definition_scope(function)))

    # -- classes -----------------------------------------------------------------------------------------------

    def order(self, cls: Class) -> Order:
        known = self._orders.get(cls)
        if known is not None:
            NOTES.reuse(self._orders, cls)
        else:
            # A class that is its own ancestor has no order yet: itself alone.
            self._orders[cls] = Order((Base(cls, {}),), ("",))
            with self.apart(), NOTES.working(self._orders, cls):
                known = classes.order(self, cls)
            self._orders[cls] = known
        return known

    def class_parameters(self, cls: Class) -> tuple[str, ...]:
        known = self._parameters.get(cls)
        if known is not None:
            NOTES.reuse(self._parameters, cls)
        else:
            # Who asks while they are worked out gets none, for a base may name the class itself.
            self._parameters[cls] = ()
            with self.apart(), NOTES.working(self._parameters, cls):
                known = classes.parameters(self, cls)
            self._parameters[cls] = known
        return known

    def is_subclass(self, cls: Class, other: Class) -> bool:
        # By name: a file under check may be read anew, and its classes are other objects then.
        return any(base.cls.full_name == other.full_name for base in self.order(cls).bases)

    def is_enum(self, cls: Class) -> bool:
        return any(base.cls.full_name == "enum.Enum" for base in self.order(cls).bases[1:])

    def is_typed_dict(self, cls: Class) -> bool:
        return any(
            form(expression) == "TypedDict" for base in self.order(cls).bases for expression in base.cls.node.bases
        )

    # -- modules -----------------------------------------------------------------------------------------------

    def global_type(self, module: Module, name: str, place: tuple[int, int] | None = None) -> Type:
        return self._modules.global_type(module, name, place)

    def module_member(self, module: Module, name: str) -> Type | None:
        return self._modules.module_member(module, name)

    def import_from(self, module: str, name: str, importer: Module) -> Type:
        return self._modules.import_from(module, name, importer)

    def module_attribute(self, module: str, root: str, name: str, source: Module | None = None) -> Type:
        return self._modules.module_attribute(module, root, name, source)

    # -- names -------------------------------------------------------------------------------------------------

    def qualified_name(self, of: Type) -> str | None:
        return describe(of).name

    def defined_name(self, name: str) -> str | None:
        """Return the qualified name of the definition behind a public dotted name; None when it is not found."""
        return self.qualified_name(self.named(name))

    def named(self, name: str) -> Type:
        return self._modules.named(name)
