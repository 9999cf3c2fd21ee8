"""支出与培训班: what a city spent on digital government, and who sits in which class of which course."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect


class Migration(migrations.Migration):
    dependencies = [("data", "0042_points")]

    operations = [
        migrations.CreateModel(
            name="Spending",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("unit", models.TextField()),
                ("place", models.TextField()),
                ("year", models.IntegerField()),
                ("kind", models.TextField()),
                ("project", models.TextField()),
                ("project_en", models.TextField(blank=True, default="")),
                ("amount", models.FloatField()),
                ("source", models.TextField()),
                ("source_en", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_spendi_code_689099_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_spending_one_in_force",
                    )
                ],
            },
        ),
        migrations.AddField("course", "classroom", models.BooleanField(db_default=False, default=False)),
        migrations.CreateModel(
            name="ClassSeat",
            fields=[
                ("id", models.CharField(db_collation="C", max_length=48, primary_key=True, serialize=False)),
                ("taught", models.BigIntegerField()),
                ("course", models.CharField(db_collation="C", default="", max_length=64)),
                ("person", models.BigIntegerField()),
                ("unit", models.CharField(db_collation="C", default="", max_length=64)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("state", models.CharField(db_collation="C", default="", max_length=16)),
                ("by", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("noted_by", models.BigIntegerField(db_default=0, default=0)),
                ("noted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "class_seat",
                "indexes": [
                    models.Index(fields=["taught", "state"], name="class_seat_class"),
                    models.Index(fields=["person", "course", "state"], name="class_seat_person"),
                ],
            },
        ),
        protect("class_seat"),
        migrations.RunSQL(
            "GRANT SELECT ON data_spending TO zhongshu_app, zhongshu_road;", "REVOKE SELECT ON data_spending FROM zhongshu_app, zhongshu_road;"
        ),
    ]
