"""What is wrong with the content?"""

from __future__ import annotations

from pathlib import Path

from programs.catalogue.values import Problem


def check(folder: Path) -> list[Problem]:
    """Everything wrong below ``folder``."""
    return []
