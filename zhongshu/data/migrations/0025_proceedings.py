"""办理事项: applications, tickets, appeals and standards as one projection, seen by both sides."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models

_SQL = """
ALTER TABLE proceeding ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON proceeding TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON proceeding FOR SELECT TO zhongshu_app USING (
  (place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)))
  OR (provider_place >= (SELECT current_setting('zhongshu.lo', true))
    AND provider_place < (SELECT current_setting('zhongshu.hi', true)))
  OR (provider_place = '*' AND (SELECT current_setting('zhongshu.hi', true)) <> ''));
GRANT SELECT ON proceeding TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON proceeding TO zhongshu_road;
"""


class Migration(migrations.Migration):
    dependencies = [("data", "0024_urgency")]
    operations = [
        migrations.CreateModel(
            name="Proceeding",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("family", models.CharField(db_collation="C", default="", max_length=16)),
                ("number", models.CharField(db_collation="C", default="", max_length=32)),
                ("state", models.CharField(db_collation="C", default="", max_length=16)),
                ("subject", models.TextField(db_collation="C", default="")),
                ("title", models.TextField(default="")),
                ("asker", models.CharField(db_collation="C", default="", max_length=64)),
                (
                    "providers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", max_length=64), default=list, size=None
                    ),
                ),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("provider_place", models.CharField(db_collation="C", default="", max_length=32)),
                ("given", models.JSONField(default=dict)),
                ("people", models.JSONField(default=dict)),
                ("due_at", models.DateTimeField(null=True)),
                ("wake_at", models.DateTimeField(null=True)),
                ("overdue", models.BooleanField(default=False)),
                ("times_overdue", models.IntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "proceeding",
                "indexes": [
                    models.Index(fields=["family", "state", "-id"], name="proceeding_family"),
                    models.Index(fields=["subject"], name="proceeding_subject"),
                    models.Index(
                        condition=models.Q(("wake_at__isnull", False)), fields=["wake_at"], name="proceeding_wake"
                    ),
                ],
            },
        ),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    ]
