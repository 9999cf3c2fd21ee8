"""信息项与数据元的英文: names of the items of data sets and what elements mean, in English."""

from __future__ import annotations

from django.db import migrations, models

_COLUMNS = (("datasetitem", "name_en"), ("element", "definition_en"))


class Migration(migrations.Migration):
    dependencies = [("data", "0040_list_indexes")]
    operations = [
        migrations.AddField(model, column, models.TextField(blank=True, db_default="", default=""))
        for model, column in _COLUMNS
    ]
