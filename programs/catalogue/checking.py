"""What is wrong with the content?

Reads every file afresh and goes on after each problem, so that one run reports them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from programs.catalogue import loader, raw, shapes
from programs.catalogue.values import Condition, Problem
from programs.vocabulary import Confidence

Table = dict[str, Any]


def check(folder: Path) -> list[Problem]:
    """Everything wrong below ``folder``, in the order of the files."""
    content = raw.Content(folder)
    _shapes(content)
    _types(content)
    _twice(content)
    _references(content)
    _rules(content)
    _screening(content)
    _programs(content)
    _cycles(content)
    return sorted(set(content.problems), key=lambda p: (p.file, p.line, p.message))


def _shapes(content: raw.Content) -> None:
    """Missing and unknown fields, and values out of range."""
    for name in shapes.FILES:
        if name not in content.lines:
            content.say(name, "is missing")
    for kind, shape in shapes.KINDS.items():
        if not any(name.startswith(f"{kind}/") for name in content.lines):
            content.say(f"{kind}/", "has no files")
        brief_ids: dict[str, str] = {}
        for stem, table in content.kind(kind).items():
            name = f"{kind}/{stem}.toml"
            for field in shape.required - table.keys():
                content.say(name, f"{field} is missing")
            for field in table.keys() - shape.required - shape.optional:
                content.say(name, f"unknown field {field!r}", field)
            for message, near in shapes.wrong_values(kind, table):
                content.say(name, message, *near)
            if "brief_id" in table and (other := brief_ids.setdefault(str(table["brief_id"]), name)) != name:
                content.say(name, f"brief_id {table['brief_id']!r} is also in {other}", "brief_id")
            if shape.required <= table.keys():
                _built(content, name, kind, stem, table)


def _types(content: raw.Content) -> None:
    """Fields that hold another kind of value than they should, and rows that lack some."""
    for name, table in content.tables.items():
        if name in {"tags.toml", "sources.toml"}:
            for key, value in raw.of(table, name.removesuffix(".toml")).items():
                if not isinstance(value, str):
                    content.say(name, f"{key} must be a text", key)
        elif name != "thresholds.toml":
            for key, value in raw.walk(table):
                if (message := shapes.wrong_type(key, value)) is not None:
                    content.say(name, message, key)
    for (name, key), shape in shapes.ROWS.items():
        for row in raw.rows(content.file(name), key):
            _fields(content, name, row, shape, near=str(row.get("id", row.get("answer", ""))))
    for name, shape in shapes.SECTIONS.items():
        for key in content.file(name):
            _fields(content, name, raw.of(content.file(name), key), shape, near=f"[{key}]")


def _fields(content: raw.Content, name: str, row: Table, shape: shapes.Shape, *, near: str) -> None:
    for field in sorted(shape.required - row.keys()):
        content.say(name, f"{near}: {field} is missing", near)
    for field in sorted(row.keys() - shape.required - shape.optional):
        content.say(name, f"{near}: unknown field {field!r}", near, field)


def _twice(content: raw.Content) -> None:
    """Ids that stand for two things: rows of one file, and answers of two questions."""
    for name, key in shapes.ROWS:
        ids = [str(row["id"]) for row in raw.rows(content.file(name), key) if "id" in row]
        for one in sorted({one for one in ids if ids.count(one) > 1}):
            content.say(name, f"{one!r} is there twice", one)
    owners: dict[str, str] = {}
    for kind in ("questions", "self-tests"):
        for stem, table in content.kind(kind).items():
            for answer in raw.of(table, "answers"):
                if (other := owners.setdefault(answer, stem)) != stem:
                    content.say(f"{kind}/{stem}.toml", f"answer {answer!r} is also in {other}", answer)


def _built(content: raw.Content, name: str, kind: str, stem: str, table: Table) -> None:
    """Whether the loader can make a value of it, beyond what the shape already told."""
    try:
        if kind == "factors":
            loader.factor(stem, table, content.kind("factors"))
        else:
            shapes.BUILDERS[kind](stem, table)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        content.say(name, f"cannot be used: {type(error).__name__} {error}")


def _references(content: raw.Content) -> None:
    """Sources, tags, exercises and answers that everything points to, and what every file says about itself."""
    sources, tags = set(raw.of(content.file("sources.toml"), "sources")), set(raw.of(content.file("tags.toml"), "tags"))
    exercises, answers = set(content.kind("exercises")), _answers(content)
    known = {
        "sources": ("source", sources), "tags": ("tag", tags), "prefer": ("tag", tags), "tag": ("tag", tags),
        "only_if": ("answer", answers), "likelihood_ratios": ("answer", answers), "score": ("answer", answers),
        "optional_if": ("answer", answers),
        **dict.fromkeys(("progressions", "regressions", "focus", "exercises", "daily", "fallback"), ("exercise", exercises)),
    }  # fmt: skip
    for name, table in content.tables.items():
        for key, value in raw.walk(table):
            word, allowed = known.get(key, ("", set()))
            named = [value] if isinstance(value, str) else list(value) if isinstance(value, list | dict) else []
            for one in named if word and name not in {"sources.toml", "tags.toml"} else []:
                if not raw.among(one, allowed):
                    content.say(name, f"unknown {word} {one!r}", key, str(one))
            if key == "sources" and not value:
                content.say(name, "sources is empty", key)
            if key in {"confidence", "licence_confidence"} and not raw.among(value, set(Confidence)):
                content.say(name, f"{key} must be high, med or low", key)
            if key == "reviewed_on" and not isinstance(value, date):
                content.say(name, "reviewed_on must be a date", key)


def _answers(content: raw.Content) -> set[str]:
    asked = [*content.kind("questions").values(), *content.kind("self-tests").values()]
    return {answer for table in asked for answer in raw.of(table, "answers")}


def _rules(content: raw.Content) -> None:
    """Answer rules, thresholds and texts with places to fill."""
    answers = _answers(content)
    for rule in raw.rows(content.file("answer-rules.toml"), "rules"):
        if not raw.among(rule.get("answer"), answers):
            content.say("answer-rules.toml", f"unknown answer {rule.get('answer')!r}", str(rule.get("answer")))
    for section, numbers in content.file("thresholds.toml").items():
        if not isinstance(numbers, dict) or not numbers.get("sources"):
            content.say("thresholds.toml", f"{section} names no sources", f"[{section}]")
        for key, value in raw.of(content.file("thresholds.toml"), section).items():
            if isinstance(value, bool) or not isinstance(value, int | float | str | list):
                content.say("thresholds.toml", f"{section}.{key} must be a number", f"[{section}]", key)
    texts = content.file("dispositions.toml")
    for key in texts:
        text, near = raw.of(texts, key), f"[{key}]"
        if key in {"emergency", "sameday"} and text.get("block") != "all":
            content.say("dispositions.toml", f"{key} must block all exercise", near, "block")
        try:
            str(text.get("body", "")).format(emergency_number="", urgent_line="")
        except (KeyError, IndexError, ValueError):
            message = f"{key}: body may only hold {{emergency_number}} and {{urgent_line}}"
            content.say("dispositions.toml", message, near, "body")
    if "EU" not in content.file("locales.toml"):
        content.say("locales.toml", "EU is missing: it stands for every country that is not listed")


def _screening(content: raw.Content) -> None:
    """The questions, the gate, and the small boolean trees of the clusters."""
    asked = content.kind("screening")
    dispositions = {*content.file("dispositions.toml"), "cluster"}
    items = raw.rows(content.file("screening-gate.toml"), "items")
    opened = {rf for item in items for rf in raw.words(item, "opens")}
    for stem, table in asked.items():
        name = f"screening/{stem}.toml"
        for near, word in (((), table.get("disposition")), (("[alternative]",), raw.of(table, "alternative").get("disposition"))):
            if word is not None and not raw.among(word, dispositions):
                content.say(name, f"unknown disposition {word!r}", *near, "disposition")
        for atom in raw.words(table, "raised_by"):
            _atom(content, name, atom, near="raised_by")
        if "session" in raw.words(table, "ask") and stem not in opened:
            content.say("screening-gate.toml", f"no tap opens {stem}, which is asked before sessions")
    for rf in sorted(opened - asked.keys()):
        content.say("screening-gate.toml", f"unknown question {rf!r}", rf)
    _clusters(content)


def _clusters(content: raw.Content) -> None:
    clusters = raw.rows(content.file("clusters.toml"), "clusters")
    rules = {str(cluster.get("id")) for cluster in clusters} | set(content.kind("screening"))
    for cluster in clusters:
        near = str(cluster.get("id"))
        for field in ("when", "emergency_when") if "emergency_when" in cluster else ("when",):
            try:
                tree = loader.condition(cluster[field])
            except (KeyError, TypeError, AttributeError):
                content.say("clusters.toml", f"{near}: {field} is not a condition", near, field)
                continue
            for atom in _atoms(tree):
                _atom(content, "clusters.toml", atom, near=near)
        if not raw.among(cluster.get("disposition"), content.file("dispositions.toml").keys()):
            content.say("clusters.toml", f"{near}: unknown disposition {cluster.get('disposition')!r}", near, "disposition")
        for rule in raw.words(cluster, "superseded_by"):
            if rule not in rules:
                content.say("clusters.toml", f"unknown rule {rule!r} in superseded_by", near, rule)


def _atoms(tree: Condition) -> Iterator[str]:
    if tree.atom:
        yield tree.atom
    for part in tree.parts:
        yield from _atoms(part)


def _atom(content: raw.Content, name: str, atom: str, *, near: str) -> None:
    flags = {str(flag.get("id")) for flag in raw.rows(content.file("user-flags.toml"), "flags")}
    word, _, answer = atom.partition(":")
    known = atom in _answers(content) or atom in flags or (word in content.kind("screening") and answer in {"", "yes", "alt"})
    if word == "near-top":
        known = answer in content.kind("issues")
    if not known:
        content.say(name, f"unknown answer {atom!r}", near, atom)


def _programs(content: raw.Content) -> None:
    """What the phases of a program may hold."""
    for kind in ("issues", "factors"):
        for stem, table in content.kind(kind).items():
            name = f"{kind}/{stem}.toml"
            other = table.get("program_same_as")
            if other is not None and "program" not in content.kind("factors").get(str(other), {}):
                content.say(name, f"program_same_as: {other!r} has no program", "program_same_as")
            if kind == "issues" and "program" not in table and not table.get("referral_only"):
                content.say(name, "has no program and is not referral_only")
            phases = raw.rows(raw.of(table, "program"), "phases")
            if "program" in table and [phase.get("number") for phase in phases] != [1, 2, 3]:
                content.say(name, "a program has the phases 1, 2 and 3", "[[program.phases]]")
            for phase in phases:
                _phase(content, name, table, phase)


def _phase(content: raw.Content, name: str, owner: Table, phase: Table) -> None:
    exercises, number = content.kind("exercises"), phase.get("number", 0)
    near = ("[[program.phases]]", f"number = {number}")
    for message in shapes.wrong_phase(phase):
        content.say(name, f"phase {number}: {message}", *near)
    if not raw.among(phase.get("walk_plan"), content.kind("walk-plans").keys()):
        content.say(name, f"unknown walk plan {phase.get('walk_plan')!r}", *near, "walk_plan")
    extra = [slug for answer in raw.of(phase, "optional_if") for slug in raw.words(raw.of(phase, "optional_if"), answer)]
    for slug in sorted(set(extra) - exercises.keys()):
        content.say(name, f"unknown exercise {slug!r}", *near, "optional_if")
    scheduled = [*raw.words(phase, "exercises"), *raw.words(phase, "daily")]
    rules = [rule for rule in raw.rows(owner, "avoid") if shapes.holds_in(rule, number)]
    for slug in [*scheduled, *extra]:
        exercise = exercises.get(slug, {})
        for tag in sorted({str(rule.get("tag")) for rule in rules} & set(raw.words(exercise, "tags"))):
            content.say(name, f"phase {number} schedules {slug}, whose tag {tag!r} it avoids", *near, slug)
        if slug in scheduled and (exercise.get("auto_schedule") is False or exercise.get("only_if")):
            content.say(name, f"phase {number} schedules {slug}, which is not for everybody", *near, slug)
    for field, most in (("exercises", phase.get("max_minutes")), ("daily", shapes.DAILY_MINUTES)):
        minutes = sum(shapes.number(exercises.get(slug, {}).get("minutes")) for slug in raw.words(phase, field))
        if minutes > shapes.number(most):
            content.say(name, f"phase {number}: {field} take {minutes:g} minutes, more than {most}", *near, field)


def _cycles(content: raw.Content) -> None:
    """Progressions (and regressions) must end somewhere."""
    exercises = content.kind("exercises")
    for field in ("progressions", "regressions"):
        done: set[str] = set()
        for start in exercises:
            _follow(content, field, start, trail=(), done=done)


def _follow(content: raw.Content, field: str, slug: str, *, trail: tuple[str, ...], done: set[str]) -> None:
    if slug in trail:
        circle = " → ".join([*trail[trail.index(slug) :], slug])
        content.say(f"exercises/{slug}.toml", f"{field} go round in a circle: {circle}", field)
        return
    if slug in done:
        return
    for following in raw.words(content.kind("exercises").get(slug, {}), field):
        _follow(content, field, following, trail=(*trail, slug), done=done)
    done.add(slug)
