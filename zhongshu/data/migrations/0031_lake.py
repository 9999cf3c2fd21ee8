"""数据湖: files of the lake, its runs, and the sums of observations."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models

from zhongshu.data.protection import protect

_RIGHTS = """
CREATE INDEX ledger_recorded ON ledger USING brin (recorded_at);
ALTER TABLE lake_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON lake_file TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON lake_file FOR SELECT TO zhongshu_app USING (
  (SELECT current_setting('zhongshu.lo', true)) = ''
  OR (prefix <> '' AND (SELECT current_setting('zhongshu.lo', true)) < prefix || '~'
    AND (SELECT current_setting('zhongshu.hi', true)) > prefix));
GRANT SELECT ON lake_file TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON lake_file TO zhongshu_road;
GRANT SELECT ON lake_run TO zhongshu_app;
GRANT SELECT, INSERT, UPDATE ON lake_run TO zhongshu_road;
GRANT USAGE ON SEQUENCE lake_run_id_seq TO zhongshu_road;
"""
"""A file is known to whoever sees its district or a part of it; which of its rows they see is asked for each row."""


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


class Migration(migrations.Migration):
    dependencies = [("data", "0028_elements")]
    operations = [
        migrations.AddField("observation", "grid", models.CharField(db_collation="C", db_default="", max_length=32)),
        migrations.AddIndex("observation", BrinIndex(fields=["at"], name="observation_at")),
        migrations.CreateModel(
            "LakeFile",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("table", _code()),
                ("day", models.DateField()),
                ("place", _code()),
                ("prefix", _code()),
                ("rows", models.BigIntegerField()),
                ("bytes", models.BigIntegerField()),
                ("sha256", _code(64)),
                ("path", models.TextField()),
                ("filed_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
                ("gone", _code(16)),
            ],
            {
                "db_table": "lake_file",
                "indexes": [
                    models.Index(fields=["table", "day", "place"], name="lake_file_live", condition=models.Q(gone=""))
                ],
            },
        ),
        migrations.CreateModel(
            "LakeRun",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("cutoff", models.DateField()),
                ("moved", models.BigIntegerField(default=0)),
                ("copied", models.BigIntegerField(default=0)),
                ("erased", models.BigIntegerField(default=0)),
                ("files", models.IntegerField(default=0)),
            ],
            {"db_table": "lake_run"},
        ),
        migrations.CreateModel(
            "ObservationSum",
            [
                ("pk", models.CompositePrimaryKey("grain", "at", "place", "grid", blank=True, editable=False,
                                                  primary_key=True, serialize=False)),
                ("grain", _code(8)),
                ("at", models.DateTimeField()),
                ("place", _code()),
                ("grid", _code()),
                ("n", models.BigIntegerField()),
                ("total", models.FloatField()),
                ("least", models.FloatField()),
                ("most", models.FloatField()),
            ],
            {
                "db_table": "observation_sum",
                "indexes": [
                    models.Index(
                        fields=["grid", "at"], name="observation_sum_grid", condition=~models.Q(grid="")
                    )
                ],
            },
        ),
        protect("observation_sum"),
        migrations.RunSQL(_RIGHTS, migrations.RunSQL.noop),
    ]
