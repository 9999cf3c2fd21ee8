"""关键词规则: what words say of a class."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0019_cell_time")]
    operations = [
        migrations.CreateModel(
            name="KeywordRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("category", models.TextField()),
                ("words", models.TextField()),
                ("not_words", models.TextField(blank=True, default="")),
                ("weight", models.FloatField()),
                ("basis", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_keywor_code_048956_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_keywordrule_one_in_force",
                    )
                ],
            },
        ),
    ]
