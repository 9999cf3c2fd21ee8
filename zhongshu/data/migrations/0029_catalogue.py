"""目录: data sets, systems, sources and standards of the city pack; what gathering and checking brought."""

from __future__ import annotations

from django.db import migrations, models


def _text(blank: bool = False) -> models.TextField[str, str]:
    return models.TextField(blank=True, default="") if blank else models.TextField()


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


def _version(name: str, index: str, *fields: tuple[str, models.Field]) -> migrations.CreateModel:
    return migrations.CreateModel(
        name,
        [
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            ("code", models.TextField()),
            ("valid_from", models.DateTimeField()),
            ("valid_to", models.DateTimeField(blank=True, null=True)),
            ("digest", models.CharField(max_length=32)),
            *fields,
        ],
        {
            "abstract": False,
            "indexes": [models.Index(fields=["code", "valid_from"], name=index)],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("valid_to__isnull", True)),
                    fields=("code",),
                    name=f"data_{name.lower()}_one_in_force",
                )
            ],
        },
    )


_RIGHTS = """
GRANT SELECT ON gather_run, feed_check, dataset_count TO zhongshu_app;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON gather_run, feed_check, dataset_count TO zhongshu_road;
GRANT USAGE ON SEQUENCE dataset_count_id_seq TO zhongshu_road;
CREATE SCHEMA landing;
GRANT USAGE ON SCHEMA landing TO zhongshu_road;
ALTER DEFAULT PRIVILEGES IN SCHEMA landing GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO zhongshu_road;
"""
"""How gathering goes and how many rows there are is no secret; the rows themselves are the road's alone.

落地区: each source's rows have a table of their own in `landing`, made when they are first gathered.
"""

_NAMED = (("name", _text()), ("name_en", _text(True)), ("sort_key", _text(True)))


class Migration(migrations.Migration):
    dependencies = [("data", "0026_registers")]
    operations = [
        _version(
            "Dataset",
            "data_datase_code_bd37fe_idx",
            *_NAMED,
            ("kind", _text()),
            ("branch", models.TextField(db_column="class")),
            ("order_no", models.IntegerField(blank=True, null=True)),
            ("provider", _text()),
            ("summary", _text(True)),
            ("format", _text()),
            ("cycle", _text()),
            ("stored", _text(True)),
            ("lead", models.BooleanField(default=False)),
            ("published", models.DateField(blank=True, null=True)),
            ("secret", _text()),
            ("retention_days", models.IntegerField(blank=True, null=True)),
            ("basis", _text(True)),
            ("related", _text(True)),
            ("dated", _text(True)),
        ),
        _version(
            "DatasetItem",
            "data_datase_code_403f0e_idx",
            ("dataset", _text()),
            ("item", _text()),
            ("name", _text()),
            ("element", _text(True)),
            ("type", _text()),
            ("key", models.BooleanField(default=False)),
            ("share", _text()),
            ("condition", _text(True)),
            ("clause", _text(True)),
            ("open", models.BooleanField(default=False)),
            ("grade", _text(True)),
            ("basis", _text(True)),
        ),
        migrations.AddIndex("datasetitem", models.Index(fields=["dataset"], name="dataset_item_dataset")),
        _version(
            "System",
            "data_system_code_a3a8ba_idx",
            *_NAMED,
            ("owner", _text()),
            ("writes", _text(True)),
            ("reads", _text(True)),
        ),
        _version(
            "Source",
            "data_source_code_2c25f7_idx",
            ("system", _text(True)),
            ("dataset", _text()),
            ("kind", _text()),
            ("location", _text()),
            ("relation", _text(True)),
            ("mode", _text()),
            ("watermark", _text(True)),
            ("schedule", _text()),
            ("mapping", _text(True)),
            ("basis", _text(True)),
        ),
        _version(
            "Standard",
            "data_standa_code_4dea7d_idx",
            *_NAMED,
            ("number", _text()),
            ("scope", _text()),
            ("issuer", _text()),
            ("replaces", _text(True)),
            ("basis", _text(True)),
        ),
        _version(
            "StandardRule",
            "data_standa_code_fa1ceb_idx",
            ("standard", _text()),
            ("dataset", _text()),
            ("item", _text(True)),
            ("demand", _text()),
            ("value", _text(True)),
            ("must", models.BooleanField(default=False)),
            ("clause", _text()),
        ),
        migrations.CreateModel(
            "GatherRun",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("source", _code(64)),
                ("dataset", _code(64)),
                ("place", _code()),
                ("unit", _code(64)),
                ("at", models.DateTimeField()),
                ("ok", models.BooleanField()),
                ("sentence", models.TextField(default="")),
                ("read", models.IntegerField(default=0)),
                ("added", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("same", models.IntegerField(default=0)),
                ("rejected", models.IntegerField(default=0)),
                ("seconds", models.FloatField(default=0)),
                ("mark", models.TextField(default="")),
                ("rejects", models.TextField(default="")),
            ],
            {
                "db_table": "gather_run",
                "indexes": [
                    models.Index(fields=["source", "-id"], name="gather_run_source"),
                    models.Index(fields=["-id"], name="gather_run_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            "FeedCheck",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("standard", _code(64)),
                ("dataset", _code(64)),
                ("place", _code()),
                ("unit", _code(64)),
                ("at", models.DateTimeField()),
                ("file", models.TextField()),
                ("rows", models.IntegerField()),
                ("passed", models.BooleanField()),
                ("findings", models.JSONField(default=list)),
                ("report", models.TextField(default="")),
                ("by", models.BigIntegerField(default=0)),
            ],
            {
                "db_table": "feed_check",
                "indexes": [models.Index(fields=["dataset", "-id"], name="feed_check_dataset")],
            },
        ),
        migrations.CreateModel(
            "DatasetCount",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("dataset", _code(64)),
                ("place", _code()),
                ("rows", models.BigIntegerField()),
                ("newest", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
            ],
            {
                "db_table": "dataset_count",
                "constraints": [models.UniqueConstraint(fields=("dataset", "place"), name="dataset_count_once")],
            },
        ),
        migrations.RunSQL(_RIGHTS, migrations.RunSQL.noop),
    ]
