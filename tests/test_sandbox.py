"""Nothing is run: a template sees what is on a list, comes to an end, and is told what it does wrong."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import CHECKOUT, EXAMPLE, Run
from jinja2 import FunctionLoader
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError

from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.core import prose
from prevent_letter.core.findings import UserError
from prevent_letter.letter import document, sandbox
from prevent_letter.letter.compose import ALLOWED

EXTENDS = '{% extends "standard/letter.html.j2" %}\n'


@pytest.fixture
def own(example: Path) -> Path:
    """A letter.html.j2 of one's own, named by the settings, yet to be written."""
    (example.parent / "ours").mkdir()
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    return example.parent / "ours" / "letter.html.j2"


def closing(words: str) -> str:
    return f"{EXTENDS}{{% block closing %}}\n{words}\n{{% endblock %}}\n"


PWNED = """(S'touch pwned'\ntR."""


@pytest.mark.parametrize(
    "words",
    [
        '{{ assessment.parse_raw("cposix\\nsystem\\n'
        + PWNED.replace("\n", "\\n")
        + '", content_type="pickle", allow_pickle=True) }}',
        '{{ assessment.parse_file("/etc/passwd") }}',
        "{{ assessment.__class__ }}",
        '{{ assessment["__class__"] }}',
        '{{ "".format.__globals__ }}',
        '{{ "%1000000000d" % 1 }}',
        "{{ assessment.model_fields }}",
        "{{ prose.__wrapped__ }}",
        "{{ self.__init__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ labelled.__call__ }}",
        "{{ labelled._func }}",
        "{{ assessment | attr('__class__') }}",
        "{{ [assessment] | map(attribute='__class__') | list }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ range.__call__ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{% set x = namespace() %}{{ x.__class__ }}",
        "{{ assessment.date.fromtimestamp(0) }}",
        "{{ loop }}",
        "{{ assessment }}",
        "{{ assessment | string }}",
        "{{ assessment | unbroken }}",
        "{{ assessment | e }}",
        "{{ assessment ~ '' }}",
        "{{ assessment.benchmarks.training | safe }}",
        "{{ assessment.benchmarks.values() | list | join }}",
        "{{ [assessment] | join }}",
        "{{ assessment.addressee | title }}",
        "{{ criteria.level }}",
        "{% for n, v in assessment %}{{ n }}{% endfor %}",
        "{{ assessment | list | first | first }}",
        "{% set n = namespace(assessment) %}{{ n.authority }}",
        "{{ criteria.scale.label(assessment) }}",
        "{{ [][assessment] }}",
        "{{ assessment.progress }}",
        "{{ assessment['progress'] }}",
    ],
)
def test_template_runs_nothing(
    words: str, run: Run, example: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(example.parent)
    own.write_text(closing(f"<p>{words}</p>"), encoding="utf-8")
    built = run("build", example.name)
    assert (built.code, built.out) == (1, "")
    assert built.err.startswith("ours/letter.html.j2:3: the template can't be")
    assert sorted(path.name for path in example.parent.iterdir()) == [
        example.name,
        "ours",
        "prevent-letter.yaml",
    ]


def reachable(value: Any, seen: dict[type, Any]) -> None:
    """One value of each type that a template can get at."""
    if type(value) in seen or value is None:
        return
    seen[type(value)] = value
    inner: Iterator[Any] = iter(
        value.values()
        if isinstance(value, dict)
        else value
        if isinstance(value, (list, tuple))
        else ()
    )
    for each in inner:
        reachable(each, seen)
    for name in ALLOWED.get(type(value), ()):
        reachable(getattr(value, name), seen)


def test_every_attribute_of_all_that_a_template_gets_is_on_the_list_or_refused() -> None:
    draft = DraftLoader().load(EXAMPLE)
    seen: dict[type, Any] = {}
    for value in (
        draft.assessment,
        draft.criteria,
        True,
        "digest",
        prose.render("a"),
        range(3),
        [1],
        {"a": 1},
        1.5,
    ):
        reachable(value, seen)
    assert {
        dt.date,
        str,
        dict,
        range,
        prose.Prose,
        type(draft.assessment),
        type(draft.criteria),
    } <= seen.keys()
    environment = sandbox.Sandbox(ALLOWED, loader=FunctionLoader(lambda name: None))
    counted = 0
    for kind, value in seen.items():
        listed = {*sandbox._BUILT_IN.get(kind, ()), *ALLOWED.get(kind, ())}
        for name in dir(value):
            counted += 1
            for template in (f"{{{{ value.{name} }}}}", f"{{{{ value['{name}'] }}}}"):
                if name in listed or (kind is dict and name in value):
                    continue
                with pytest.raises((UndefinedError, SecurityError)):
                    environment.from_string(template).render(value=value)
    assert counted > 500


def turns(inner: str, levels: int = 1) -> str:
    """A template that loops 60 times, with as many turns of an inner loop at each, and so on."""
    for level in range(levels):
        inner = f'{{% for i{level} in "{"x " * 59}x".split(" ") %}}{inner}{{% endfor %}}'
    return inner


DOUBLED = '{% set x = namespace(s="xy", l=[1]) %}'
LONG = DOUBLED + '{% for i in "xxxxxxxxxxxxxxxx" | list %}{% set x.s = x.s ~ x.s %}{% endfor %}'
MANY = DOUBLED + '{% for i in "xxxxxxxxxxxx" | list %}{% set x.l = x.l + x.l %}{% endfor %}'
ENDLESS = "2,097,152 characters, or loops for too long"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (turns("", 4), ENDLESS),
        (turns("<p>long</p>" * 100, 3), ENDLESS),
        (turns("{% for a in 'xxxxxxxx' | list if false %}{% endfor %}", 3), ENDLESS),
        (DOUBLED + turns("{% set x.s = x.s ~ x.s %}"), ENDLESS),
        (DOUBLED + turns("{% set x.s = x.s + x.s %}"), ENDLESS),
        (DOUBLED + turns("{% set x.l = x.l + x.l %}"), ENDLESS),
        (DOUBLED + turns("{% set x.l = [x.l, x.l] %}"), "a list in a list"),
        (DOUBLED + turns("{% set x.l = (x.l, x.l) %}"), "a list in a list"),
        (DOUBLED + turns("{% set x.l = {1: x.l} %}"), "a list in a list"),
        (
            DOUBLED + turns("{% set x.s = namespace(a=x.s, b=x.s) %}") + "{{ x.s }}",
            "the namespace can't be written",
        ),
        (LONG + turns("{{ x.s }}", 2), ENDLESS),
        (LONG + turns("{% set y = x.s.title() %}", 2), ENDLESS),
        (LONG + turns("{% set y = x.s.strip(x.s ~ 1) %}"), ENDLESS),
        (LONG + turns("{% set y = x.s | title %}", 2), ENDLESS),
        (LONG + turns("{% set y = x.s | prose %}"), ENDLESS),
        (LONG + turns("{% set y = x.s | prose(x.s) %}"), "a class has at most 40 characters"),
        (LONG + turns("{% if 'z' in x.s %}{% endif %}", 2), ENDLESS),
        (LONG + turns("{% if x.s == x.s ~ 'z' %}{% endif %}", 2), ENDLESS),
        (LONG + turns("{% if assessment[x.s] is defined %}{% endif %}", 2), ENDLESS),
        (MANY + LONG[len(DOUBLED) :] + "{% set y = x.l | join(x.s) %}", ENDLESS),
        (MANY + turns("{% if 2 in x.l %}{% endif %}", 2), ENDLESS),
        (MANY + turns("{% set y = x.l | sort | list %}", 2), ENDLESS),
        (
            "{% macro m() %}" + "words " * 8_000 + "{% endmacro %}" + turns("{% set y = m() %}", 2),
            ENDLESS,
        ),
        (
            "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
            ENDLESS,
        ),
        ("{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}", "without end"),
        ("{{a.b}}" * 9_000, "it has more than 10,000 parts"),
        ("{{ 'x' * 100000 }}", "* is for numbers"),
        ("{{ 9999 * 9999 * 9999 }}", "not for large ones"),
        ("{{ 9 ** 9 }}", "** can't be used in a letter"),
        ("{{ 9 / 3 }}", "/ can't be used in a letter"),
        ("{{ range(9) | list }}", "there is no range"),
        ("{{ 1 | round(999999999, 'ceil') }}", "round with an argument can't be used"),
        ("{{ [1] | sort(attribute='a.a.a') }}", "sort with an argument can't be used"),
        (
            "{% macro f() %}{{ varargs }}{% endmacro %}{{ f(1) }}",
            "varargs can't be used in a letter",
        ),
        ("{% macro f(a) %}{% endmacro %}{{ f(*[1]) }}", "* before an argument can't be used"),
        ("{% block a %}{{ self.a() }}{% endblock %}", "self can't be used in a letter"),
        ("{% for a in [1] recursive %}{% endfor %}", "a recursive loop can't be used"),
        ("{{ x[1:] }}", "slice can't be used in a letter"),
        ("{% if 1 is in({}) %}{% endif %}", "No test named 'in'"),
        ("{% include 'data.j2' %}", "include can't be used in a letter"),
        ("{% import 'data.j2' as x %}", "import can't be used in a letter"),
        ("{% filter upper %}x{% endfilter %}", "filter can't be used in a letter"),
        ("{{ '\\ud800' }}", "a character that no letter can have"),
        (
            '<table><colgroup><col data-width="'
            + "9" * 400
            + '"/></colgroup><tbody><tr><td>x</td></tr></tbody></table>',
            "data-width",
        ),
    ],
)  # fmt: skip
def test_template_that_never_ends_stops(
    words: str, told: str, run: Run, example: Path, own: Path
) -> None:
    own.write_text(closing(words), encoding="utf-8")
    begun = time.monotonic()
    built = run("build", example)
    assert time.monotonic() - begun < 20  # it would take for ever
    assert (built.code, built.out) == (1, "")
    assert "letter.html.j2:" in built.err
    assert told in built.err


