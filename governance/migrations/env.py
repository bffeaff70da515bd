"""Alembic's environment for the records; run from code by ``Store.open``, never from a shell."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="alembic_version_governance")
with context.begin_transaction():
    context.run_migrations()
