"""行级保护 what a migration says about a new table that the road writes: who may write it, and who sees which row."""

from __future__ import annotations

from django.db import migrations

_SQL = """
ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON "{table}" TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON "{table}" FOR SELECT TO zhongshu_app USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
GRANT SELECT ON "{table}" TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON "{table}" TO zhongshu_road;
"""


def protect(*tables: str) -> migrations.RunSQL:
    """Row-level security by `place` for the people, all rows for the road."""
    return migrations.RunSQL("".join(_SQL.format(table=table) for table in tables), migrations.RunSQL.noop)
