"""Why: a guard that the program's own account could take off is no guard. On PostgreSQL the program should run as a role
that owns nothing and has no right to change, delete or truncate a record; the owner is used to migrate, and kept apart.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, inspect, text

from governance import tables as t
from governance.errors import OptionInvalid

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
VERSION_TABLE = "alembic_version_governance"


def statements(role: str, database: str, *, schema: str = "public") -> list[str]:
    """The SQL that makes a role for the program, or brings its rights up to date after a migration; run by the owner.

    Raises ``OptionInvalid`` where a name is not a plain one.
    """
    for name in (role, database, schema):
        if not _NAME.fullmatch(name):
            raise OptionInvalid(
                f"{name!r} is not a plain name.", do="Use small letters, figures and underscores."
            )
    sealed = ", ".join(f'{schema}."{name}"' for name in t.APPEND_ONLY)
    others = ", ".join(f'{schema}."{name}"' for name in t.metadata.tables if name not in t.APPEND_ONLY)
    made = [
        f"DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT; "
        "EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        f"GRANT SELECT ON {schema}.{VERSION_TABLE} TO {role}",
        f"GRANT SELECT, INSERT ON {sealed} TO {role}",
    ]
    if others:
        made.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {others} TO {role}")
    return made


def apply(connection: Connection, role: str) -> list[str]:
    """Make the role on a PostgreSQL server, as its owner; gives what was run. Raises ``OptionInvalid``."""
    if connection.dialect.name != "postgresql":
        raise OptionInvalid(
            "Only PostgreSQL has roles; a SQLite file belongs to whoever may write it.",
            do="Set database_url to a PostgreSQL database first.",
        )
    run = statements(role, str(connection.engine.url.database))
    for statement in run:
        connection.execute(text(statement))
    return run


def may_alter(connection: Connection) -> list[str]:
    """Append-only tables whose records the present role could change: an empty list is as it should be."""
    if connection.dialect.name != "postgresql":
        return []
    found = inspect(connection).get_table_names()
    query = text(
        "SELECT has_table_privilege(:name, 'UPDATE') OR has_table_privilege(:name, 'DELETE') "
        "OR has_table_privilege(:name, 'TRUNCATE')"
    )
    return [n for n in t.APPEND_ONLY if n in found and connection.execute(query, {"name": n}).scalar()]
