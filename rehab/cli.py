"""The product's own commands: ``./dev rehab …``.

Exit codes: 0 fine, 1 something was wrong with the content or a line, 2 wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from programs import catalogue, figures, planning, triage
from programs.trends import replay
from rehab import clock, config, db, demo, demo_cast, schema_version


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev rehab", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    programs = commands.add_parser("programs", help="the clinical content").add_subparsers(required=True, metavar="what")
    programs.add_parser("check", help="report everything wrong, with file and line").set_defaults(run=_check)
    programs.add_parser("questions", help="intake and screening questions as JSON").set_defaults(run=_questions)
    for name, run in (("assess", _assess), ("plan", _plan)):
        verb = programs.add_parser(name, help="JSON lines in, JSON lines out")
        verb.add_argument("file", metavar="FILE|-")
        verb.set_defaults(run=run)
    replay = commands.add_parser("trends", help="worsening").add_subparsers(required=True).add_parser("replay")
    replay.add_argument("file", metavar="FILE|-")
    replay.add_argument("--state", action="store_true", help="one line per patient-day instead of per flag")
    replay.set_defaults(run=_replay)
    commands.add_parser("worker", help="reminders, delivery and reviews").set_defaults(run=_worker)
    fill = commands.add_parser("demo", help="migrate and fill the demo clinic")
    fill.add_argument("--keep", action="store_true", help="leave existing data alone")
    fill.set_defaults(run=_demo)
    commands.add_parser("migrate", help="bring the database to the newest shape").set_defaults(run=_migrate)
    return parser


def _check(_options: argparse.Namespace) -> int:
    problems = catalogue.check()
    for problem in problems:
        print(f"{problem.file}:{problem.line}: {problem.message}")
    for slug in sorted(catalogue.exercises()):
        for wrong in figures.check(slug) if figures.has(slug) else ["has no picture"]:
            problems = [*problems, catalogue.Problem("figures/poses", 0, f"{slug}: {wrong}")]
            print(f"figures/poses: {slug}: {wrong}")
    print(f"{len(problems)} problems" if problems else f"The catalogue is sound: {len(catalogue.exercises())} exercises, "
          f"{len(catalogue.issues())} issues, {len(catalogue.factors())} factors.")  # fmt: skip
    return 1 if problems else 0


def _questions(_options: argparse.Namespace) -> int:
    questions = [
        {"id": q.id, "kind": q.kind, "text": q.text, "answers": dict(q.answers), "optional": q.optional, "if": q.condition}
        for q in catalogue.questions()
    ]
    screening = [
        {"id": q.id, "text": q.text, "ask": list(q.ask), "clarify": q.clarify, "disposition": q.disposition, "group": q.group}
        for q in catalogue.screening()
    ]
    flags = [{"id": flag.id, "text": flag.question} for flag in catalogue.user_flags()]
    answer = {"version": catalogue.version(), "intake": questions, "screening": screening, "flags": flags}
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def _assess(options: argparse.Namespace) -> int:
    return _lines(options.file, lambda record: triage.assess(triage.from_json(record)).to_json())


def _plan(options: argparse.Namespace) -> int:
    def answer(record: dict[str, Any]) -> dict[str, Any]:
        intake = triage.from_json(record)
        assessment = triage.assess(intake)
        issue = record.get("issue") or (assessment.near_top[0] if assessment.near_top else "non-specific-back-pain")
        start_on = date.fromisoformat(record["start_on"]) if "start_on" in record else clock.now().date()
        built = planning.build((issue,), intake, start_on=start_on, block=assessment.screened.block,
                               factor=record.get("factor"), near_top=assessment.near_top)  # fmt: skip
        return planning.to_json(built)

    return _lines(options.file, answer)


def _lines(path: str, answer: Any) -> int:
    """Answer each JSON line; a bad line gets an error line of its own and the rest goes on."""
    failed = False
    for number, line in enumerate(_open(path), start=1):
        if not line.strip():
            continue
        record: Any = None
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("a line must be a JSON object")
            result = answer(record)
        except (ValueError, KeyError, TypeError) as error:
            failed = True
            result = {"error": str(error) or type(error).__name__, "line": number}
        if isinstance(record, dict) and "id" in record:
            result = {"id": record["id"], **result}
        print(json.dumps(result, ensure_ascii=False))
    return 1 if failed else 0


def _open(path: str) -> Iterator[str]:
    try:
        with contextlib.nullcontext(sys.stdin) if path == "-" else Path(path).open(encoding="utf-8") as handle:
            yield from handle
    except UnicodeDecodeError:
        print(f"{path} is not UTF-8 text.", file=sys.stderr)
        raise SystemExit(1) from None
    except OSError as error:
        print(f"Cannot read {path}: {error.strerror}", file=sys.stderr)
        raise SystemExit(2) from None


def _replay(options: argparse.Namespace) -> int:
    try:
        _print_all(replay.replay_lines(_open(options.file), states=options.state))
    except ValueError as error:
        print(str(error), file=sys.stderr)
        return 1
    return 0


def _print_all(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _worker(_options: argparse.Namespace) -> int:
    from rehab.jobs import runner

    settings = config.from_env()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_args: stop.set())
    runner.run(settings, stop)
    return 0


def _migrate(_options: argparse.Namespace) -> int:
    settings = config.from_env()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    schema_version.upgrade(db.make_engine(settings.url))
    return 0


def _demo(options: argparse.Namespace) -> int:
    _migrate(options)
    settings = config.from_env()
    engine = db.make_engine(settings.url)
    with db.make_session_factory(engine)() as session:
        made = demo.fill(session, now=clock.now())
        session.commit()
    if made:
        print(f"Filled the demo clinic. Everybody's password is {demo_cast.PASSWORD!r}:")
        for person in demo_cast.SIGN_INS.values():
            print(f"  {person.email:24} {person.label}: {person.story}")
    elif not options.keep:
        print("There is data already; nothing was changed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