WHOLE = (
    '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="cy"><head><title>A</title>'
    '<meta name="author" content=""/><meta name="date" content=""/><meta name="subject" content=""/>'
    '<meta name="identifier" content="a"/><meta name="digest" content="b"/></head>'
    "<body><header/><main><p>Text</p></main><footer/></body></html>"
)
NOTES = (
    '<p><a role="doc-noteref" id="r" href="{}">1</a></p>'
    '<aside role="doc-footnote" id="n"><p><a class="screen" role="doc-backlink" href="{}">1</a> A note</p></aside>'
)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (EXTENDS + "{% block closeing %}<p>Bye.</p>{% endblock %}", "2: the template can't be read: there is no block closeing; did you mean closing?"),
        (EXTENDS + "<p>Bye.</p>", "2: the template can't be read: this is outside the blocks, and would be left out: <p>Bye.</p>"),
        (EXTENDS + "\n{% set title = 'Other' %}", "3: the template can't be read: this is outside the blocks, where it has no effect"),
        ('{% extends "letter.html.j2" %}', '1: the template can\'t be read: it extends itself; write {% extends "standard/letter.html.j2" %}'),
        (closing("<p>From &ndash; to.</p>"), "3: the template does not make a letter: XHTML doesn't know &ndash;; write the character itself, –"),
        (closing("<p>You & we.</p>"), "3: the template does not make a letter: a plain & is written &amp; in a template"),
        (closing("<p>Bye.\n<p>Bye again.</p>"), "3: the template does not make a letter: it is not well-formed XHTML: <p> is not closed, near: <p>Bye."),
        (closing('<p class="signatur">Bye.</p>'), '3: there is no style for class="signatur"; did you mean signature?'),
        (closing("<p>{{ assessment.arae }}</p>"), "3: the template can't be filled in: assessment has no arae; did you mean area?"),
        (closing("<p>{{ assesment.area }}</p>"), "3: the template can't be filled in: there is no assesment; did you mean assessment?"),
        (closing('<p><a href="javascript:alert(1)">x</a></p>'), "3: the template does not make a letter: a link leads to javascript:alert(1): only http, https"),
        (closing('<p><a href="ftp://a.example">x</a></p>'), "only http, https and mailto"),
        (closing('<p onclick="alert(1)">x</p>'), "3: the template does not make a letter: <p> has an attribute onclick, which no letter has"),
        (closing("<p>" + "<span>" * 2_000 + "x" + "</span>" * 2_000 + "</p>"), "elements are nested more than 60 deep"),
        ('<!DOCTYPE html [<!ENTITY a "b">]><html lang="cy"></html>', "1: the template does not make a letter: the only DOCTYPE of a letter is <!DOCTYPE html>"),
        (WHOLE.replace('lang="cy"', """lang='cy" w:evil="1'"""), "the outermost element must be html with a lang, such as en-GB"),
        (WHOLE.replace('"date" content=""', '"date" content="soon"'), "the meta date is no date: soon"),
        (WHOLE.replace('"date" content=""', '"date" content="20220101"'), "the meta date is no date: 20220101"),
        (WHOLE.replace("<p>", '<nav class="screen"/>' * 2 + "<p>"), "a letter has at most one nav"),
        (closing("{% for a in '" + "x" * 60 + "' | list %}" + "<p><em>a</em></p>" * 90 + "{% endfor %}"), "the letter has more than 3,000 elements"),
        (WHOLE.replace("<p>", f'<p aria-label="{"x " * 1001}">'), "<p>: aria-label has more than 2,000 characters"),
        (closing(NOTES.format("ms-msdt:/id", "#r")), "3: the template does not make a letter: the link of a note leads inside the letter, not to ms-msdt:/id"),
        (closing(NOTES.format("#n", "file:///c:/x")), "3: the template does not make a letter: the link of a note leads inside the letter, not to file:///c:/x"),
        (closing(NOTES.format("#n", "#r").replace("A note", '<a role="doc-noteref" id="q" href="#m">2</a>')), "the note n can't have a note of its own"),
    ],
)  # fmt: skip
def test_slip_in_a_template_is_told_with_its_line_and_the_cure(
    template: str, told: str, run: Run, example: Path, own: Path
) -> None:
    own.write_text(template, encoding="utf-8")
    for end in ("docx", "pdf", "html"):
        built = run("build", example, "-f", end)
        assert (built.code, built.out) == (1, "")
        assert f"ours/letter.html.j2:{told}" in built.err or told in built.err
        assert "ours/letter.html.j2:" in built.err
    checked = run("check", example)
    assert checked.code == 1
    assert "prevent-letter.yaml:1:12: error PL118: " in checked.out


