"""Which facts does the clinical brain know?

Exercises, issues, factors, questions, cards and numbers, one TOML file a thing (docs/clinical/
how-content-works.md). Each kind is read at its first use and kept; everything is frozen. Adding or
changing content never needs Python. ``check()`` reports everything that is wrong, with file and line.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from pathlib import Path

from programs import vocabulary as v
from programs.catalogue import checking, loader, values
from programs.catalogue.values import CatalogueError, Problem

__all__ = ["CatalogueError", "Problem"]


@functools.cache
def exercises() -> dict[str, v.Exercise]:
    """Every exercise by slug."""
    return {slug: loader.exercise(slug, table) for slug, table in loader.read_folder("exercises").items()}


def exercise(slug: str) -> v.Exercise:
    """One exercise. Raises KeyError for an unknown slug."""
    return exercises()[slug]


@functools.cache
def issues() -> dict[str, v.Issue]:
    """Every issue by slug, the most common first; what is only ever referred comes last."""
    found = [loader.issue(slug, table) for slug, table in loader.read_folder("issues").items()]
    return {i.slug: i for i in sorted(found, key=lambda i: (i.referral_only, -i.prior, i.slug))}


def issue(slug: str) -> v.Issue:
    """One issue. Raises KeyError for an unknown slug."""
    return issues()[slug]


@functools.cache
def issue_slugs() -> dict[str, str]:
    """Slug of an issue by slug or by brief id (``lss`` and ``spinal-stenosis`` both name it)."""
    return {name: i.slug for i in issues().values() for name in (i.brief_id, i.slug)}


@functools.cache
def factors() -> dict[str, v.Factor]:
    """Every contributing factor by slug."""
    tables = loader.read_folder("factors")
    return {slug: loader.factor(slug, table, tables) for slug, table in tables.items()}


@functools.cache
def programs() -> dict[str, v.Program]:
    """The programs of issues and factors by their slug."""
    owners: list[v.Issue | v.Factor] = [*issues().values(), *factors().values()]
    return {owner.slug: owner.program for owner in owners if owner.program is not None}


@functools.cache
def walk_plans() -> dict[str, values.WalkPlan]:
    """Every walk plan by slug."""
    return {slug: loader.walk_plan(slug, table) for slug, table in loader.read_folder("walk-plans").items()}


@functools.cache
def questions() -> tuple[values.Question, ...]:
    """The questionnaire in its order. The answers of ``q_dx`` are the issues."""
    found = []
    for key, table in loader.read_folder("questions").items():
        question = loader.question(key, table)
        if table.get("answers_from") == "issues":
            question = dataclasses.replace(question, answers={i.slug: i.name for i in issues().values()})
        found.append(question)
    return tuple(found)


@functools.cache
def self_tests() -> tuple[values.SelfTest, ...]:
    """The guided self-tests in their order."""
    return tuple(loader.self_test(key, table) for key, table in loader.read_folder("self-tests").items())


@functools.cache
def answer_words() -> dict[str, str]:
    """Every answer id of the questionnaire and the self-tests with its words (not the issues of ``q_dx``)."""
    asked = [q.answers for q in questions() if q.id != "q_dx"] + [t.answers for t in self_tests()]
    return {answer: words for answers in asked for answer, words in answers.items()}


@functools.cache
def screening() -> tuple[values.ScreeningQuestion, ...]:
    """Every red-flag question in its order."""
    return tuple(loader.screening(key, table) for key, table in loader.read_folder("screening").items())


@functools.cache
def gate() -> tuple[values.GateItem, ...]:
    """The six taps before a session; the last opens nothing."""
    items = loader.read_file("screening-gate.toml")["items"]
    return tuple(values.GateItem(item["id"], loader.text(item, "text"), tuple(item["opens"])) for item in items)


@functools.cache
def clusters() -> tuple[values.Cluster, ...]:
    """Weak signs that matter together."""
    return tuple(loader.cluster(table) for table in loader.read_file("clusters.toml")["clusters"])


@functools.cache
def dispositions() -> dict[str, values.DispositionText]:
    """The texts of the dispositions by key, the most urgent first."""
    words = ("label", "head", "body", "block")
    return {
        key: values.DispositionText(key, **{word: loader.text(table, word) for word in words})
        for key, table in loader.read_file("dispositions.toml").items()
    }


@functools.cache
def locales() -> dict[str, values.Locale]:
    """Whom to call, by country code; "EU" for a country that is not listed."""
    return {code: values.Locale(code, **table) for code, table in loader.read_file("locales.toml").items()}


@functools.cache
def answer_rules() -> tuple[values.AnswerRule, ...]:
    """What single answers rule out."""
    rules = loader.read_file("answer-rules.toml")["rules"]
    return tuple(values.AnswerRule(rule["answer"], loader.tag_rules(rule["avoid"])) for rule in rules)


@functools.cache
def user_flags() -> tuple[values.UserFlag, ...]:
    """Facts about a person that restrict movement."""
    return tuple(loader.user_flag(n, table) for n, table in enumerate(loader.read_file("user-flags.toml")["flags"], start=1))


@functools.cache
def cards() -> dict[str, values.Card]:
    """Every card by slug."""
    return {slug: loader.card(slug, table) for slug, table in loader.read_folder("cards").items()}


@functools.cache
def measures() -> dict[str, values.Measure]:
    """Every outcome measure by slug, those we may not use included (``usable``)."""
    return {slug: loader.measure(slug, table) for slug, table in loader.read_folder("measures").items()}


@functools.cache
def sources() -> dict[str, str]:
    """Where facts come from, by key."""
    return loader.read_file("sources.toml")["sources"]


@functools.cache
def tags() -> dict[str, str]:
    """The movement tags and what they mean."""
    return loader.read_file("tags.toml")["tags"]


@functools.cache
def thresholds() -> values.Thresholds:
    """The numbers of the rules by section."""
    return values.Thresholds(loader.read_file("thresholds.toml"))


@functools.cache
def version() -> str:
    """A short hash of all content: the same content has the same version on every machine."""
    digest = hashlib.sha256()
    for path in sorted(loader.FOLDER.rglob("*.toml"), key=lambda p: p.relative_to(loader.FOLDER).as_posix()):
        digest.update(path.relative_to(loader.FOLDER).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]


def check(folder: Path = loader.FOLDER) -> list[Problem]:
    """Everything that is wrong with the content of ``folder``, read afresh; empty when all is sound."""
    return checking.check(folder)
