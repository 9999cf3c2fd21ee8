"""数据质量: rules of a pack, runs of them with what they counted and the rows that failed, courses of finding errors."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect

_SQL = """
GRANT SELECT ON quality_run, quality_result TO zhongshu_app;
GRANT INSERT, SELECT, DELETE ON quality_run, quality_result TO zhongshu_road;
GRANT USAGE ON SEQUENCE quality_result_id_seq, quality_fail_id_seq TO zhongshu_road;
"""
"""Shares name nobody and are for everybody; rows that failed and courses are seen by whoever holds their place."""


class Migration(migrations.Migration):
    dependencies = [("data", "0031_lake")]
    operations = [
        migrations.CreateModel(
            name="QualityRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("name", models.TextField()),
                ("name_en", models.TextField(blank=True, default="")),
                ("sort_key", models.TextField(blank=True, default="")),
                ("dataset", models.TextField()),
                ("item", models.TextField()),
                ("indicator", models.TextField()),
                ("kind", models.TextField()),
                ("value", models.TextField(blank=True, default="")),
                ("against", models.TextField(blank=True, default="")),
                ("keys", models.TextField(blank=True, default="")),
                ("condition", models.TextField(blank=True, default="")),
                ("weight", models.FloatField()),
                ("basis", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_qualit_code_ff84de_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_qualityrule_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityCourse",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("dataset", models.CharField(db_collation="C", default="", max_length=64)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.BigIntegerField()),
                ("items", models.JSONField(default=list)),
                ("rows", models.JSONField(default=list)),
                ("labels", models.JSONField(default=dict)),
                ("suspects", models.JSONField(default=list)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "quality_course",
                "indexes": [models.Index(fields=["dataset", "-id"], name="quality_course_dataset")],
            },
        ),
        migrations.CreateModel(
            name="QualityFail",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("run", models.BigIntegerField()),
                ("rule", models.TextField(db_collation="C")),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("key", models.TextField(default="")),
                ("value", models.TextField(default="")),
            ],
            options={
                "db_table": "quality_fail",
                "indexes": [models.Index(fields=["run", "rule", "id"], name="quality_fail_rule")],
            },
        ),
        migrations.CreateModel(
            name="QualityResult",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("run", models.BigIntegerField()),
                ("rule", models.TextField(db_collation="C")),
                ("item", models.TextField()),
                ("indicator", models.CharField(db_collation="C", default="", max_length=16)),
                ("weight", models.FloatField()),
                ("checked", models.BigIntegerField()),
                ("met", models.BigIntegerField()),
                ("kept", models.IntegerField(default=0)),
                ("said", models.TextField(default="")),
            ],
            options={
                "db_table": "quality_result",
                "indexes": [models.Index(fields=["run"], name="quality_result_run")],
            },
        ),
        migrations.CreateModel(
            name="QualityRun",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("dataset", models.CharField(db_collation="C", default="", max_length=64)),
                ("at", models.DateTimeField()),
                ("rows", models.BigIntegerField(default=0)),
                ("seconds", models.FloatField()),
                ("read", models.BooleanField()),
                ("said", models.TextField(default="")),
                ("shares", models.JSONField(default=dict)),
                ("total", models.FloatField(null=True)),
                ("grade", models.CharField(db_collation="C", default="", max_length=1)),
                ("versions", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "quality_run",
                "indexes": [models.Index(fields=["dataset", "-id"], name="quality_run_dataset")],
            },
        ),
        protect("quality_fail", "quality_course"),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    ]
