"""Is the database's shape the one this code expects, and how is it brought there?"""

from __future__ import annotations

import functools
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
LOCK_KEY = 7_230_114  # any number, the same for all processes: PostgreSQL's advisory lock


def upgrade(engine: sa.Engine) -> None:
    """Bring the database to the newest shape; several processes may start at once."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
            connection.commit()
        command.upgrade(_alembic(connection), "head")
        connection.commit()
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEY})
            connection.commit()


def is_current(engine: sa.Engine) -> bool:
    """Whether every migration has run."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _head()


@functools.cache
def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _alembic(connection: sa.Connection) -> AlembicConfig:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings
