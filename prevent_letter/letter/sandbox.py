"""Run Jinja templates that can do only what an allow-list permits, and that always end.

A template can use only what is listed by name: attributes (by the type of their object), filters,
and two functions. One counter limits its work, in characters. Each text costs its length, and each
loop turn or macro call costs a few characters for each node of its body. A repository's own
template is checked before it runs, because Jinja would silently leave out wording outside blocks,
and a block that the standard letter does not have.
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

MOST_WORK = 1 << 21
"""The most work that a letter may take, in characters. The standard one needs 80,000."""
_NODE = 4
"""The cost of a node in a loop or macro, in characters, so that endless loops end in 1 s."""
_LARGEST_NUMBER = 100_000
"""A template may calculate only with numbers below this."""

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
# These names have spaces, so that no template can use the filters.
_SPEND, _JOIN, _FLAT = "spend work", "join texts", "a flat list"


class _Undefined(StrictUndefined):
    """Reports, in a sentence, a name that does not exist."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        guess = nearest(str(self._undefined_name), _GLOBALS)
        return f"there is no {self._undefined_name}" + (f"; did you mean {guess}?" if guess else "")


class Sandbox(ImmutableSandboxedEnvironment):
    """A Jinja environment for templates that can't be trusted."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, allowed: Mapping[type, frozenset[str]], **options: Any) -> None:
        """Let templates use the attributes in ``allowed``, by the type of their object."""
        super().__init__(undefined=_Undefined, finalize=_refuse_collection, **options)
        self.work = 0
        """The work done for the current letter. The caller resets it to 0 for each letter."""
        self._allowed = {**_BUILT_IN, **allowed}
        self._verdicts: dict[tuple[type, str], bool] = {}  # a cache: 400 look-ups, 0.3 ms a letter
        self.globals = {"namespace": Namespace, "range": safe_range}
        self.filters = {k: self._counted(f) for k, f in self.filters.items() if k in _FILTERS}
        self.filters |= {_SPEND: self._spend_on, _JOIN: self._join_texts, _FLAT: self._flat}

    def spend(self, work: int) -> None:
        """Count work, and stop a template that does too much."""
        self.work += work
        if self.work > MOST_WORK:
            raise SecurityError(
                f"it makes more than {MOST_WORK:,} characters, or loops for too long"
                ", so it may never end"
            )

    # The methods that Jinja calls on a sandbox.

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an object's attribute if it is allowed, else the item with that name."""
        known = self._verdicts.get((type(obj), attribute))  # a call less, 500 times a letter
        if known or (known is None and self.is_safe_attribute(obj, attribute, None)):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an object's item, else its attribute of that name if it is allowed."""
        try:
            return obj[argument]
        except (TypeError, LookupError, AttributeError):
            if isinstance(argument, str):
                return self.getattr(obj, argument)
            return self.unsafe_undefined(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return True if an attribute is allowed, or is one of the template's own ``namespace``."""
        key = type(obj), attr
        if key not in self._verdicts:
            is_own = isinstance(obj, Namespace) and not attr.startswith("_")
            self._verdicts[key] = is_own or attr in self._listed(obj)
        return self._verdicts[key]

    def _listed(self, obj: Any) -> frozenset[str]:
        types = (self._allowed[base] for base in type(obj).__mro__ if base in self._allowed)
        return next(types, frozenset())

    def is_safe_callable(self, obj: Any) -> bool:
        """Return True for a macro, a block, or an allowed function or method."""
        if isinstance(obj, (Macro, BlockReference)) or obj in (Namespace, safe_range):
            return True
        owner = getattr(obj, "__self__", None)
        if owner is None:
            return False
        return self.is_safe_attribute(owner, getattr(obj, "__name__", ""), obj)

    def unsafe_undefined(self, obj: Any, attribute: Any) -> Any:
        """Return a value that raises an error on use, because its name is not allowed."""
        guess = nearest(str(attribute), self._listed(obj))
        name = "a text" if isinstance(obj, str) else type(obj).__name__.lower()
        hint = f"{name} has no {attribute}" + (f"; did you mean {guess}?" if guess else "")
        return self.undefined(hint, obj, attribute)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (as Jinja names them)
        """Call a function or macro if it is allowed, and count its result as work."""
        return __self._count(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers, or join texts or lists, but never repeat or format a text."""
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
        """Join the pieces of a template, a block or a macro, and count their length as work."""
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
        """Return a filter that counts as work the texts and lists that it takes and returns."""

        @wraps(function)
        def counted(*arguments: Any, **more: Any) -> Any:
            for argument in arguments:
                is_collection = isinstance(argument, (list, tuple, dict, set))
                self._flat(argument) if is_collection else self._count(argument)
            return self._count(function(*arguments, **more))

        return counted

    @pass_context  # else Jinja would call this while it compiles the template
    def _spend_on(self, context: Context, nothing: str, work: int) -> str:
        self.spend(work)
        return nothing

    def _flat(self, values: Any) -> Any:
        """Return a list, but refuse lists in it: nested lists could double at each loop turn."""
        items = [*values.keys(), *values.values()] if isinstance(values, dict) else values
        if any(isinstance(item, (list, tuple, dict, set)) for item in items):
            raise SecurityError("a list in a list can't be used here")
        return self._count(values)

    def _join_texts(self, values: list[Any]) -> Any:
        for value in values:
            self._count(_refuse_collection(value))
        return markup_join(values)


def _refuse_collection(value: Any) -> Any:
    """Return the value to write, but refuse a list or mapping."""
    if isinstance(value, (list, tuple, dict, set)):
        raise SecurityError("a list or a mapping can't be written; write its items one by one")
    return value


class _Metered(NodeTransformer):
    """Adds calls that count the work of each template, loop turn, macro call and ``~`` join."""

    def _metered(self, node: Any) -> nodes.Node:
        work = nodes.Const(_NODE * sum(1 for _ in node.find_all(nodes.Node)))
        self.generic_visit(node)
        spend = nodes.Filter(nodes.Const(""), _SPEND, [work], [], None, None, lineno=node.lineno)
        node.body.insert(0, nodes.Output([spend], lineno=node.lineno))
        return node  # type: ignore[no-any-return]  # Any, as several kinds of node have a body

    visit_For = visit_Macro = visit_CallBlock = visit_Template = _metered  # noqa: N815 (as Jinja names them)

    def visit_Concat(self, concat: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Replace ``~`` with a filter that counts the texts it joins."""
        self.generic_visit(concat)
        values = nodes.List(concat.nodes, lineno=concat.lineno)
        return nodes.Filter(values, _JOIN, [], [], None, None, lineno=concat.lineno)

    def _literal(self, node: Any) -> nodes.Node:
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load":
            return node  # type: ignore[no-any-return]  # as above
        return nodes.Filter(node, _FLAT, [], [], None, None, lineno=node.lineno)

    visit_List = visit_Tuple = visit_Dict = _literal  # noqa: N815


_NO_EFFECT = (nodes.Assign, nodes.AssignBlock, nodes.For, nodes.If, nodes.Include)


def without_effect(tree: nodes.Template, blocks: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield line and message for each part of a template that Jinja ignores after ``extends``.

    ``blocks`` are the names of the blocks that the template may change.
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
        elif isinstance(node, _NO_EFFECT):
            message = "this is outside the blocks, where it has no effect; put it into a block"
            yield node.lineno, message
