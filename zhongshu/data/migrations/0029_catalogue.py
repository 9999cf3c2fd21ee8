"""目录: data sets of the city pack with their items."""

from __future__ import annotations

from django.db import migrations, models


def _text(blank: bool = False) -> models.TextField[str, str]:
    return models.TextField(blank=True, default="") if blank else models.TextField()


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


_NAMED = (("name", _text()), ("name_en", _text(True)), ("sort_key", _text(True)))


class Migration(migrations.Migration):
    dependencies = [("data", "0028_elements")]
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
    ]
