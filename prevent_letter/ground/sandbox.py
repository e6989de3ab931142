"""Jinja templates that can do nothing but what is on a list, and come to an end.

What a template sees is allowed by name, never refused by name: attributes by the type of what has them, filters, and
three functions. Turns of loops, calls, and characters are counted. A template of somebody's own is read before it runs:
a block that the standard letter hasn't, or wording outside blocks, would be left out without a word.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from prevent_letter.ground.findings import nearest

MOST_TURNS = 100_000
"""The turns and calls that a letter may take; the standard one takes 300."""
MOST_CHARACTERS = 1 << 22
"""The characters that a letter, or a text in it, may have; the standard one has 60,000."""

_TEXT = frozenset("split strip lower upper title capitalize startswith endswith".split())
_BUILT_IN: Mapping[type, frozenset[str]] = {
    str: _TEXT,
    Markup: _TEXT,
    dict: frozenset({"get", "items", "keys", "values"}),
    dt.date: frozenset({"day", "month", "year"}),
    LoopContext: frozenset("index index0 revindex revindex0 first last length depth".split()),
}
_FILTERS = frozenset(
    "capitalize default e escape first last length list lower reverse safe sort string title trim unique upper".split()
)


class _Undefined(StrictUndefined):
    """What isn't there, in a sentence."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        guess = nearest(
            str(self._undefined_name), ("assessment", "criteria", "draft", "digest", "published")
        )
        return f"there is no {self._undefined_name}" + (f"; did you mean {guess}?" if guess else "")