def test_template_that_isnt_utf_8_or_is_too_large(run: Run, example: Path, own: Path) -> None:
    own.write_text(closing("<p>Bye.</p>"), encoding="utf-16")
    assert (
        "ours/letter.html.j2: this is not UTF-8; save it again with the encoding UTF-8"
        in run("build", example).err
    )
    own.write_text(EXTENDS + " " * (1 << 18), encoding="utf-8")
    assert "ours/letter.html.j2: this is too large for a template" in run("build", example).err


def test_check_looks_at_own_templates_and_loads_nothing_where_there_are_none(
    run: Run, example: Path, own: Path
) -> None:
    own.write_text(closing("<p>Bye.</p>"), encoding="utf-8")
    assert run("check", "--strict", example).code == 0
    own.write_text(closing("<p>{{ assessment.marking.upper() }}</p>"), encoding="utf-8")
    assert "PL118" in run("check", example).out  # not every letter has a marking
    own.write_text(closing("<p>{{ assessment.cc[0] }}</p>"), encoding="utf-8")
    assert "PL118" in run("check", example).out
    own.unlink()
    (own.parent / "letter.css").write_text("p { color: red", encoding="utf-8")
    assert "there is no rule for" in run("check", example.parent).out
    script = (
        "import sys; from prevent_letter.cli import main\n"
        "try: main(['check', sys.argv[1]])\n"
        "except SystemExit: print(*sorted({'docx', 'lxml', 'jinja2', 'markdown_it'} & set(sys.modules)))"
    )
    (own.parent / "letter.css").unlink()
    done = subprocess.run([sys.executable, "-c", script, example], capture_output=True, check=True)
    assert done.stdout.strip() == b""


