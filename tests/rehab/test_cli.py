"""Do the JSON-lines commands answer each line, go on after a bad one, and say so in the exit code?

The fields are documented in docs/clinical/json-lines.md; the examples there are run here.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from programs import catalogue
from rehab import cli

DOCUMENT = Path(__file__).parents[2] / "docs" / "clinical" / "json-lines.md"


class Answered:
    """Exit code, the printed JSON lines, and what went to the error stream."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: str, text: str = "") -> Answered:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        try:
            code = cli.main([*arguments])
        except SystemExit as stopped:
            code = int(str(stopped.code))
        out, err = capsys.readouterr()
        return Answered(code, out, err)

    return command


def _lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


# Questions and check.


def test_the_questions_hold_every_id_that_may_be_answered(run: Any) -> None:
    answered = run("programs", "questions")

    told = json.loads(answered.out)
    assert answered.code == 0
    assert told["version"] == catalogue.version()
    assert {q["id"] for q in told["screening"]} == {q.id for q in catalogue.screening()}
    assert {f["id"] for f in told["flags"]} == {f.id for f in catalogue.user_flags()}
    ids = {answer for q in told["intake"] if q["id"] != "q_dx" for answer in q["answers"]}
    assert run("programs", "assess", "-", text=_lines({"answers": sorted(ids)})).code == 0


def test_a_sound_catalogue_says_so(run: Any) -> None:
    answered = run("programs", "check")

    assert (answered.code, answered.out.startswith("The catalogue is sound: 92 exercises")) == (0, True)


# Assess.


def test_a_good_line_is_answered_with_its_id(run: Any) -> None:
    answered = run("programs", "assess", "-", text=_lines({"id": "a", "answers": ["sit_gone", "fwd_better", "both_yes"]}))

    (line,) = answered.lines
    assert answered.code == 0
    assert (line["id"], line["disposition"], line["block"], line["near_top"]) == ("a", "none", "none", ["spinal-stenosis"])
    assert line["ranked"][0]["brief_id"] == "lss"
    assert line["ranked"][0]["for"] == ["sit_gone", "fwd_better", "both_yes"]


def test_a_bladder_change_is_an_emergency_that_blocks(run: Any) -> None:
    text = _lines({"id": 1, "answers": ["loc_back_mid"], "screening": {"rf_cauda_bladder": "yes"}})

    (line,) = run("programs", "assess", "-", text=text).lines
    (plan,) = run("programs", "plan", "-", text=text).lines

    assert (line["disposition"], line["block"], line["outcome"]) == ("emergency", "all", "blocked")
    assert line["findings"][0] == {
        "rule": "rf_cauda_bladder", "severity": "emergency", "evidence": {"disposition": "emergency", "answer": "yes"}, "source": "GIRFT2023",
    }  # fmt: skip
    assert (plan["phases"], plan["blocked_by"]) == ([], "screening")


@pytest.mark.parametrize("command", ["assess", "plan"])
@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": 2', "Expecting"),
        ("[1]", "a line must be a JSON object"),
        ('"text"', "a line must be a JSON object"),
        ('{"id": 2, "answers": ["sit_gonne"]}', "answers: unknown 'sit_gonne'"),
        ('{"id": 2, "screening": {"rf_fever": "perhaps"}}', "rf_fever must be yes, no, alt or skip"),
        ('{"id": 2, "screning": {"rf_fever": "yes"}}', "unknown field 'screning'"),
    ],
)
def test_a_bad_line_gets_an_error_with_its_number_and_the_next_is_read(run: Any, command: str, line: str, problem: str) -> None:
    answered = run("programs", command, "-", text=_lines({"id": 1}) + "\n" + line + "\n" + _lines({"id": 3}))

    first, bad, last = answered.lines
    assert answered.code == 1
    assert "error" not in first and "error" not in last and (first["id"], last["id"]) == (1, 3)
    assert problem in bad["error"] and bad["line"] == 3
    assert ("id" in bad) == ('"id": 2,' in line)


@pytest.mark.parametrize("command", [("programs", "assess", "-"), ("programs", "plan", "-"), ("trends", "replay", "-")])
def test_no_input_gives_no_output_and_is_fine(run: Any, command: tuple[str, ...]) -> None:
    for text in ("", "\n  \n"):
        answered = run(*command, text=text)

        assert (answered.code, answered.out) == (0, "")


