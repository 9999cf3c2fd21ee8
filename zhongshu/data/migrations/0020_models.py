"""模型登记: versions of models, their deployments by place, comparisons and watches; what a mistake costs, by class."""

from __future__ import annotations

from django.db import migrations, models

_TABLES = ("model_version", "model_deployment", "model_comparison", "model_watch")

_OPEN = """
ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON "{table}" TO zhongshu_road USING (true) WITH CHECK (true);
GRANT SELECT ON "{table}" TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON "{table}" TO zhongshu_road;
"""
_ANYBODY = """
CREATE POLICY viewer ON "{table}" FOR SELECT TO zhongshu_app USING (
  (SELECT current_setting('zhongshu.lo', true)) < (SELECT current_setting('zhongshu.hi', true)));
"""
"""A version belongs to no place: whoever works in a post may know what judges."""
_AROUND = """
CREATE POLICY viewer ON "{table}" FOR SELECT TO zhongshu_app USING (
  lo < (SELECT current_setting('zhongshu.hi', true)) AND hi > (SELECT current_setting('zhongshu.lo', true)));
"""
"""A deployment concerns everybody whose place lies in it, and everybody in whose place it lies."""
SECURITY = "".join(_OPEN.format(table=table) for table in _TABLES)
SECURITY += "".join(_ANYBODY.format(table=table) for table in ("model_version", "model_comparison"))
SECURITY += "".join(_AROUND.format(table=table) for table in ("model_deployment", "model_watch"))

CORRECTED = """
CREATE INDEX ledger_classified ON ledger (at, subject) WHERE kind = 'Classified';
"""
"""What people said of judgements: few facts among many, read by training and by the watch."""


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


_VERSION = [
    ("id", models.BigIntegerField(primary_key=True, serialize=False)),
    ("name", _code()),
    ("version", _code(64)),
    ("checksum", _code(64)),
    ("card", models.JSONField(default=dict)),
    ("state", _code(16)),
    ("trained_by", models.BigIntegerField(default=0)),
    ("published_at", models.DateTimeField()),
    ("approvals", models.JSONField(default=list)),
]
_DEPLOYMENT = [
    ("id", models.BigIntegerField(primary_key=True, serialize=False)),
    ("model", models.BigIntegerField()),
    ("name", _code()),
    ("version", _code(64)),
    ("place", _code()),
    ("lo", _code()),
    ("hi", _code()),
    ("how", _code(16)),
    ("by", models.BigIntegerField(default=0)),
    ("post", _code(64)),
    ("reason", models.TextField(default="")),
    ("before", models.BigIntegerField(null=True)),
    ("at", models.DateTimeField()),
    ("ended_at", models.DateTimeField(null=True)),
    ("ended_by", models.BigIntegerField(null=True)),
]
_COMPARISON = [
    ("id", models.BigIntegerField(primary_key=True, serialize=False)),
    ("champion", models.BigIntegerField()),
    ("challenger", models.BigIntegerField()),
    ("by", models.BigIntegerField(default=0)),
    ("at", models.DateTimeField()),
    ("figures", models.JSONField(default=dict)),
]
_WATCH = [
    ("id", models.BigIntegerField(primary_key=True, serialize=False)),
    ("model", models.BigIntegerField()),
    ("deployment", models.BigIntegerField()),
    ("lo", _code()),
    ("hi", _code()),
    ("at", models.DateTimeField()),
    ("figures", models.JSONField(default=dict)),
    ("alarms", models.JSONField(default=list)),
]


class Migration(migrations.Migration):
    dependencies = [("data", "0019_cell_time")]
    operations = [
        migrations.AddField("category", "mistake_cost", models.FloatField(blank=True, null=True)),
        migrations.CreateModel(
            "ModelVersion",
            _VERSION,
            {
                "db_table": "model_version",
                "constraints": [models.UniqueConstraint(fields=["name", "version"], name="model_version_once")],
            },
        ),
        migrations.CreateModel(
            "ModelDeployment",
            _DEPLOYMENT,
            {
                "db_table": "model_deployment",
                "indexes": [models.Index(fields=["name", "place"], name="model_deployment_place")],
            },
        ),
        migrations.CreateModel("ModelComparison", _COMPARISON, {"db_table": "model_comparison"}),
        migrations.CreateModel(
            "ModelWatch",
            _WATCH,
            {
                "db_table": "model_watch",
                "indexes": [models.Index(fields=["deployment", "-id"], name="model_watch_of")],
            },
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(CORRECTED, migrations.RunSQL.noop),
    ]
