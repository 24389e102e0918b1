"""``./dev bench``: server CPU per request of Today and sync against a bare Flask route, and start-up bytes.

CPU milliseconds are read from the server processes themselves, so that a busy machine changes little;
the yardstick runs in the same minute. Results are printed as JSON lines.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HELLO = "from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef hello():\n    return 'hello'\n"


def main() -> int:
    """Print one JSON line per figure."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "hello_app.py").write_text(HELLO)
        with server("hello_app:app", data, {}) as (port, pids):
            hello = measure(lambda _n, c: get(c, "/", {}), port, pids, 3000)
        say("bare Flask hello", hello, hello)
        environment = {"REHAB_DATA": str(data), "REHAB_DEMO": "yes", "REHAB_RATE_LIMITS": "no"}
        subprocess.run([sys.executable, "-m", "rehab.cli", "demo", "--keep"], cwd=ROOT, env={**os.environ, **environment},
                       check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        with server("wsgi:app", ROOT, environment) as (port, pids):
            cookie = sign_in(port)
            plan = json.loads(fetch(port, "/api/v1/plan", cookie)[1])
            say("Today page", measure(lambda _n, c: get(c, "/today", cookie), port, pids, 600), hello)
            say("plan JSON", measure(lambda _n, c: get(c, "/api/v1/plan", cookie), port, pids, 600), hello)
            say("sync of one session", measure(lambda n, c: sync(c, cookie, plan, n, 1), port, pids, 200), hello)
            say("sync of 50 sessions", measure(lambda n, c: sync(c, cookie, plan, n, 50), port, pids, 20), hello)
            first_load(port, cookie)
    return 0


def say(what: str, figures: tuple[float, float], hello: tuple[float, float]) -> None:
    """One line: CPU milliseconds and requests a second, and how many hellos that is."""
    cpu, rate = figures
    print(json.dumps({"what": what, "cpu_ms": round(cpu, 3), "requests_per_second": round(rate), "times_hello": round(cpu / hello[0], 1)}))


@contextmanager
def server(app: str, folder: Path, environment: dict[str, str]) -> Iterator[tuple[int, list[int]]]:
    """Gunicorn with the product's settings on a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = [sys.executable, "-m", "gunicorn", "-c", "python:rehab.gunicorn_settings", "-b", f"127.0.0.1:{port}", "--chdir", str(folder), app]
    process = subprocess.Popen(line, cwd=ROOT, env={**os.environ, **environment, "PYTHONPATH": f"{ROOT}:{folder}"})
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        time.sleep(1)
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
        yield port, [int(child) for child in children]
    finally:
        process.terminate()
        process.wait(timeout=10)


def cpu_seconds(pids: list[int]) -> float:
    """User and system time that the workers have used."""
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(sum(int(x) for x in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]) for pid in pids) / ticks


def measure(request: Callable[[int, http.client.HTTPConnection], None], port: int, pids: list[int], count: int) -> tuple[float, float]:
    """CPU milliseconds a request and requests a second of one client, the median of three rounds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for n in range(10):
        request(-n - 1, connection)
    rounds = []
    for lap in range(3):
        cpu, clock = cpu_seconds(pids), time.perf_counter()
        for n in range(count):
            request(lap * count + n, connection)
        rounds.append(((cpu_seconds(pids) - cpu) * 1000 / count, count / (time.perf_counter() - clock)))
    return sorted(rounds)[1]


def get(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> None:
    """One GET that must succeed."""
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")


def fetch(port: int, path: str, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
    """One GET on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def sign_in(port: int) -> dict[str, str]:
    """The cookie of the demo patient with eight weeks of history."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/account/demo/improving", headers={"Sec-Fetch-Site": "same-origin"})
    answer = connection.getresponse()
    answer.read()
    return {"Cookie": answer.getheader("Set-Cookie", "").split(";")[0]}


def sync(connection: http.client.HTTPConnection, cookie: dict[str, str], plan: dict, n: int, size: int) -> None:
    """One batch of new sessions, as the phone sends them."""
    at = datetime.now(UTC) - timedelta(hours=1)
    records = [
        {
            "kind": "exercise_session", "schema": 1, "id": str(uuid.uuid4()), "plan_id": plan["plan_id"],
            "performed_at": at.isoformat(), "performed_on": at.date().isoformat(), "time_zone": "Europe/London",
            "status": "done", "skip_reason": None, "pain_nprs_before": 3, "pain_nprs_worst": 3, "pain_nprs_after": 2,
            "effort_cr10": 5, "note": "", "corrects_id": None, "exercises": [],
        }
        for _ in range(size)
    ]  # fmt: skip
    body = json.dumps({"records": records})
    headers = {**cookie, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", "/api/v1/sync", body=body, headers=headers)
    answer = connection.getresponse()
    results = json.loads(answer.read())
    if answer.status != 200 or any(r["outcome"] != "created" for r in results["results"]):
        raise SystemExit(f"sync answered {answer.status}: {results}")


def first_load(port: int, cookie: dict[str, str]) -> None:
    """Bytes of the first load of Today: the page, its style sheet, its scripts, the plan."""
    _, page = fetch(port, "/today", cookie)
    text = page.decode()
    paths = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', text))
    paths |= set(re.findall(r'"(/static/[0-9a-f]{12}/js/(?:main|offline/|patient/today|components/)[^"]*)"', text))
    sizes = {path: len(fetch(port, path, cookie)[1]) for path in paths}
    plan = len(fetch(port, "/api/v1/plan", cookie)[1])
    total = len(page) + sum(sizes.values()) + plan
    print(json.dumps({"what": "first load of Today, uncompressed bytes", "bytes": total, "requests": 2 + len(sizes), "plan": plan}))


if __name__ == "__main__":
    sys.exit(main())
