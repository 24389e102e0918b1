"""Do the migrations give exactly what the models say, on both databases?"""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from rehab import db, schema_version


def test_upgrading_an_empty_database_gives_the_models(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = compare_metadata(context, db.Base.metadata)

    assert difference == []
    assert schema_version.is_current(engine)


def test_migrations_are_numbered_and_linear() -> None:
    script = ScriptDirectory(str(schema_version.MIGRATIONS))
    revisions = [revision.revision for revision in script.walk_revisions()]

    assert revisions == [f"{number:04}" for number in range(len(revisions), 0, -1)]


def test_migrations_never_import_the_models() -> None:
    for file in (schema_version.MIGRATIONS / "versions").glob("*.py"):
        assert "rehab" not in file.read_text("utf-8"), file.name
