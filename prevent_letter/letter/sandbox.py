"""Jinja templates that can do nothing but what is on a list, and that end.

What a template sees is allowed by name, never refused by name: attributes by the type of what has
them, filters, and two functions. One counter bounds its work: each text that is made spends as much
as it has characters, each turn of a loop and each macro call as much as its body has nodes. A
template of somebody's own is checked before it runs: a block that the standard letter does not
have, or wording outside blocks, would be left out without a word.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from prevent_letter.core.display import nearest

MOST_WORK = 1 << 22
"""The characters, turns and calls of a letter; the standard one needs 200,000."""
_LARGEST_NUMBER = 100_000
"""The numbers that a template may calculate with."""

_TEXT_METHODS = frozenset("split strip lower upper title capitalize startswith endswith".split())
_BUILT_IN: Mapping[type, frozenset[str]] = {
    str: _TEXT_METHODS,
    Markup: _TEXT_METHODS,
    dict: frozenset({"get", "items", "keys", "values"}),
    dt.date: frozenset({"day", "month", "year"}),
    LoopContext: frozenset("index index0 revindex revindex0 first last length depth".split()),
}
_FILTERS = frozenset(
    "capitalize default e escape first join last length list lower reverse safe sort string title"
    " trim unique upper".split()
)
_GLOBALS = ("assessment", "criteria", "draft", "digest", "published")
# Filters whose names no template can write.
_SPEND, _JOIN, _FLAT = "spend work", "join texts", "a flat list"


class _Undefined(StrictUndefined):
    """A name that does not exist, as a sentence."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        guess = nearest(str(self._undefined_name), _GLOBALS)
        return f"there is no {self._undefined_name}" + (f"; did you mean {guess}?" if guess else "")


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for templates that may come from anywhere."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, allowed: Mapping[type, frozenset[str]], **options: Any) -> None:
        """``allowed``: the attributes that templates may use, by the type of what has them."""
        super().__init__(undefined=_Undefined, finalize=_refuse_collection, **options)
        self.work = 0
        """What the current letter has spent; the caller resets it."""
        self._allowed = {**_BUILT_IN, **allowed}
        self._verdicts: dict[tuple[type, str], bool] = {}  # asked 400 times: 0.3 ms a letter
        self.globals = {"namespace": Namespace, "range": safe_range}
        self.filters = {
            name: self._counted(f) for name, f in self.filters.items() if name in _FILTERS
        }
        self.filters |= {_SPEND: self._spend_on, _JOIN: self._join_texts, _FLAT: self._flat}

    def spend(self, work: int) -> None:
        """Count work, and stop a template that does too much."""
        self.work += work
        if self.work > MOST_WORK:
            raise SecurityError(
                f"it makes more than {MOST_WORK:,} characters, or takes as many turns"
                ", so it may never end"
            )

    # What Jinja asks of a sandbox.

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute that is on the list, or else an item."""
        if self._verdicts.get((type(obj), attribute)) or self.is_safe_attribute(
            obj, attribute, None
        ):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item, or else an attribute that is on the list."""
        try:
            return obj[argument]
        except (TypeError, LookupError, AttributeError):
            if isinstance(argument, str):
                return self.getattr(obj, argument)
            return self.unsafe_undefined(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return True if an attribute is on the list; a namespace's are the template's own."""
        key = type(obj), attr
        if key not in self._verdicts:
            is_own = isinstance(obj, Namespace) and not attr.startswith("_")
            self._verdicts[key] = is_own or attr in self._listed(obj)
        return self._verdicts[key]

    def _listed(self, obj: Any) -> frozenset[str]:
        types = (self._allowed[base] for base in type(obj).__mro__ if base in self._allowed)
        return next(types, frozenset())

    def is_safe_callable(self, obj: Any) -> bool:
        """Return True for a macro, a block, a function on the list, or a method on the list."""
        if isinstance(obj, (Macro, BlockReference)) or obj in (Namespace, safe_range):
            return True
        owner = getattr(obj, "__self__", None)
        if owner is None:
            return False
        return self.is_safe_attribute(owner, getattr(obj, "__name__", ""), obj)

    def unsafe_undefined(self, obj: Any, attribute: Any) -> Any:
        """Return, for a name that is not on the list, a sentence that is raised on use."""
        guess = nearest(str(attribute), self._listed(obj))
        name = "a text" if isinstance(obj, str) else type(obj).__name__.lower()
        hint = f"{name} has no {attribute}" + (f"; did you mean {guess}?" if guess else "")
        return self.undefined(hint, obj, attribute)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (as Jinja names them)
        """Call what may be called, and count what it returns."""
        return __self._count(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers, and join texts; nothing is repeated or formatted."""
        if operator == "+" and isinstance(left, (str, list)):
            self.spend(len(left) + len(right))
            return left + right
        numbers = [n for n in (left, right) if isinstance(n, (int, float))]
        if len(numbers) < 2 or any(abs(number) >= _LARGEST_NUMBER for number in numbers):
            raise SecurityError(f"{operator} is for numbers here, and not for large ones")
        if operator == "**":
            raise SecurityError("** can't be used here")
        return self.binop_table[operator](left, right)

    def concat(self, pieces: Iterable[str]) -> str:
        """Join the pieces of a template, a block or a macro, and count them."""
        texts = [*pieces]
        self.spend(sum(map(len, texts)))
        return "".join(texts)

    def _generate(self, source: nodes.Template, *arguments: Any, **more: Any) -> str:
        return super()._generate(_Metered().visit(source), *arguments, **more)

    # The counter.

    def _count(self, value: Any) -> Any:
        if isinstance(value, (str, list, tuple, dict, range)):
            self.spend(len(value))
        return value

    def _counted(self, function: Any) -> Any:
        """Return a filter whose texts and lists are counted, in and out."""

        @wraps(function)
        def counted(*arguments: Any, **more: Any) -> Any:
            for argument in arguments:
                self._count(argument)
            return self._count(function(*arguments, **more))

        return counted

    @pass_context  # so that Jinja does not call it when it compiles the template
    def _spend_on(self, context: Context, nothing: str, work: int) -> str:
        self.spend(work)
        return nothing

    def _flat(self, values: Any) -> Any:
        """Refuse a list in a list, which would double at each turn of a loop."""
        items = [*values.keys(), *values.values()] if isinstance(values, dict) else values
        if any(isinstance(item, (list, tuple, dict, set)) for item in items):
            raise SecurityError("a list in a list can't be used here")
        return self._count(values)

    def _join_texts(self, values: list[Any]) -> Any:
        for value in values:
            self._count(_refuse_collection(value))
        return markup_join(values)


def _refuse_collection(value: Any) -> Any:
    """Return a value that can be written; a list or mapping can't."""
    if isinstance(value, (list, tuple, dict, set)):
        raise SecurityError("a list or a mapping can't be written; write its items one by one")
    return value


class _Metered(NodeTransformer):
    """Lets each loop turn, macro call and template spend work, and counts texts joined by ``~``."""

    def _metered(self, node: Any) -> nodes.Node:
        work = nodes.Const(sum(1 for _ in node.find_all(nodes.Node)))
        self.generic_visit(node)
        spend = nodes.Filter(nodes.Const(""), _SPEND, [work], [], None, None, lineno=node.lineno)
        node.body.insert(0, nodes.Output([spend], lineno=node.lineno))
        return node  # type: ignore[no-any-return]  # Any, as several kinds of node have a body

    visit_For = visit_Macro = visit_CallBlock = visit_Template = _metered  # noqa: N815 (as Jinja names them)

    def visit_Concat(self, concat: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Replace ``~`` by a filter that counts."""
        self.generic_visit(concat)
        values = nodes.List(concat.nodes, lineno=concat.lineno)
        return nodes.Filter(values, _JOIN, [], [], None, None, lineno=concat.lineno)

    def _literal(self, node: Any) -> nodes.Node:
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load":
            return node  # type: ignore[no-any-return]  # as above
        return nodes.Filter(node, _FLAT, [], [], None, None, lineno=node.lineno)

    visit_List = visit_Tuple = visit_Dict = _literal  # noqa: N815


def without_effect(tree: nodes.Template, blocks: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield line and sentence for what in an extending template would be left out without a word.

    ``blocks`` are the names of the blocks that it may change.
    """
    known = list(blocks)
    for node in tree.body:
        if isinstance(node, nodes.Block) and node.name not in known:
            guess = nearest(node.name, known)
            help = f"did you mean {guess}?" if guess else f"the blocks are {', '.join(known)}"
            yield node.lineno, f"there is no block {node.name}; {help}"
        elif isinstance(node, nodes.Output):
            texts = (
                data.data.strip() if isinstance(data, nodes.TemplateData) else "{{ }}"
                for data in node.nodes
            )
            if text := "".join(texts):
                message = "this is outside the blocks, and would be left out"
                yield node.lineno, f"{message}: {text[:40]}"
        elif isinstance(
            node, (nodes.Assign, nodes.AssignBlock, nodes.For, nodes.If, nodes.Include)
        ):
            message = "this is outside the blocks, where it has no effect; put it into a block"
            yield node.lineno, message
