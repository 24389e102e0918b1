"""Does every read of somebody's data start from a scope?"""

import ast
from pathlib import Path

from rehab import config

GUARDED = {"Patient", "Plan", "Flag", "ExerciseSession", "CheckIn", "Screening", "Intake", "Note", "Referral", "PatientDay"}
#: Files that are the scopes, or that may look a thing up by what the visitor holds (a secret token).
EXEMPT = {"scopes.py"}


def _offences(file: Path) -> list[str]:
    tree = ast.parse(file.read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            name = first.id if isinstance(first, ast.Name) else None
            if node.func.attr in {"get", "get_one", "select", "query"} and name in GUARDED:
                found.append(f"{file.name}:{node.lineno} {node.func.attr}({name})")
    return found


def test_no_view_selects_a_persons_rows_by_bare_id() -> None:
    files = [f for folder in ("web", "api") for f in (config.ROOT / "rehab" / folder).rglob("*.py") if f.name not in EXEMPT]
    assert len(files) > 15

    assert [offence for file in files for offence in _offences(file)] == []


def test_the_check_itself_sees_an_offence(tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("def view(id):\n    return db().get(Patient, id), sa.select(Flag)\n")

    assert len(_offences(file)) == 2
