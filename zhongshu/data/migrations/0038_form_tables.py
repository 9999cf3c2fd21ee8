"""取表: tables of what a form collected, handed to its asker, with their seals."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect


class Migration(migrations.Migration):
    dependencies = [("data", "0037_community")]
    operations = [
        migrations.CreateModel(
            name="FormTable",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("form", models.CharField(db_collation="C", default="", max_length=64)),
                ("rows", models.IntegerField()),
                ("sha256", models.CharField(db_collation="C", default="", max_length=64)),
                ("unit", models.CharField(db_collation="C", default="", max_length=64)),
                ("by", models.BigIntegerField(default=0)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "form_table",
                "indexes": [models.Index(fields=["form", "-id"], name="form_table_form")],
            },
        ),
        protect("form_table"),
    ]
