"""登记: people, houses, organisations, residences, what each department told, and who may see which column."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models

from zhongshu.data.protection import protect

_NAMED = """
CREATE FUNCTION shown_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE WHEN name = '' THEN '' ELSE left(name, 1) || repeat('*', greatest(1, length(name) - 1)) END $$;
CREATE FUNCTION shown_number(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE WHEN length(number) < 8 THEN repeat('*', length(number))
       ELSE left(number, 3) || repeat('*', length(number) - 7) || right(number, 4) END $$;
CREATE FUNCTION shown_phone(phone text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE WHEN length(phone) < 6 THEN repeat('*', length(phone))
       ELSE left(phone, 3) || repeat('*', length(phone) - 5) || right(phone, 2) END $$;
"""
"""脱敏: the masks of kernel/access.py, in the database (domain.md §5.6)."""

_PROOF = """
CREATE FUNCTION proves_itself(number text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN number ~ '^[0-9]{17}[0-9X]$' THEN substr('10X98765432', 1 + (
    7 * substr(number, 1, 1)::int + 9 * substr(number, 2, 1)::int + 10 * substr(number, 3, 1)::int
    + 5 * substr(number, 4, 1)::int + 8 * substr(number, 5, 1)::int + 4 * substr(number, 6, 1)::int
    + 2 * substr(number, 7, 1)::int + substr(number, 8, 1)::int + 6 * substr(number, 9, 1)::int
    + 3 * substr(number, 10, 1)::int + 7 * substr(number, 11, 1)::int + 9 * substr(number, 12, 1)::int
    + 10 * substr(number, 13, 1)::int + 5 * substr(number, 14, 1)::int + 8 * substr(number, 15, 1)::int
    + 4 * substr(number, 16, 1)::int + 2 * substr(number, 17, 1)::int) % 11, 1) = right(number, 1)
  ELSE false END $$;
"""
"""GB 11643: whether an identity number's last character follows from the others."""

_TABLE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON {table} TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON {table} FOR SELECT TO zhongshu_app USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
GRANT SELECT ({columns}) ON {table} TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON {table} TO zhongshu_road;
CREATE VIEW {table}_shown WITH (security_barrier) AS SELECT {columns}, {masked} FROM {table}
  WHERE place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true));
GRANT SELECT ON {table}_shown TO zhongshu_app;
"""
"""A register with personal data: the screens read all but the personal columns, those only masked, by the view."""

_ENTITY = "id, place, address, records, sources, as_of, valid_from, valid_to, merged_into"
_PERSON = f"{_ENTITY}, id_type, sex, born, nation, kind, registered, house, care"
_HOUSE = f"{_ENTITY}, name, code, ownership, use, area, floors, structure, rent_registered, safety, lon, lat"
_FIRM = f"{_ENTITY}, name, credit_code, kind, industry, employees, fire"
_PERSON_MASKED = "shown_name(name) AS name, shown_number(id_number) AS id_number, shown_phone(phone) AS phone"
_FIRM_MASKED = "shown_name(legal_person) AS legal_person, shown_phone(phone) AS phone"

_RECORDS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON {table} TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON {table} FOR SELECT TO zhongshu_app USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
GRANT SELECT (id, entity, dataset, place, as_of, verified, valid_to) ON {table} TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON {table} TO zhongshu_road;
"""
_SEQUENCES = """
GRANT USAGE, UPDATE ON SEQUENCE person_id_seq, house_id_seq, organisation_id_seq, residence_id_seq, block_count_id_seq,
  person_record_id_seq, house_record_id_seq, organisation_record_id_seq TO zhongshu_road;
"""
_RIGHTS = "".join(
    [
        _NAMED,
        _PROOF,
        _TABLE.format(table="person", columns=_PERSON, masked=_PERSON_MASKED),
        _TABLE.format(table="house", columns=_HOUSE, masked="shown_name(owner) AS owner"),
        _TABLE.format(table="organisation", columns=_FIRM, masked=_FIRM_MASKED),
        *(_RECORDS.format(table=f"{table}_record") for table in ("person", "house", "organisation")),
        _SEQUENCES,
    ]
)


class Migration(migrations.Migration):
    dependencies = [("data", "0025_proceedings")]

    operations = [
        migrations.CreateModel(
            name="BlockCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("measure", models.CharField(db_collation="C", default="", max_length=32)),
                ("band", models.CharField(db_collation="C", default="", max_length=16)),
                ("count", models.IntegerField()),
            ],
            options={
                "db_table": "block_count",
            },
        ),
        migrations.CreateModel(
            name="House",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("name", models.TextField(default="")),
                ("address", models.CharField(db_collation="C", default="", max_length=32)),
                ("records", models.SmallIntegerField(default=0)),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", default="", max_length=32),
                        default=list,
                        size=None,
                    ),
                ),
                ("as_of", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("merged_into", models.BigIntegerField(null=True)),
                ("code", models.CharField(db_collation="C", default="", max_length=32)),
                ("owner", models.TextField(default="")),
                ("ownership", models.CharField(db_collation="C", default="", max_length=16)),
                ("use", models.CharField(db_collation="C", default="", max_length=16)),
                ("area", models.FloatField(null=True)),
                ("floors", models.SmallIntegerField(null=True)),
                ("structure", models.CharField(db_collation="C", default="", max_length=16)),
                ("rent_registered", models.BooleanField(default=False)),
                ("safety", models.CharField(db_collation="C", default="", max_length=8)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
            ],
            options={
                "db_table": "house",
            },
        ),
        migrations.CreateModel(
            name="HouseRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("entity", models.BigIntegerField(null=True)),
                ("dataset", models.CharField(db_collation="C", default="", max_length=32)),
                ("key", models.CharField(db_collation="C", default="", max_length=64)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("as_of", models.DateField()),
                ("verified", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("name", models.TextField(default="")),
                ("address", models.TextField(default="")),
                ("more", models.JSONField(default=dict)),
                ("code", models.CharField(db_collation="C", default="", max_length=32)),
                ("owner", models.TextField(default="")),
                ("ownership", models.CharField(db_collation="C", default="", max_length=16)),
                ("use", models.CharField(db_collation="C", default="", max_length=16)),
                ("area", models.FloatField(null=True)),
                ("floors", models.SmallIntegerField(null=True)),
                ("structure", models.CharField(db_collation="C", default="", max_length=16)),
                ("safety", models.CharField(db_collation="C", default="", max_length=8)),
            ],
            options={
                "db_table": "house_record",
            },
        ),
        migrations.CreateModel(
            name="IdentityPair",
            fields=[
                ("id", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("subject", models.CharField(db_collation="C", default="", max_length=16)),
                ("first", models.BigIntegerField()),
                ("second", models.BigIntegerField()),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("score", models.FloatField(default=0)),
                ("state", models.CharField(db_collation="C", default="", max_length=16)),
                ("found_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("by", models.BigIntegerField(default=0)),
                ("proceeding", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "identity_pair",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("name", models.TextField(default="")),
                ("address", models.CharField(db_collation="C", default="", max_length=32)),
                ("records", models.SmallIntegerField(default=0)),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", default="", max_length=32),
                        default=list,
                        size=None,
                    ),
                ),
                ("as_of", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("merged_into", models.BigIntegerField(null=True)),
                ("credit_code", models.CharField(db_collation="C", default="", max_length=18)),
                ("kind", models.CharField(db_collation="C", default="", max_length=16)),
                ("legal_person", models.TextField(default="")),
                ("industry", models.CharField(db_collation="C", default="", max_length=32)),
                ("employees", models.IntegerField(null=True)),
                ("phone", models.CharField(db_collation="C", default="", max_length=32)),
                ("fire", models.CharField(db_collation="C", default="", max_length=16)),
            ],
            options={
                "db_table": "organisation",
            },
        ),
        migrations.CreateModel(
            name="OrganisationRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("entity", models.BigIntegerField(null=True)),
                ("dataset", models.CharField(db_collation="C", default="", max_length=32)),
                ("key", models.CharField(db_collation="C", default="", max_length=64)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("as_of", models.DateField()),
                ("verified", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("name", models.TextField(default="")),
                ("address", models.TextField(default="")),
                ("more", models.JSONField(default=dict)),
                ("credit_code", models.CharField(db_collation="C", default="", max_length=18)),
                ("kind", models.CharField(db_collation="C", default="", max_length=16)),
                ("legal_person", models.TextField(default="")),
                ("industry", models.CharField(db_collation="C", default="", max_length=32)),
                ("employees", models.IntegerField(null=True)),
                ("phone", models.CharField(db_collation="C", default="", max_length=32)),
            ],
            options={
                "db_table": "organisation_record",
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("name", models.TextField(default="")),
                ("address", models.CharField(db_collation="C", default="", max_length=32)),
                ("records", models.SmallIntegerField(default=0)),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", default="", max_length=32),
                        default=list,
                        size=None,
                    ),
                ),
                ("as_of", models.DateField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("merged_into", models.BigIntegerField(null=True)),
                ("id_type", models.CharField(db_collation="C", default="", max_length=16)),
                ("id_number", models.CharField(db_collation="C", default="", max_length=32)),
                ("sex", models.SmallIntegerField(default=0)),
                ("born", models.DateField(null=True)),
                ("nation", models.CharField(db_collation="C", default="", max_length=16)),
                ("phone", models.CharField(db_collation="C", default="", max_length=32)),
                ("kind", models.CharField(db_collation="C", default="", max_length=16)),
                ("registered", models.CharField(db_collation="C", default="", max_length=32)),
                ("house", models.BigIntegerField(null=True)),
                (
                    "care",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(db_collation="C", default="", max_length=32),
                        default=list,
                        size=None,
                    ),
                ),
            ],
            options={
                "db_table": "person",
            },
        ),
        migrations.CreateModel(
            name="PersonRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("entity", models.BigIntegerField(null=True)),
                ("dataset", models.CharField(db_collation="C", default="", max_length=32)),
                ("key", models.CharField(db_collation="C", default="", max_length=64)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("as_of", models.DateField()),
                ("verified", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("name", models.TextField(default="")),
                ("address", models.TextField(default="")),
                ("more", models.JSONField(default=dict)),
                ("id_type", models.CharField(db_collation="C", default="", max_length=16)),
                ("id_number", models.CharField(db_collation="C", default="", max_length=32)),
                ("sex", models.SmallIntegerField(default=0)),
                ("born", models.DateField(null=True)),
                ("nation", models.CharField(db_collation="C", default="", max_length=16)),
                ("phone", models.CharField(db_collation="C", default="", max_length=32)),
                ("registered", models.CharField(db_collation="C", default="", max_length=32)),
                ("kind", models.CharField(db_collation="C", default="", max_length=16)),
            ],
            options={
                "db_table": "person_record",
            },
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("person", models.BigIntegerField()),
                ("house", models.BigIntegerField()),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("relation", models.CharField(db_collation="C", default="", max_length=16)),
                ("reason", models.CharField(db_collation="C", default="", max_length=16)),
                ("mode", models.CharField(db_collation="C", default="", max_length=16)),
                ("dataset", models.CharField(db_collation="C", default="", max_length=32)),
                ("as_of", models.DateField(null=True)),
            ],
            options={
                "db_table": "residence",
            },
        ),
        migrations.CreateModel(
            name="SourceRank",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("subject", models.TextField()),
                ("item", models.TextField()),
                ("dataset", models.TextField()),
                ("rank", models.SmallIntegerField()),
                ("basis", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="personalread",
            name="entity",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="personalread",
            name="items",
            field=models.TextField(db_default=""),
        ),
        migrations.AddField(
            model_name="personalread",
            name="subject",
            field=models.CharField(db_collation="C", db_default="contact", max_length=16),
        ),
        migrations.AlterField(
            model_name="personalread",
            name="case",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AlterField(
            model_name="personalread",
            name="contact",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddIndex(
            model_name="personalread",
            index=models.Index(
                condition=models.Q(("entity", 0), _negated=True),
                fields=["subject", "entity", "-id"],
                name="personal_read_entity",
            ),
        ),
        migrations.AddConstraint(
            model_name="blockcount",
            constraint=models.UniqueConstraint(fields=("place", "measure", "band"), name="block_count_once"),
        ),
        migrations.AddIndex(
            model_name="house",
            index=models.Index(fields=["place"], name="house_place"),
        ),
        migrations.AddIndex(
            model_name="house",
            index=models.Index(condition=models.Q(("code", ""), _negated=True), fields=["code"], name="house_code"),
        ),
        migrations.AddIndex(
            model_name="house",
            index=models.Index(fields=["name"], name="house_name", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="houserecord",
            index=models.Index(fields=["entity"], name="house_record_entity"),
        ),
        migrations.AddIndex(
            model_name="houserecord",
            index=models.Index(fields=["dataset", "place"], name="house_record_dataset"),
        ),
        migrations.AddConstraint(
            model_name="houserecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)), fields=("dataset", "key"), name="house_record_one_in_force"
            ),
        ),
        migrations.AddIndex(
            model_name="identitypair",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["place", "-score"], name="identity_pair_open"
            ),
        ),
        migrations.AddIndex(
            model_name="identitypair",
            index=models.Index(fields=["first"], name="identity_pair_first"),
        ),
        migrations.AddIndex(
            model_name="identitypair",
            index=models.Index(fields=["second"], name="identity_pair_second"),
        ),
        migrations.AddConstraint(
            model_name="identitypair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="identity_pair_ordered"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["place"], name="organisation_place"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("credit_code", ""), _negated=True),
                fields=["credit_code"],
                name="organisation_credit",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["name"], name="organisation_name", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="organisationrecord",
            index=models.Index(fields=["entity"], name="organisation_record_entity"),
        ),
        migrations.AddIndex(
            model_name="organisationrecord",
            index=models.Index(fields=["dataset", "place"], name="organisation_record_dataset"),
        ),
        migrations.AddConstraint(
            model_name="organisationrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)),
                fields=("dataset", "key"),
                name="organisation_record_one_in_force",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["place"], name="person_place"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("id_number", ""), _negated=True), fields=["id_number"], name="person_id_number"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="person_phone"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["name"], name="person_name", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(condition=models.Q(("house__isnull", False)), fields=["house"], name="person_house"),
        ),
        migrations.AddIndex(
            model_name="personrecord",
            index=models.Index(fields=["entity"], name="person_record_entity"),
        ),
        migrations.AddIndex(
            model_name="personrecord",
            index=models.Index(fields=["dataset", "place"], name="person_record_dataset"),
        ),
        migrations.AddConstraint(
            model_name="personrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to", None)), fields=("dataset", "key"), name="person_record_one_in_force"
            ),
        ),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(fields=["person"], name="residence_person"),
        ),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(fields=["house"], name="residence_house"),
        ),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(fields=["place"], name="residence_place"),
        ),
        migrations.AddIndex(
            model_name="sourcerank",
            index=models.Index(fields=["code", "valid_from"], name="data_source_code_3bd46e_idx"),
        ),
        migrations.AddConstraint(
            model_name="sourcerank",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)), fields=("code",), name="data_sourcerank_one_in_force"
            ),
        ),
        protect("residence", "identity_pair", "block_count"),
        migrations.RunSQL(_RIGHTS, migrations.RunSQL.noop),
    ]
