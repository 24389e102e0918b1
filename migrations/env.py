"""How Alembic reaches the database: by the connection that ``rehab.schema_version`` hands over."""

from alembic import context

from rehab.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
