"""The JSON Schema: what it accepts and what check accepts agree, and the editors' own server makes good use of it."""

import contextlib
import json
import os
import queue
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, HEAD, Run, need
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prevent_letter.assessment.criteria import read
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.assessment.fields import fields_of
from prevent_letter.assessment.model import (
    Accepted,
    Addressee,
    Advisor,
    Assessment,
    Progress,
    Scored,
)
from prevent_letter.assessment.schema import schema
from prevent_letter.assessment.values import Line, described

SETS = {
    "annex_a": CHECKOUT / "criteria" / "annex_a.yaml",
    "named": CHECKOUT / "tests" / "criteria" / "named.yaml",
}


def of(name: str) -> dict[str, Any]:
    criteria = read(SETS[name]).criteria
    assert criteria
    return schema(criteria)


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, which editors read."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    Core.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first)
    )
Core.add_constructor(
    "tag:yaml.org,2002:int", lambda loader, node: int(re.sub("^0+(?=.)", "", str(node.value)), 0)
)


def test_schema_is_one_and_is_printed_as_utf_8(run: Run) -> None:
    printed = json.loads(run("schema").out)
    assert printed == of("annex_a")
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for name in SETS:
        jsonschema.Draft202012Validator.check_schema(of(name))
    assert json.loads(run("schema", "--criteria", SETS["named"]).out) == of("named")
    assert not re.search(r'"(title|default|examples)":', json.dumps(printed))


def test_names_of_levels_are_taken_as_they_stand(tmp_path: Path) -> None:
    text = SETS["named"].read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(
        re.sub("names: {.*?}", "names: {1: Not met (no), 2: Ex. *, 3: a/b}", text), encoding="utf-8"
    )
    criteria = read(own).criteria
    assert criteria
    score = jsonschema.Draft202012Validator(
        schema(criteria)["$defs"][criteria.benchmarks[0].id]["properties"]["score"]
    )
    assert all(map(score.is_valid, ("not met (no)", "Not  Met (NO)", "ex. *", "EX. *", "A/B")))
    assert not any(map(score.is_valid, ("not met no", "exx *", "ex.", "2", 3, 0, True)))


def test_every_field_is_described() -> None:
    def fields(node: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(node, dict):
            for key, value in node.get("properties", {}).items():
                yield key, value
            for value in node.values():
                yield from fields(value)

    made = of("annex_a")
    found = list(fields(made))
    assert len(found) > 60
    for key, value in found:
        target = made["$defs"].get(value.get("$ref", "").rpartition("/")[2], {})
        assert (value | target).get("description"), key


def test_a_field_must_say_what_it_is() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Forgetful(Assessment):
        reference: Line = described("The reference of the letter.", "")

    with pytest.raises(LookupError, match=r"Forgetful\.reference must declare its FieldUse"):
        fields_of(Forgetful)
    for model in (Assessment, Accepted, Addressee, Advisor, Progress, Scored):
        assert [field.name for field in fields_of(model)] == [
            name for name in model.__annotations__ if not name.startswith("_")
        ]


NAMED = ", ".join(
    f"{id}: {{score: met}}"
    for id in re.findall(r"(?m)id: (\w+)", SETS["named"].read_text(encoding="utf-8"))
)
BASE = {
    "annex_a": EXAMPLE.read_text(encoding="utf-8"),
    "named": f"{HEAD}criteria: {SETS['named'].as_posix()}\nbenchmarks: {{{NAMED}}}\n",
}
VALUES = [
    "", "~", "null", "true", "x", "12", "4.5", "[]", "{}", "[a, b]", "[a, '']", "{a: b}", "''", "'  '", "3", "'3'", "6", "0", "met", "MET", "' Not  Met '", "none",
    "2021/2022", "2021/22", "2022-05-27", "27/05/2022", "'2022-05-27 '", "a@b.example", "a@b", "07700 900123", "0123", "'+44 (0)7700 900123 ext. 12'",
    "[{rule: PL304, reason: fine}]", "done", "In  Progress", "[{date: 2028-01-01, about: key.1, status: Done}]", "[{date: 2028-01-01, about: key.1, status: on}]", "[{rule: PL304}]", "[{rule: PL304, at: summary, reason: x, more: y}]", "[3]", "[[a]]", '"\\n"',
]  # fmt: skip


def slots(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [at] * bool(at) + [slot for key, value in inner for slot in slots(value, (*at, key))]


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), name=st.sampled_from(sorted(SETS)))
def test_schema_and_check_agree(data: st.DataObject, name: str, tmp_path: Path) -> None:
    """A good file, with up to two values put in place of others, keys left out or added."""
    made = yaml.load(BASE[name], yaml.BaseLoader)
    marks: dict[str, str] = {}
    for number in range(data.draw(st.integers(0, 2))):
        *above, last = data.draw(st.sampled_from(slots(made)))
        place = made
        for key in above:
            place = place[key] if isinstance(place, (dict, list)) else {}
        if not isinstance(place, (dict, list)) or (isinstance(place, dict) and last not in place):
            continue
        change = data.draw(st.sampled_from(["value", "value", "value", "leave out", "add"]))
        if change == "leave out" and isinstance(place, dict):
            del place[last]
        elif change == "add" and isinstance(place, dict):
            place[data.draw(st.sampled_from(["extra", "date", "marking", "sent", "accepted"]))] = (
                "x"
            )
        else:
            marks[f"MARK{number}"] = data.draw(st.sampled_from(VALUES))
            place[last] = f"MARK{number}"
    text = yaml.safe_dump(made, default_style='"', width=10_000, sort_keys=False).replace(
        '"MARK', "MARK"
    )
    for mark, value in marks.items():
        text = text.replace(f'{mark}"', value)
    text = re.sub(r"(?m)^( *(?:- )?)\"(\w+)\":", r"\1\2:", text)
    path = tmp_path / "any.yaml"
    path.write_text(text, encoding="utf-8")
    draft = DraftLoader().load(path)
    codes = {finding.code for finding in draft.findings}
    if any(code < "PL1" for code in codes):
        return  # no YAML that the tool reads
    by_schema = jsonschema.Draft202012Validator(of(name)).is_valid(yaml.load(text, Core))
    if "PL110" in codes or draft.source.value("criteria") != yaml.load(
        BASE[name], yaml.BaseLoader
    ).get("criteria"):
        return  # which set is meant no schema knows
    assert by_schema == (not codes), f"{text}\n{[str(finding) for finding in draft.findings]}"


