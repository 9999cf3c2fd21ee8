"""Integrations and their tokens' digests; the road's role may look them up, the screens' role may not."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0004_overview")]
    operations = [
        migrations.CreateModel(
            name="Integration",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("digest", models.CharField(db_collation="C", default="", max_length=64)),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", default="", max_length=32), default=list, size=None
                    ),
                ),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("trusted", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "integration",
                "constraints": [models.UniqueConstraint(fields=("digest",), name="integration_digest")],
            },
        ),
        migrations.RunSQL("GRANT SELECT ON integration TO zhongshu_road;", migrations.RunSQL.noop),
    ]