def test_a_file_is_read_like_the_standard_input(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(_lines({"id": "ä", "answers": ["age_ge70"]}), "utf-8")

    assert run("programs", "assess", str(file)).lines[0]["id"] == "ä"


def test_wrong_use_is_told_apart_from_wrong_content(run: Any, tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"id": "\xe4"}\n')

    missing = run("programs", "assess", str(tmp_path / "nothing.jsonl"))
    assert (missing.code, "Cannot read" in missing.err) == (2, True)
    assert run("programs").code == 2
    assert run("programs", "guess", "-").code == 2
    assert (unreadable := run("programs", "assess", str(latin))).code == 1
    assert "not UTF-8" in unreadable.err


# Plan.


def test_a_plan_line_names_its_issue_by_slug_or_brief_id_and_its_start(run: Any) -> None:
    text = _lines(*({"issue": name, "start_on": "2026-11-18", "answers": ["sit_gone"]} for name in ("lss", "spinal-stenosis")))

    first, second = run("programs", "plan", "-", text=text).lines

    assert first == second
    assert (first["program"], first["start_on"], [phase["phase"] for phase in first["phases"]]) == ("spinal-stenosis", "2026-11-18", [1, 2, 3])
    assert {e["kind"] for e in first["phases"][0]["exercises"]} == {"main", "daily"}


@pytest.mark.parametrize(
    "record", [{"issue": "nope"}, {"start_on": "tomorrow"}, {"start_on": 5}, {"issue": ["lss"]}, {"minutes": 0}, {"equipment": "band"}]
)
def test_a_plan_line_with_a_value_it_cannot_use_is_refused(run: Any, record: dict[str, object]) -> None:
    answered = run("programs", "plan", "-", text=_lines({"id": 4, **record}))

    assert answered.code == 1
    assert answered.lines[0].keys() == {"id", "error", "line"}


def test_the_plan_of_a_line_keeps_what_its_flags_forbid_out(run: Any) -> None:
    (plan,) = run("programs", "plan", "-", text=_lines({"issue": "disc", "flags": ["uf_floor"], "start_on": "2026-11-18"})).lines

    chosen = [e["exercise"] for phase in plan["phases"] for e in phase["exercises"]]
    assert chosen and not [slug for slug in chosen if "floor-transfer" in catalogue.exercise(slug).tags]
    assert "floor" in {refused["reason"] for phase in plan["phases"] for refused in phase["refused"]}


# Trends.


def _diary(*pains: int) -> list[dict[str, object]]:
    return [{"date": (date(2026, 8, 1) + timedelta(days=n)).isoformat(), "pain_usual": pain} for n, pain in enumerate(pains)]


def test_a_replay_prints_one_line_a_flag_and_with_state_one_line_a_day(run: Any) -> None:
    text = _lines({"id": "p", "diary": _diary(*[2] * 28, 10, 10)})

    flags = run("trends", "replay", "-", text=text)
    states = run("trends", "replay", "-", "--state", text=text)

    assert flags.code == states.code == 0
    urgent = next(line for line in flags.lines if line["rule"] == "high-pain")
    assert urgent.keys() == {"id", "date", "rule", "level", "evidence"}
    assert (urgent["id"], urgent["date"], urgent["level"]) == ("p", "2026-08-30", "urgent")
    assert len(states.lines) == 30
    assert states.lines[0] == {"id": "p", "date": "2026-08-01", "book": False, "check_in": False}


def test_a_replay_stops_at_a_line_that_is_no_diary_and_names_it(run: Any) -> None:
    answered = run("trends", "replay", "-", "--state", text=_lines({"id": 1, "diary": _diary(3)}) + "nonsense\n")

    assert (answered.code, len(answered.lines)) == (1, 1)
    assert answered.err.startswith("line 2: not JSON")


# The document.


def _shown_in(answer: object, shown: object) -> bool:
    """Whether the answer holds what the document shows of it: lists and objects may be cut there."""
    if isinstance(shown, dict) and isinstance(answer, dict):
        return all(key in answer and _shown_in(answer[key], value) for key, value in shown.items())
    if isinstance(shown, list) and isinstance(answer, list):
        return len(answer) >= len(shown) and all(map(_shown_in, answer, shown))
    return answer == shown


def test_the_examples_of_the_document_are_what_the_commands_answer(run: Any) -> None:
    block = r"```json\n(.*?)```"
    examples = re.findall(rf"{block}\n\n`\./dev rehab ([a-z -]+?) -` answers[^\n]*\n\n{block}", DOCUMENT.read_text("utf-8"), flags=re.DOTALL)

    assert {command for _, command, _ in examples} == {"programs assess", "programs plan", "trends replay", "trends replay --state"}
    for given, command, shown in examples:
        answered = run(*command.split(), "-", text=json.dumps(json.loads(given)) + "\n")

        assert _shown_in(answered.lines[0], json.loads(shown)), (command, answered.out)


def test_the_commands_run_as_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rehab.cli", "programs", "assess", "-"], input='{"id": 1}\n{', capture_output=True, text=True,
        cwd=DOCUMENT.parents[2], check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 1
    assert [json.loads(line).get("id") for line in done.stdout.splitlines()] == [1, None]
    assert "Traceback" not in done.stderr