# The server that editors use, driven over its protocol.


class Server:
    """yaml-language-server as an editor talks to it (Language Server Protocol 3.17, over standard input and output)."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number, self.opened = folder, 0, 0
        self.going = subprocess.Popen(
            [need("yaml-language-server"), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ},
        )
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {
            "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}, "hover": {"contentFormat": ["markdown"]}},
            "workspace": {"configuration": True},
        }})  # fmt: skip
        self.send({"method": "initialized", "params": {}})

    def _read(self) -> None:
        assert self.going.stdout
        while head := self.going.stdout.readline():
            length = int(head.split(b":")[1])
            while self.going.stdout.readline().strip():
                pass
            message = json.loads(self.going.stdout.read(length))
            if "id" in message and "method" in message:
                yaml_settings = {
                    "validate": True,
                    "hover": True,
                    "completion": True,
                    "schemaStore": {"enable": False},
                }
                wanted = (
                    message["params"].get("items", [])
                    if message["method"] == "workspace/configuration"
                    else []
                )
                answer = [yaml_settings if each.get("section") == "yaml" else {} for each in wanted]
                self.send({"id": message["id"], "result": answer if wanted else None})
            else:
                self.answers.put(message)

    def close(self) -> None:
        self.going.kill()
        self.going.wait()
        self.reader.join()
        for stream in (self.going.stdin, self.going.stdout):
            assert stream
            with contextlib.suppress(OSError):
                stream.close()

    def send(self, message: dict[str, Any]) -> None:
        assert self.going.stdin
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.going.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
        self.going.stdin.flush()

    def until(self, wanted: Any) -> dict[str, Any]:
        while not wanted(message := self.answers.get(timeout=60)):
            pass
        return message

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self.number += 1
        self.send({"id": (id := self.number), "method": method, "params": params})
        return self.until(lambda message: message.get("id") == id)["result"]

    def open(self, text: str) -> tuple[str, list[dict[str, Any]]]:
        """Open a file of this text; its address, and what the server finds wrong with it."""
        self.opened += 1
        uri = (self.folder / f"{self.opened}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        found = self.until(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
            )
        )
        diagnostics: list[dict[str, Any]] = found["params"]["diagnostics"]
        return uri, diagnostics

    def at(self, method: str, text: str, words: str, after: bool = False) -> Any:
        uri, _ = self.open(text)
        start = text.index(words) + (len(words) if after else 0)
        line = text.count("\n", 0, start)
        place = {"line": line, "character": start - (text.rfind("\n", 0, start) + 1)}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": place})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("editor")
    (folder / "prevent-letter-annex_a.schema.json").write_text(
        json.dumps(of("annex_a")), encoding="utf-8"
    )
    started = Server(folder)
    yield started
    started.close()


MODELINE = "# yaml-language-server: $schema=prevent-letter-annex_a.schema.json\n"


@pytest.mark.node
def test_editor_completes_a_benchmark_with_its_statement_and_a_snippet(server: Server) -> None:
    text = f"{MODELINE}benchmarks:\n  trai\n"
    items = server.at("completion", text, "  trai", after=True)["items"]
    [item] = [
        each for each in items if each["label"] == "training" and "score" in json.dumps(each)
    ][:1]
    assert "There is a training programme in place" in json.dumps(item)
    assert "good_practice" in json.dumps(item)


@pytest.mark.node
def test_editor_shows_the_level_of_a_score(server: Server) -> None:
    text = MODELINE + EXAMPLE.read_text(encoding="utf-8")
    place = "training:\n    score: 3"
    for words in ("score: 3", "3"):
        start = text.index(place) + place.index(words)
        hover = server.at(
            "hover", text[:start] + text[start:], text[start - 20 : start + len(words)], after=True
        )
        shown = hover["contents"]["value"].replace("\\", "")
        assert (
            "Suitably experienced trainers undertake face to face sessions which are proactively advertised"
            in shown
        )


@pytest.mark.node
def test_editor_underlines_what_check_refuses_and_nothing_else(server: Server) -> None:
    text = MODELINE + EXAMPLE.read_text(encoding="utf-8")
    assert server.open(text)[1] == []
    for good, bad in (("score: 3", "score: 6"), ("period: 2021/2022", "period: 2021"), ("  greeting: Gurjit\n", ""),
                      ("area: Leicestershire", "aera: Leicestershire")):  # fmt: skip
        _, found = server.open(text.replace(good, bad, 1))
        assert found, bad
    _, [underlined] = server.open(text.replace("score: 3", "score: 6", 1))
    line = text[: text.index("score: 3")].count("\n")
    assert underlined["range"]["start"] == {"line": line, "character": 11}