def test_panic_of_the_typesetter_is_a_sentence(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst

    class PanicException(BaseException):
        """As pyo3 has it."""

    def panic(*_: object, **__: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(typst, "compile_with_warnings", panic)
    built = run("build", example, "-f", "pdf")
    assert built.code == 1
    assert (
        "letter.typ: the letter can't be typeset: the typesetter gave up on it: index out of bounds"
        in built.err
    )


def test_modules_of_the_current_folder_are_not_imported(example: Path) -> None:
    for name in ("yaml", "click", "jinja2", "docx"):
        example.with_name(f"{name}.py").write_text("raise SystemExit('pwned')\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-m", "prevent_letter", "build", example.name], cwd=example.parent, env=environment, capture_output=True, check=False
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, b"leicestershire_2022.docx")


def test_document_is_bounded_before_a_writer_sees_it() -> None:
    assert next(document.faults("x" * (document.MOST_CHARACTERS + 1))).text.endswith("characters")


def test_standard_letter_stays_far_below_the_limits() -> None:
    from prevent_letter.letter.compose import Composer

    draft, composer = DraftLoader().load(EXAMPLE), Composer()
    assert draft.assessment
    assert draft.criteria
    composer.compose(draft.assessment, draft.criteria)
    assert composer._jinja.work < sandbox.MOST_WORK / 9
    with pytest.raises(TemplateError):
        composer._jinja.from_string("{{ 1 | pprint }}")


def test_template_that_comes_later_does_not_pass_for_ours(tmp_path: Path) -> None:
    from prevent_letter.letter.compose import Composer

    draft, composer = DraftLoader().load(EXAMPLE), Composer(tmp_path)
    (tmp_path / "letter.html.j2").write_text("{% include 'x' %}", encoding="utf-8")
    assert 'id="training.score"' in composer.compose(*draft.valid)
    with pytest.raises(UserError, match="include can't be used in a letter"):
        Composer(tmp_path).compose(*draft.valid)


MEASURED = """
import re, sys, time
from pathlib import Path
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.core.findings import UserError
from prevent_letter.letter.compose import Composer
draft = DraftLoader().load(Path(sys.argv[1]))
Composer().compose(*draft.valid)
composer = Composer(draft.settings.templates)
begun = time.process_time()
try:
    composer.compose(*draft.valid)
except UserError as error:
    print(time.process_time() - begun)
    # Not ru_maxrss, which begins at the size of the process that started this one.
    print(re.search("VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])
    print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measures memory by /proc")
@pytest.mark.parametrize(
    "words",
    [
        DOUBLED + turns("{% set x.s = x.s ~ x.s %}") + "{{ x.s }}",
        DOUBLED + turns("{% set x.s = x.s + x.s %}") + "{{ x.s }}",
        turns("x", 4),
        turns("{% for a in 'xxxxxxxx' | list if false %}{% endfor %}", 3),
    ],
    ids=["doubling", "adding", "four loops", "loops with a condition"],
)
def test_template_that_never_ends_takes_little(words: str, example: Path, own: Path) -> None:
    own.write_text(closing(words), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(example)], capture_output=True, check=True, text=True
    )
    seconds, kilobytes, error = done.stdout.splitlines()
    assert "may never end" in error
    assert float(seconds) < 1
    assert int(kilobytes) < 300 * 1024


def test_common_ways_of_a_template_are_understood(run: Run, example: Path, own: Path) -> None:
    own.write_text(
        closing(
            "<p>{% for b in criteria.benchmarks %}{{ b.name }}{{ ', ' if not loop.last }}{% endfor %}</p>"
            "{% set t = 'x' if draft %}<p>{{ t }}{{ ('a' if false) | upper }}{{ 'b' ~ ('c' if false) }}</p>"
            "{% if criteria.scale == criteria.scale %}<p>{{ super() | length > 9 }}</p>{% endif %}"
        ),
        encoding="utf-8",
    )
    assert run("build", example, "-f", "html").code == 0
    page = example.with_suffix(".html").read_text(encoding="utf-8")
    assert "Communications</p>" in page or ", " in page
    assert "<p>b</p>" in page
    assert "PL118" not in run("check", example).out
