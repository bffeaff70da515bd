"""Alembic's environment for the catalogue; run from code by ``Catalogue.open``, never from a shell."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, version_table="alembic_version_ingest", transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
