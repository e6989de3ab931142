"""Run Jinja templates that can do only what an allow-list permits, and that always end.

A template can use only what is listed by name: the parts of the language, attributes (by the type
of their object), filters and tests. It writes texts, numbers and dates alone, so that no object
shows what it holds. One counter limits its work, in characters. Each text costs its length, and
each loop turn, block or macro call costs a few characters for each node of its body. A repository's
own template is checked before it runs, because Jinja would silently leave out wording outside
blocks, and a block that the standard letter does not have.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from prevent_letter.core.display import nearest

MOST_WORK = 1 << 21
"""The most work that a letter may take, in characters. The standard one needs 220,000."""
_MOST_NODES = 10_000
"""The largest template, in nodes of its tree. The standard one has 2,000."""
_NODE = 4
"""The cost of a node in a loop, block or macro, in characters, so that endless loops end in 1 s."""
_GUESS = 2000
"""The cost of a look for a name that was meant, in characters."""
_LARGEST_NUMBER = 100_000
"""A template may calculate only with numbers below this."""

_LANGUAGE: frozenset[type[nodes.Node]] = frozenset(
    {
        *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Extends, nodes.Block),
        *(nodes.If, nodes.For, nodes.With, nodes.Assign, nodes.AssignBlock, nodes.Macro),
        *(nodes.Name, nodes.NSRef, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair),
        *(nodes.Getattr, nodes.Getitem, nodes.Call, nodes.Keyword, nodes.Filter, nodes.Test),
        *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr),
        *(nodes.Add, nodes.Sub, nodes.Mul, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Concat),
    }
)
_NOT_IN_IT = frozenset({"caller", "kwargs", "self", "varargs"})
"""Jinja's own names that a template can't use."""
_TEXT_METHODS = frozenset("split strip lower upper title capitalize startswith endswith".split())
_BUILT_IN: Mapping[type, frozenset[str]] = {
    str: _TEXT_METHODS,
    Markup: _TEXT_METHODS,
    dict: frozenset({"get", "items", "keys", "values"}),
    dt.date: frozenset({"day", "month", "year"}),
    LoopContext: frozenset("index index0 revindex revindex0 first last length".split()),
}
_OF_TEXTS = frozenset("capitalize e escape lower safe string title trim upper".split())
_FILTERS = _OF_TEXTS | {*"default first last length list reverse sort unique".split()}
_WITH_ARGUMENTS = frozenset({"default", "join", "prose"})
_TESTS = frozenset("defined even false none number odd string true undefined".split())
_GLOBALS = ("assessment", "criteria", "draft", "digest", "published")
_COLLECTIONS = (list, tuple, dict)
# These names have spaces, so that no template can use the filters.
_SPEND, _FLAT, _SIZED, _ITEMS = "spend work", "a flat list", "count size", "go through"


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

    intercepted_binops = frozenset({"+", "-", "*", "//", "%"})

    def __init__(
        self, allowed: Mapping[type, frozenset[str]], *, is_ours: bool = False, **options: Any
    ) -> None:
        """Let templates use the attributes in ``allowed``, by the type of their object.

        With ``is_ours``, all templates are our own: what they do isn't checked, and only what they
        write is counted, which saves a quarter of the time to compile them.
        """
        super().__init__(undefined=_Undefined, finalize=self._written, **options)
        self._is_ours = is_ours
        self.work = 0
        """The work done for the current letter. The caller resets it to 0 for each letter."""
        self._allowed = {**_BUILT_IN, **allowed}
        self._objects = allowed.keys() - _BUILT_IN.keys()
        self._verdicts: dict[tuple[type, str], bool] = {}  # a cache: 400 look-ups, 0.3 ms a letter
        self.globals = {"namespace": Namespace}
        self.tests = {name: test for name, test in self.tests.items() if name in _TESTS}
        standard = {name: function for name, function in self.filters.items() if name in _FILTERS}
        self.filters = {_SPEND: self._spend_on, _FLAT: self._flat, _SIZED: self._sized}
        self.filters[_ITEMS] = self._listed_items
        self.filters["join"] = self._join
        for name, function in standard.items():
            self.add_filter(name, function, of_texts=name in _OF_TEXTS)

    def add_filter(
        self, name: str, function: Callable[..., Any], *, of_texts: bool = True, cost: int = 1
    ) -> None:
        """Let templates use a filter, and count its work: the size of what it takes and returns.

        Args:
            name: the filter's name.
            function: what takes the value, and more arguments.
            of_texts: only a text, a number or a date may be its value.
            cost: characters of work for each character that it takes.
        """

        @wraps(function)
        def counted(*arguments: Any, **more: Any) -> Any:
            before = getattr(function, "jinja_pass_arg", None) is not None
            value = arguments[before]
            if of_texts:
                _refuse_object(value)
            else:
                self._flat(self._listed_items(value))
            items = len(value) if isinstance(value, _COLLECTIONS) else 1
            others = (*arguments[before + 1 :], *more.values())
            self.spend(_size(value) * cost + items * sum(map(_size, others)))
            result = function(*arguments, **more)
            self.spend(_size(result))
            return result

        self.filters[name] = counted

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
        if isinstance(obj, (Macro, BlockReference)) or obj is Namespace:
            return True
        owner = getattr(obj, "__self__", None)
        if owner is None:
            return False
        return self.is_safe_attribute(owner, getattr(obj, "__name__", ""), obj)

    def unsafe_undefined(self, obj: Any, attribute: Any) -> Any:
        """Return a value that raises an error on use, because its name is not allowed."""
        self.spend(_GUESS)
        if not isinstance(attribute, (str, int)):
            attribute = "such item"
        attribute = str(attribute)[:60]
        guess = nearest(attribute, self._listed(obj))
        name = "a text" if isinstance(obj, str) else type(obj).__name__.lower()
        name = "an empty field" if obj is None else name
        hint = f"{name} has no {attribute}" + (f"; did you mean {guess}?" if guess else "")
        return self.undefined(hint, obj, attribute)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (as Jinja names them)
        """Call a function or macro if it is allowed, and count what it takes and returns."""
        if isinstance(__obj, Undefined):
            str(__obj)  # raises an error that says what is missing
        if __obj is Namespace and args:
            raise SecurityError("namespace takes names and values, such as namespace(count=0)")
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str):
            __self.spend(len(owner) * (1 + sum(map(_size, args))))
        result = super().call(__context, __obj, *args, **kwargs)
        __self.spend(_size(result))
        return result

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers, or join texts or lists, but never repeat or format a text."""
        if operator == "+" and isinstance(left, (str, list)):
            self.spend(_size(left) + _size(right))
            return left + right
        numbers = [n for n in (left, right) if isinstance(n, (int, float))]
        if len(numbers) < 2 or any(abs(number) >= _LARGEST_NUMBER for number in numbers):
            raise SecurityError(f"{operator} is for numbers here, and not for large ones")
        return self.binop_table[operator](left, right)

    def concat(self, pieces: Iterable[str]) -> str:
        """Join the pieces of a template, a block or a macro, and count their length as work."""
        texts = [*pieces]
        self.spend(sum(map(len, texts)))
        return "".join(texts)

    def _generate(self, source: nodes.Template, *arguments: Any, **more: Any) -> str:
        if self._is_ours:
            return super()._generate(source, *arguments, **more)
        for line, message in _other_parts(source):
            raise TemplateSyntaxError(message, line, *arguments[:2])
        return super()._generate(_Metered().visit(source), *arguments, **more)

    # The counter.

    @pass_context  # else Jinja would call this while it compiles the template
    def _spend_on(self, context: Context, value: Any, work: int) -> Any:
        self.spend(work)
        return value

    def _sized(self, value: Any) -> Any:
        self.spend(_size(value))
        return value

    def _listed_items(self, value: Any) -> Any:
        """Return a value to go through, but refuse an object: it would show all that it holds."""
        if type(value) in self._objects:
            kind = type(value).__name__.lower()
            raise SecurityError(f"the {kind} is no list; use its parts by their names")
        return self._sized(value)

    def _flat(self, value: Any) -> Any:
        """Return a value, but refuse a list of lists: it could double at each loop turn."""
        items = [*value, *value.values()] if isinstance(value, dict) else value
        if isinstance(value, _COLLECTIONS) and any(isinstance(i, _COLLECTIONS) for i in items):
            raise SecurityError("a list in a list can't be used here")
        return self._sized(value)

    def _join(self, values: Iterable[Any], separator: str = "") -> Any:
        pieces: list[Any] = []
        for value in self._listed_items(values):
            pieces += [separator, value] if pieces else [value]
            self._written(value)
            self._written(separator)
        return markup_join(pieces)

    def _written(self, value: Any) -> Any:
        """Return a value that the letter shows, and count it."""
        if type(value) is str or type(value) is Markup:  # 600 times a letter
            self.work += len(value)
            if self.work <= MOST_WORK:
                return value
        _refuse_object(value)
        return self._sized(value)


