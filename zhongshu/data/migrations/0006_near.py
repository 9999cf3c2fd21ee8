"""Indexes that the road needs, and none that it only pays for.

The index of neighbourhood cells holds the point as well, so that a search reads only the rows inside its square. Django
gives a text key a second index for LIKE; keys compared byte by byte ("C") don't need it.
"""

from __future__ import annotations

from django.db import migrations, models

UNUSED = """
DO $$
DECLARE found text;
BEGIN
  FOR found IN SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()
      AND tablename IN ('task', 'clock') AND indexname LIKE '%\\_like' LOOP
    EXECUTE format('DROP INDEX %I', found);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("data", "0005_integration")]
    operations = [
        migrations.RemoveIndex("case", "case_cell"),
        migrations.AddIndex(
            "case",
            models.Index(fields=["cell", "opened_at", "lat", "lon"], name="case_cell", condition=~models.Q(state="closed")),
        ),
        migrations.RunSQL(UNUSED, migrations.RunSQL.noop),
    ]
