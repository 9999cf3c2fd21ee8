"""数据元与表单: the elements, code lists and forms of a city pack."""

from __future__ import annotations

from django.db import migrations, models


def _named(name: str, index: str, *fields: tuple[str, models.Field], more: tuple[models.Index, ...] = ()) -> migrations.CreateModel:
    return migrations.CreateModel(
        name,
        [
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            ("code", models.TextField()),
            ("valid_from", models.DateTimeField()),
            ("valid_to", models.DateTimeField(blank=True, null=True)),
            ("digest", models.CharField(max_length=32)),
            ("name", models.TextField()),
            ("name_en", models.TextField(blank=True, default="")),
            ("sort_key", models.TextField(blank=True, default="")),
            *fields,
        ],
        {
            "abstract": False,
            "indexes": [models.Index(fields=["code", "valid_from"], name=index), *more],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("valid_to__isnull", True)),
                    fields=("code",),
                    name=f"data_{name.lower()}_one_in_force",
                )
            ],
        },
    )


_EMPTY = {"blank": True, "default": ""}


class Migration(migrations.Migration):
    dependencies = [("data", "0025_proceedings")]
    operations = [
        _named("CodeItem", "data_codeit_code_52d790_idx", ("list", models.TextField()), ("value", models.TextField())),
        _named(
            "Element",
            "data_elemen_code_032dee_idx",
            ("definition", models.TextField()),
            ("type", models.TextField()),
            ("codes", models.TextField(**_EMPTY)),
            ("subject", models.TextField()),
            ("source", models.TextField(**_EMPTY)),
            ("unit", models.TextField(**_EMPTY)),
            ("cycle", models.TextField()),
            ("grade", models.TextField()),
            ("personal", models.BooleanField(default=False)),
            ("sensitive", models.BooleanField(default=False)),
            ("mask", models.TextField()),
            ("seconds", models.FloatField()),
        ),
        _named(
            "Form",
            "data_form_code_f3ed41_idx",
            ("asker", models.TextField()),
            ("subject", models.TextField()),
            ("cycle", models.TextField()),
            ("level", models.TextField()),
            ("per_hundred", models.FloatField()),
            ("basis", models.TextField(**_EMPTY)),
            ("until", models.DateField(blank=True, null=True)),
            ("return_promise", models.TextField(**_EMPTY)),
        ),
        _named(
            "FormField",
            "data_formfi_code_0cb8e1_idx",
            ("form", models.TextField()),
            ("field", models.TextField()),
            ("element", models.TextField()),
            more=(models.Index(fields=["element"], name="form_field_element"),),
        ),
    ]
