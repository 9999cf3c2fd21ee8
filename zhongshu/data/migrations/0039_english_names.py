"""体征的英文: units and sources of the signs, and the grounds of their limits, in English."""

from __future__ import annotations

from django.db import migrations, models

_COLUMNS = (
    ("indicator", "unit_en"),
    ("indicator", "source_en"),
    ("signlimit", "basis_text_en"),
    ("signlimit", "author_en"),
)


class Migration(migrations.Migration):
    dependencies = [("data", "0038_form_tables")]
    operations = [
        migrations.AddField(model, column, models.TextField(blank=True, db_default="", default=""))
        for model, column in _COLUMNS
    ]
