"""受理登记 what intake keeps beside the ledger: keys, contacts, photos, readings. Not projections; never rebuilt."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from zhongshu.data.models.road import code_field


class IntakeKey(models.Model):
    """幂等键: (source, key) was taken in once, as this report. A second arrival answers with the same report."""

    pk = models.CompositePrimaryKey("source", "key")
    source = code_field(64)
    key = code_field(200)
    report = models.BigIntegerField()

    class Meta:
        db_table = "intake_key"


class Contact(models.Model):
    """联系人: who reported. Personal data: outside the ledger, readable only by a logged read, deletable."""

    id = models.BigIntegerField(primary_key=True)
    name = models.TextField(default="")
    phone = models.TextField(default="")
    caller = models.CharField(max_length=32, db_default="", db_collation="C")
    """Keyed hash of the telephone, so that who calls again is known without being read; "" without a telephone."""
    report = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "contact"
        indexes = [models.Index(fields=["caller", "-id"], name="contact_caller", condition=~models.Q(caller=""))]


class PersonalRead(models.Model):
    """查阅日志: each read of personal data, by row: of a reporter of a case, or of an entity of a register.

    `subject` is contact, person, house, organisation, or row (of a shared data set); `entity` the row of that register,
    and `items` what was read.
    """

    id = models.BigAutoField(primary_key=True)
    contact = models.BigIntegerField(db_default=0)
    case = models.BigIntegerField(db_default=0)
    subject = models.CharField(max_length=16, db_default="contact", db_collation="C")
    entity = models.BigIntegerField(db_default=0)
    items = models.TextField(db_default="")
    post = code_field(64)
    user = models.BigIntegerField()
    purpose = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    dataset = models.CharField(max_length=64, db_default="", db_collation="C")
    whose = models.CharField(max_length=64, db_default="", db_collation="C")
    """Whose row of a shared data set it was: a keyed hash, as of `zone_row`."""
    use = models.BigIntegerField(db_default=0)
    """The use of shared data (`share_use`) that this read belongs to; 0 when it was a reporter's name."""

    class Meta:
        db_table = "personal_read"
        indexes = [
            models.Index(
                fields=["subject", "entity", "-id"], name="personal_read_entity", condition=~models.Q(entity=0)
            ),
            models.Index(fields=["use"], name="personal_read_use", condition=~models.Q(use=0)),
            models.Index(fields=["whose", "-id"], name="personal_read_whose", condition=~models.Q(whose="")),
        ]


class Attachment(models.Model):
    """附件: a photo or file of a report or of a unit's feedback, kept with the data so that a dump holds it."""

    id = models.BigIntegerField(primary_key=True)
    case = models.BigIntegerField(null=True)
    report = models.BigIntegerField(null=True)
    place = code_field()
    name = models.TextField()
    mime = code_field(64)
    sha256 = code_field(64)
    content = models.BinaryField()
    shown = models.BooleanField(db_default=False)
    """Whether its reporter lets people near by see it when they compare; taken back here, whatever the report said."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "attachment"
        indexes = [
            models.Index(fields=["case"], name="attachment_case"),
            models.Index(fields=["report"], name="attachment_report"),
        ]


class Weather(models.Model):
    """天气预警 that a weather service or a person has put in force for a division, until it ends or is called off."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    place = code_field()
    source = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "weather"


class Observation(models.Model):
    """观测: one reading of one sensor; (sensor, at) is its natural key. Older ones are in the lake."""

    pk = models.CompositePrimaryKey("sensor", "at")
    sensor = code_field(64)
    at = models.DateTimeField()
    place = code_field()
    grid = models.CharField(max_length=32, db_default="", db_collation="C")
    value = models.FloatField()

    class Meta:
        db_table = "observation"
        indexes = [BrinIndex(fields=["at"], name="observation_at")]
