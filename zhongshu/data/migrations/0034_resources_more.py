"""抽样核实与培训: samples of rows that people confirm, courses of a pack and who took them."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect

_SQL = """
GRANT SELECT ON quality_visit TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON quality_visit TO zhongshu_road;
"""
"""That a sample was drawn is everybody's; its rows, and what a person took, are seen by whoever holds the place."""


class Migration(migrations.Migration):
    dependencies = [("data", "0033_registers_more")]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("name", models.TextField()),
                ("name_en", models.TextField(blank=True, default="")),
                ("sort_key", models.TextField(blank=True, default="")),
                ("text", models.TextField()),
                ("forms", models.TextField(blank=True, default="")),
                ("minutes", models.IntegerField()),
                ("pass_share", models.FloatField()),
                ("valid_days", models.IntegerField()),
                ("gates", models.BooleanField(default=False)),
                ("basis", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_course_code_b567d1_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_course_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseDemand",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("course", models.TextField()),
                ("kind", models.TextField(blank=True, default="")),
                ("level", models.IntegerField(blank=True, null=True)),
                ("roles", models.TextField(blank=True, default="")),
                ("basis", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_course_code_5352b3_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_coursedemand_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseQuestion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("course", models.TextField()),
                ("question", models.TextField()),
                ("text", models.TextField()),
                ("options", models.TextField()),
                ("right", models.IntegerField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_course_code_7748c2_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_coursequestion_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseTaken",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("course", models.CharField(db_collation="C", default="", max_length=64)),
                ("person", models.BigIntegerField()),
                ("how", models.CharField(db_collation="C", default="", max_length=16)),
                ("right", models.SmallIntegerField()),
                ("asked", models.SmallIntegerField()),
                ("passed", models.BooleanField()),
                ("until", models.DateTimeField(null=True)),
                ("note", models.TextField(default="")),
                ("unit", models.CharField(db_collation="C", default="", max_length=64)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("by", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "course_taken",
                "indexes": [
                    models.Index(fields=["person", "course", "-at"], name="course_taken_person"),
                    models.Index(fields=["course", "-at"], name="course_taken_course"),
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityVisit",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("dataset", models.CharField(db_collation="C", default="", max_length=64)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("items", models.JSONField(default=list)),
                ("size", models.IntegerField()),
                ("of", models.BigIntegerField()),
                ("seed", models.BigIntegerField()),
                ("until", models.DateField(null=True)),
                ("unit", models.CharField(db_collation="C", default="", max_length=64)),
                ("by", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "quality_visit",
                "indexes": [models.Index(fields=["dataset", "-id"], name="quality_visit_dataset")],
            },
        ),
        migrations.CreateModel(
            name="QualityVisitRow",
            fields=[
                ("id", models.CharField(db_collation="C", max_length=40, primary_key=True, serialize=False)),
                ("visit", models.BigIntegerField()),
                ("dataset", models.CharField(db_collation="C", default="", max_length=64)),
                ("key", models.TextField()),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("verdict", models.CharField(db_collation="C", db_default="", max_length=16)),
                ("wrong", models.JSONField(db_default=models.Value([], models.JSONField()))),
                ("note", models.TextField(db_default="")),
                ("unit", models.CharField(db_collation="C", db_default="", max_length=64)),
                ("by", models.BigIntegerField(db_default=0)),
                ("at", models.DateTimeField(null=True)),
                ("corrections", models.JSONField(db_default=models.Value([], models.JSONField()))),
            ],
            options={
                "db_table": "quality_visit_row",
                "indexes": [models.Index(fields=["visit", "place", "id"], name="quality_visit_row_visit")],
            },
        ),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
        protect("quality_visit_row", "course_taken"),
    ]