class Count:
    """The turns and characters that are left."""

    def __init__(self) -> None:
        self.turns, self.characters = MOST_TURNS, MOST_CHARACTERS

    def turn(self) -> None:
        """One more turn or call."""
        self.turns -= 1
        if self.turns < 0:
            raise SecurityError(f"it takes more than {MOST_TURNS:,} turns, so it may never end")

    def grow(self, by: int) -> None:
        """So many more characters."""
        self.characters -= by
        if self.characters < 0:
            raise SecurityError(f"it makes more than {MOST_CHARACTERS:,} characters")


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for templates that may come from anywhere."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, allowed: Mapping[type, frozenset[str]], **options: Any) -> None:
        """``allowed``: the attributes that templates may see, by the type of what has them."""
        super().__init__(undefined=_Undefined, finalize=self._finalize, **options)
        self.count = Count()
        self.sizes: dict[str, int] = {}
        """The characters of the templates that were loaded, by their names."""
        self._allowed = {**_BUILT_IN, **allowed}
        self._verdicts: dict[tuple[type, str], bool] = {}  # it is asked some 400 times a letter
        self.filters = {
            name: self._counted(each) for name, each in self.filters.items() if name in _FILTERS
        }
        self.globals = {"namespace": Namespace, "range": self._range, "once": self._once}
        self._written: dict[tuple[str, int], tuple[Any, Any]] = {}
        self.filters["join"] = self._join
        self.filters |= {
            _TURNS: self._turns,
            _CONCATENATED: self._concatenated,
            _FLAT: self._flat,
            _TEXT_OF: self._text_of,
        }

    # What Jinja asks of a sandbox.

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute that is on the list, or else an item."""
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
        """An item, or else an attribute that is on the list."""
        try:
            return obj[argument]
        except (TypeError, LookupError, AttributeError):
            return (
                self.getattr(obj, argument)
                if isinstance(argument, str)
                else self.unsafe_undefined(obj, argument)
            )

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether an attribute is on the list; a namespace's are what the template put there."""
        key = type(obj), attr
        if key not in self._verdicts:
            own = isinstance(obj, Namespace) and not attr.startswith("_")
            self._verdicts[key] = own or attr in self._listed(obj)
        return self._verdicts[key]

    def _listed(self, obj: Any) -> frozenset[str]:
        return next(
            (self._allowed[each] for each in type(obj).__mro__ if each in self._allowed),
            frozenset(),
        )

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether something may be called: a macro, a block, a function that is given, or a method on the list."""
        if (
            isinstance(obj, (Macro, BlockReference))
            or obj is Namespace
            or obj in (self._range, self._once)
        ):
            return True
        owner = getattr(obj, "__self__", None)
        return owner is not None and self.is_safe_attribute(
            owner, getattr(obj, "__name__", ""), obj
        )

    def unsafe_undefined(self, obj: Any, attribute: Any) -> Any:
        """What a name that isn't on the list gives: a sentence, as soon as it is used."""
        guess = nearest(str(attribute), self._listed(obj))
        name = "a text" if isinstance(obj, str) else type(obj).__name__.lower()
        hint = f"{name} has no {attribute}" + (f"; did you mean {guess}?" if guess else "")
        return self.undefined(hint, obj, attribute)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 (as Jinja has it)
        """Call what may be called, and count it."""
        __self.count.turn()
        return __self._grown(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers are counted with, texts joined; nothing is repeated, or filled in."""
        if operator == "+" and isinstance(left, (str, list)):
            self.count.grow(len(left) + len(right))
            return left + right
        if not all(
            isinstance(each, (int, float)) and abs(each) < MOST_TURNS for each in (left, right)
        ):
            raise SecurityError(f"{operator} is for numbers here, and not for large ones")
        if operator == "**":
            raise SecurityError("** isn't used here")
        return self.binop_table[operator](left, right)

    def _finalize(self, value: Any) -> Any:
        if isinstance(value, str):
            self.count.characters -= len(value)
            if self.count.characters < 0:
                self.count.grow(0)
        elif isinstance(value, (list, tuple, dict, set)):
            raise SecurityError(
                "a list or a mapping can't be written; write what is in it, one by one"
            )
        return value

    def get_template(self, *arguments: Any, **more: Any) -> Any:
        """A template, which counts each time that it is asked for."""
        template = super().get_template(*arguments, **more)
        self.count.grow(self.sizes.get(str(template.name), 0))
        return template

    def _counted(self, work: Any) -> Any:
        """A filter whose text or list is counted, in and out."""

        @wraps(work)
        def counted(*arguments: Any, **more: Any) -> Any:
            for each in arguments:
                self._grown(each)
            return self._grown(work(*arguments, **more))

        return counted

    def _grown(self, value: Any) -> Any:
        if isinstance(value, (str, list, tuple, dict, range)):
            self.count.grow(len(value))
        return value

    def _flat(self, values: Any) -> Any:
        """A list or mapping that a template writes down, which holds no others: they would double at each turn."""
        inner = [*values.keys(), *values.values()] if isinstance(values, dict) else values
        if any(isinstance(each, (list, tuple, dict, set)) for each in inner):
            raise SecurityError("a list in a list isn't used here")
        return self._grown(values)

    def _text_of(self, nothing: str, characters: int) -> str:
        """Count the words that a macro or the like writes each time."""
        self.count.grow(characters)
        return nothing

    def _once(self, name: str, depends_on: Any, caller: Any) -> Any:
        """What a ``call`` holds, written once for each thing that it depends on alone."""
        key = name, id(depends_on)
        if key not in self._written:
            if len(self._written) > 8:
                self._written.clear()
            self._written[key] = (
                depends_on,
                caller(),
            )  # the thing is kept, so that its id stays its own
        self.count.grow(len(self._written[key][1]))
        return self._written[key][1]

    def _range(self, *arguments: int) -> range:
        made = range(*arguments)
        if len(made) > MOST_TURNS:
            raise SecurityError(
                f"a range of {len(made):,} takes so many turns that it may never end"
            )
        self.count.grow(len(made))
        return made

    def _join(self, values: Iterable[Any], between: str = "") -> Any:
        return self._concatenated([each for value in values for each in (between, value)][1:])

    def _concatenated(self, values: list[Any]) -> Any:
        for each in values:
            self._finalize(each)
        return markup_join(values)

    def _turns(self, values: Iterable[Any], characters: int) -> Iterator[Any]:
        """The values of a loop, each a turn that writes so many characters."""
        for value in values:
            self.count.turn()
            self.count.grow(characters)
            yield value

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _Counted().visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]


# Names that no template can write.
_TURNS, _CONCATENATED, _FLAT, _TEXT_OF = (
    "turns of a loop",
    "texts that are joined",
    "a flat list",
    "words written",
)


class _Counted(NodeTransformer):
    """Has the turns of each loop counted, and the texts that ``~`` joins."""

    def visit_For(self, loop: nodes.For) -> nodes.Node:  # noqa: N802 (as Jinja has it)
        characters = nodes.Const(sum(len(data.data) for data in loop.find_all(nodes.TemplateData)))
        loop.iter = nodes.Filter(
            loop.iter, _TURNS, [characters], [], None, None, lineno=loop.lineno
        )
        return self.generic_visit(loop)

    def _written(self, node: Any) -> nodes.Node:
        """A macro or the like, which first counts the words that it writes."""
        characters = nodes.Const(sum(len(data.data) for data in node.find_all(nodes.TemplateData)))
        counted = nodes.Filter(
            nodes.Const(""), _TEXT_OF, [characters], [], None, None, lineno=node.lineno
        )
        self.generic_visit(node)
        node.body.insert(0, nodes.Output([counted], lineno=node.lineno))
        return node  # type: ignore[no-any-return]

    visit_Macro = visit_CallBlock = visit_FilterBlock = visit_AssignBlock = _written  # noqa: N815

    def _literal(self, node: Any) -> nodes.Node:
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load":
            return node  # type: ignore[no-any-return]
        return nodes.Filter(node, _FLAT, [], [], None, None, lineno=node.lineno)

    visit_List = visit_Tuple = visit_Dict = _literal  # noqa: N815

    def visit_Concat(self, joined: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(joined)
        values = nodes.List(joined.nodes, lineno=joined.lineno)
        return nodes.Filter(values, _CONCATENATED, [], [], None, None, lineno=joined.lineno)


def without_effect(tree: nodes.Template, blocks: Iterable[str]) -> Iterator[tuple[int, str]]:
    """What in a template that extends another would be left out without a word: the line, and a sentence.

    ``blocks`` are the names of the blocks that it may change.
    """
    known = list(blocks)
    own = [(block, outer) for outer in tree.body for block in [outer, *outer.find_all(nodes.Block)]]
    for block, outer in own:
        if isinstance(block, nodes.Block) and block is outer and block.name not in known:
            guess = nearest(block.name, known)
            help = f"did you mean {guess}?" if guess else f"the blocks are {', '.join(known)}"
            yield block.lineno, f"there is no block {block.name}; {help}"
    for each in tree.body:
        if isinstance(each, nodes.Output):
            texts = [
                data.data.strip() if isinstance(data, nodes.TemplateData) else "{{ }}"
                for data in each.nodes
            ]
            if text := "".join(texts):
                yield (
                    each.lineno,
                    f"this stands outside the blocks, and would be left out: {text[:40]}",
                )
        elif isinstance(
            each, (nodes.Assign, nodes.AssignBlock, nodes.For, nodes.If, nodes.Include)
        ):
            yield (
                each.lineno,
                "this stands outside the blocks, where it changes nothing; put it into a block",
            )
