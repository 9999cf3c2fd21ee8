"""数据元与表单: the elements, code lists and forms of a city pack; values that workers wrote, and what they filled."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect


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


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


_VALUES = """
ALTER TABLE element_value ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON element_value TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON element_value FOR SELECT TO zhongshu_app USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
GRANT SELECT (id, subject, entity, place, element, kind, source, as_of) ON element_value TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT ON element_value TO zhongshu_road;
GRANT USAGE ON SEQUENCE element_value_id_seq TO zhongshu_road;
"""
"""The screens see which values there are; the values themselves are read by the road, which notes who read them."""

_EMPTY = {"blank": True, "default": ""}


class Migration(migrations.Migration):
    dependencies = [("data", "0029_catalogue")]
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
        migrations.CreateModel(
            "ElementValue",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", _code(16)),
                ("entity", models.BigIntegerField()),
                ("place", _code()),
                ("element", _code(64)),
                ("kind", _code(16)),
                ("value", models.TextField()),
                ("source", _code(64)),
                ("as_of", models.DateField()),
                ("by", models.BigIntegerField(default=0)),
            ],
            {
                "db_table": "element_value",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "entity", "place", "element", "kind"), name="element_value_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "FormFill",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("form", _code(64)),
                ("subject", _code(16)),
                ("entity", models.BigIntegerField()),
                ("place", _code()),
                ("unit", _code(64)),
                ("by", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("shown", models.SmallIntegerField()),
                ("filled", models.SmallIntegerField()),
                ("asked", models.SmallIntegerField()),
                ("changed", models.SmallIntegerField()),
                ("seconds", models.FloatField()),
                ("bare", models.FloatField()),
            ],
            {
                "db_table": "form_fill",
                "indexes": [
                    models.Index(fields=["form", "subject", "entity", "-at"], name="form_fill_form"),
                    models.Index(
                        fields=["at"], include=("by", "shown", "filled", "seconds", "bare"), name="form_fill_at"
                    ),
                ],
            },
        ),
        migrations.RunSQL(_VALUES, migrations.RunSQL.noop),
        protect("form_fill"),
    ]
