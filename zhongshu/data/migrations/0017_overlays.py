"""块状网格: departments' own grids, each a union of base grids."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0016_desks")]
    operations = [
        migrations.CreateModel(
            name="Overlay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("name", models.TextField()),
                ("name_en", models.TextField(blank=True, default="")),
                ("sort_key", models.TextField(blank=True, default="")),
                ("overlay", models.TextField()),
                ("line", models.TextField()),
                ("grid", models.TextField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["code", "valid_from"], name="data_overla_code_e9dae3_idx"),
                    models.Index(fields=["grid"], name="overlay_grid"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_overlay_one_in_force",
                    )
                ],
            },
        ),
    ]
