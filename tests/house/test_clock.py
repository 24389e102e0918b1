"""Does only one file read the clock, and does nobody sleep or swallow errors?"""

import re

from rehab import config

FORBIDDEN = re.compile(r"utcnow\(|datetime\.now\(|date\.today\(|time\.time\(\)|time\.sleep\(|except Exception|except:")


def test_only_clock_py_reads_the_clock() -> None:
    files = [f for folder in ("rehab", "programs") for f in (config.ROOT / folder).rglob("*.py") if f.name != "clock.py"]
    found = [
        f"{file.relative_to(config.ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if FORBIDDEN.search(line)
    ]

    assert len(files) > 60
    assert found == []
