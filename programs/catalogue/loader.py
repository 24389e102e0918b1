"""How does one TOML file become one frozen value?

Each function takes an id (the file's stem) and the parsed table. Texts may be wrapped over lines in
the files; they are one line here.
"""

from __future__ import annotations

import gc
import tomllib
from pathlib import Path
from typing import Any

from programs import vocabulary as v
from programs.catalogue import values

Table = dict[str, Any]
FOLDER = Path(__file__).parent


def read_folder(kind: str, folder: Path = FOLDER) -> dict[str, Table]:
    """Every table of a kind by file stem, in the order of ``order`` and then of the name.

    Raises CatalogueError naming every file that cannot be read.
    """
    tables: dict[str, Table] = {}
    problems: list[values.Problem] = []
    was_collecting = gc.isenabled()
    gc.disable()  # thousands of small live objects: collecting between them doubles the time
    try:
        for path in sorted((folder / kind).glob("*.toml")):
            try:
                tables[path.stem] = tomllib.loads(path.read_text("utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                problems.append(values.Problem(f"{kind}/{path.name}", 1, f"cannot be read: {error}"))
    finally:
        if was_collecting:
            gc.enable()
    if problems:
        raise values.CatalogueError(problems)
    return dict(sorted(tables.items(), key=lambda item: (item[1].get("order", 0), item[0])))


def read_file(name: str, folder: Path = FOLDER) -> Table:
    """One table. Raises CatalogueError when the file cannot be read."""
    try:
        return tomllib.loads((folder / name).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise values.CatalogueError([values.Problem(name, 1, f"cannot be read: {error}")]) from error


def text(table: Table, key: str) -> str:
    """A text without its line breaks; empty when it is not there."""
    return " ".join(str(table.get(key, "")).split())


def texts(table: Table, key: str) -> tuple[str, ...]:
    """A list of words or sentences."""
    return tuple(" ".join(item.split()) for item in table.get(key, ()))


def tag_rules(rules: list[Table]) -> tuple[v.TagRule, ...]:
    """Avoid or modify rules."""
    return tuple(v.TagRule(rule["tag"], rule.get("until_phase"), text(rule, "text")) for rule in rules)


def exercise(slug: str, table: Table) -> v.Exercise:
    """One exercise."""
    return v.Exercise(
        slug=slug, brief_id=table["brief_id"], name=table["name"], targets=texts(table, "targets"),
        purposes=texts(table, "purposes"), position=table["position"], equipment=texts(table, "equipment"),
        level=table["level"], side=table["side"], dosage=v.Dosage(**table["dosage"]),
        progressions=texts(table, "progressions"), regressions=texts(table, "regressions"), minutes=table["minutes"],
        tags=texts(table, "tags"), cues=texts(table, "cues"), errors=texts(table, "errors"),
        evidence=text(table, "evidence"), confidence=v.Confidence(table["confidence"]), sources=texts(table, "sources"),
        version=table["version"], reviewed_on=table["reviewed_on"],
        auto_schedule=table.get("auto_schedule", True), only_if=texts(table, "only_if"),
    )  # fmt: skip


def program(slug: str, table: Table | None) -> v.Program | None:
    """The three phases of an issue or factor, or None."""
    if table is None:
        return None
    phases = tuple(
        v.PhaseTemplate(
            number=phase["number"], days_per_week=phase["days_per_week"], max_minutes=phase["max_minutes"],
            walk_plan=phase["walk_plan"], exercises=texts(phase, "exercises"), daily=texts(phase, "daily"),
            optional_if={answer: tuple(extra) for answer, extra in phase.get("optional_if", {}).items()},
        )
        for phase in table["phases"]
    )  # fmt: skip
    first, second, third = phases
    return v.Program(slug, (first, second, third))


def issue(slug: str, table: Table) -> v.Issue:
    """One issue with its program."""
    words = ("explanation", "where", "worse", "better", "do", "daily_life", "course")
    return v.Issue(
        slug=slug, brief_id=table["brief_id"], name=table["name"], clinical_name=table["clinical_name"],
        codes=dict(table.get("codes", {})), **{word: text(table, word) for word in words}, prior=table["prior"],
        likelihood_ratios={answer: (float(ratio), kind) for answer, (ratio, kind) in table["likelihood_ratios"].items()},
        prefer=texts(table, "prefer"), avoid=tag_rules(table["avoid"]), modify=tag_rules(table["modify"]),
        refer=texts(table, "refer"), sources=texts(table, "sources"), confidence=v.Confidence(table["confidence"]),
        referral_only=table.get("referral_only", False), program=program(slug, table.get("program")),
        no_improvement_weeks=table["no_improvement_weeks"], version=table["version"], reviewed_on=table["reviewed_on"],
    )  # fmt: skip


def factor(slug: str, table: Table, others: dict[str, Table]) -> v.Factor:
    """One factor; ``others`` are the tables of all, for a program that is the same as another's."""
    source = others[table["program_same_as"]] if "program_same_as" in table else table
    return v.Factor(
        slug=slug, brief_id=table["brief_id"], name=table["name"], clinical_name=table["clinical_name"],
        codes=dict(table.get("codes", {})), explanation=text(table, "explanation"), score=table["score"],
        focus=texts(table, "focus"), avoid=tag_rules(table["avoid"]), course=text(table, "course"),
        refer=texts(table, "refer"), honest=text(table, "honest"), sources=texts(table, "sources"),
        program=program(slug, source.get("program")), version=table["version"], reviewed_on=table["reviewed_on"],
    )  # fmt: skip


def walk_plan(slug: str, table: Table) -> values.WalkPlan:
    """One walk plan."""
    numbers = ("days_per_week", "start_minutes", "start_minutes_max", "start_share", "rounds", "rounds_max",
               "step_minutes", "cap_minutes", "ease_share")  # fmt: skip
    words = ("brief_id", "name", "start", "step", "cap", "hold", "ease")
    fields: Table = {word: text(table, word) for word in words} | {number: table[number] for number in numbers}
    return values.WalkPlan(slug=slug, **fields)


def question(key: str, table: Table) -> values.Question:
    """One question of the questionnaire (answers that come from elsewhere are filled in by the catalogue)."""
    return values.Question(
        id=key, order=table["order"], kind=table["kind"], text=text(table, "text"), answers=dict(table.get("answers", {})),
        optional=table.get("optional", False), condition=table.get("condition"),
    )  # fmt: skip


def self_test(key: str, table: Table) -> values.SelfTest:
    """One guided self-test."""
    return values.SelfTest(
        id=key, order=table["order"], text=text(table, "text"), reading=text(table, "reading"),
        answers=dict(table.get("answers", {})), skip_if=texts(table, "skip_if"), sources=texts(table, "sources"),
        confidence=v.Confidence(table["confidence"]),
    )  # fmt: skip


def screening(key: str, table: Table) -> values.ScreeningQuestion:
    """One red-flag question."""
    alternative = table.get("alternative")
    return values.ScreeningQuestion(
        id=key, order=table["order"], group=table["group"], ask=texts(table, "ask"), text=text(table, "text"),
        clarify=text(table, "clarify"), disposition=table["disposition"],
        alternative=values.Alternative(text(alternative, "answer"), alternative["disposition"]) if alternative else None,
        block=table.get("block"), gate=text(table, "gate"), message=text(table, "message"),
        raised_by=texts(table, "raised_by"),
        named_in_brief=table.get("named_in_brief", False), sources=texts(table, "sources"),
        confidence=v.Confidence(table["confidence"]), version=table["version"], reviewed_on=table["reviewed_on"],
    )  # fmt: skip


def condition(node: str | Table) -> values.Condition:
    """A boolean tree: an atom, or a table with ``all``, ``any`` or ``least`` and ``of``. Raises KeyError otherwise."""
    if isinstance(node, str):
        return values.Condition(atom=node)
    key = "all" if "all" in node else "any" if "any" in node else "of"
    parts = tuple(condition(part) for part in node[key])
    least = {"all": len(parts), "any": 1}.get(key) or node["least"]
    return values.Condition(least=least, parts=parts)


def cluster(table: Table) -> values.Cluster:
    """One cluster."""
    return values.Cluster(
        id=table["id"], when=condition(table["when"]), disposition=table["disposition"],
        emergency_when=condition(table["emergency_when"]) if "emergency_when" in table else None,
        superseded_by=texts(table, "superseded_by"), note=text(table, "note"), sources=texts(table, "sources"),
        confidence=v.Confidence(table["confidence"]), version=table["version"], reviewed_on=table["reviewed_on"],
    )  # fmt: skip


def user_flag(order: int, table: Table) -> values.UserFlag:
    """One user flag."""
    return values.UserFlag(
        id=table["id"], order=order, question=text(table, "question"), statement=text(table, "statement"),
        restricting_answer=table["restricting_answer"], avoid=tag_rules(table["avoid"]), modify=tag_rules(table["modify"]),
        gate=text(table, "gate"),
    )  # fmt: skip


def card(slug: str, table: Table) -> values.Card:
    """One card to read."""
    words = ("brief_id", "kind", "title", "text", "caution")
    return values.Card(
        slug=slug, **{word: text(table, word) for word in words}, sources=texts(table, "sources"),
        confidence=v.Confidence(table["confidence"]), version=table["version"], reviewed_on=table["reviewed_on"],
    )  # fmt: skip


def measure(slug: str, table: Table) -> values.Measure:
    """One outcome measure."""
    words = ("brief_id", "name", "about", "scoring", "better", "change_text", "licence", "use", "used_for")
    return values.Measure(
        slug=slug, **{word: text(table, word) for word in words},
        lowest=table.get("lowest"), highest=table.get("highest"), important_change=table.get("important_change"),
        licence_confidence=v.Confidence(table["licence_confidence"]), codes=dict(table.get("codes", {})),
        table={int(raw): float(score) for raw, score in table.get("table", {}).items()},
        sources=texts(table, "sources"), version=table["version"], reviewed_on=table["reviewed_on"],
    )  # fmt: skip