def _size(value: Any) -> int:
    """Return the characters of a text, or of the texts in a list; about 1 for anything else."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if not isinstance(value, (list, tuple)):
        return 1
    return sum(len(item) if isinstance(item, str) else 1 for item in value)


def _refuse_object(value: Any) -> None:
    """Refuse to write what is no text, number or date: it could show what it holds."""
    if isinstance(value, _COLLECTIONS):
        raise SecurityError("a list or a mapping can't be written; write its items one by one")
    if isinstance(value, Undefined):
        str(value)  # raises an error that says what is missing, unless it is an if without else
        return
    if value is not None and not isinstance(value, (str, int, float, dt.date)):
        kind = type(value).__name__.lower()
        raise SecurityError(f"the {kind} can't be written; write its parts one by one")


def _other_parts(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield line and message for each part of Jinja that no template of a letter can use."""
    everything = [tree, *tree.find_all(nodes.Node)]
    if len(everything) > _MOST_NODES:
        yield everything[_MOST_NODES].lineno, f"it has more than {_MOST_NODES:,} parts"
    for node in everything:
        wrong = ""
        if type(node) not in _LANGUAGE:
            name = type(node).__name__.lower().removesuffix("block")
            wrong = getattr(node, "operator", name)
        elif isinstance(node, nodes.Name) and node.name in _NOT_IN_IT:
            wrong = node.name
        elif isinstance(node, nodes.Call) and (node.dyn_args or node.dyn_kwargs):
            wrong = "* before an argument"
        elif isinstance(node, nodes.For) and node.recursive:
            wrong = "a recursive loop"
        elif isinstance(node, nodes.Extends) and not isinstance(node.template, nodes.Const):
            wrong = "extends without a name in quotes"
        elif isinstance(node, nodes.Filter) and (node.dyn_args or node.dyn_kwargs):
            wrong = "* before an argument"
        elif isinstance(node, nodes.Filter) and (node.args or node.kwargs):
            wrong = "" if node.name in _WITH_ARGUMENTS else f"{node.name} with an argument"
        if wrong:
            yield node.lineno, f"{wrong} can't be used in a letter"


