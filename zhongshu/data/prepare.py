"""备库 preparing a database: schema, this year's ledger partitions, and what each role may touch. Safe to repeat."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.management import call_command
from django.db import connections

from zhongshu.data import ledger
from zhongshu.data.databases import OWNER

MONTHS_AHEAD = 14

_GRANTS = """
DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'S') AND NOT c.relispartition LOOP
    IF t.relname ~ '^(auth|django_session|account|mfa|axes|socialaccount|usersessions)' THEN
      EXECUTE format(CASE t.relkind WHEN 'S' THEN 'GRANT USAGE ON SEQUENCE %I TO zhongshu_app'
        ELSE 'GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO zhongshu_app' END, t.relname);
    ELSIF t.relkind = 'r' AND t.relname LIKE 'data\\_%' THEN
      EXECUTE format('GRANT SELECT ON %I TO zhongshu_app, zhongshu_road', t.relname);
    END IF;
  END LOOP;
END $$;
GRANT SELECT ON django_content_type, auth_user TO zhongshu_app, zhongshu_road;
"""


def prepare() -> None:
    """Bring the schema up to date, make partitions for the months to come, and grant the least each role needs."""
    call_command("migrate", database=OWNER, verbosity=0, interactive=False)
    ledger.prepare_months(datetime.now(UTC).date(), MONTHS_AHEAD)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_GRANTS)


def begun() -> bool:
    """Whether this database has our tables at all: any command may be the first one of a new home."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT to_regclass('data_packversion') IS NOT NULL")
        return bool(cursor.fetchone()[0])
