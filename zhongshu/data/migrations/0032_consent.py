"""同意显示照片: whether a reporter lets people near by see his photos; of those kept so far nobody was asked."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0030_sharing")]
    operations = [migrations.AddField("attachment", "shown", models.BooleanField(db_default=False))]