class _Metered(NodeTransformer):
    """Adds calls that count the work of loop turns, blocks and calls, and of what is compared."""

    def _spend(self, node: Any, value: Any) -> nodes.Filter:
        work = nodes.Const(_NODE * sum(1 for _ in node.find_all(nodes.Node)))
        return _filter(nodes.Const(value), _SPEND, node.lineno, work)

    def _metered(self, node: Any) -> Any:
        spend = self._spend(node, "")
        self.generic_visit(node)
        node.body.insert(0, nodes.Output([spend], lineno=node.lineno))
        return node

    visit_Macro = visit_Block = visit_Template = _metered  # noqa: N815 (as Jinja names them)

    def visit_For(self, loop: nodes.For) -> nodes.Node:  # noqa: N802
        """Count each turn, also one that the loop's condition passes over."""
        spend = self._spend(loop, value=True)
        self._metered(loop)
        loop.iter = _filter(loop.iter, _ITEMS, loop.lineno)
        if loop.test:
            loop.test = nodes.And(spend, loop.test, lineno=loop.lineno)
        return loop

    def visit_Concat(self, concat: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Replace ``~`` with a filter that counts the texts it joins."""
        self.generic_visit(concat)
        values = nodes.List(concat.nodes, lineno=concat.lineno)
        return _filter(values, "join", concat.lineno)

    def visit_Compare(self, compare: nodes.Compare) -> nodes.Node:  # noqa: N802
        """Count what is compared, unless one side is a constant: then little is."""
        self.generic_visit(compare)
        sides = [compare.expr, *(operand.expr for operand in compare.ops)]
        is_search = any("in" in operand.op for operand in compare.ops)
        if is_search or not any(isinstance(side, nodes.Const) for side in sides):
            compare.expr = _filter(compare.expr, _SIZED, compare.lineno)
            for operand in compare.ops:
                operand.expr = _filter(operand.expr, _SIZED, compare.lineno)
        return compare

    def visit_Getitem(self, item: nodes.Getitem) -> nodes.Node:  # noqa: N802
        """Count a key that is no constant: a message may quote it."""
        self.generic_visit(item)
        if not isinstance(item.arg, nodes.Const):
            item.arg = _filter(item.arg, _SIZED, item.lineno)
        return item

    def _literal(self, node: Any) -> Any:
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load":
            return node
        return _filter(node, _FLAT, node.lineno)

    visit_List = visit_Tuple = visit_Dict = _literal  # noqa: N815


def _filter(value: Any, name: str, line: int, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(value, name, [*arguments], [], None, None, lineno=line)


_NO_EFFECT = (nodes.Assign, nodes.AssignBlock, nodes.For, nodes.If)


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
