"""数据质量: the rules of a pack in force."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0025_proceedings")]
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
    ]
