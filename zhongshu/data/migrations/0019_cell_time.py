"""The index of neighbourhood cells takes the time as an expression, so that no other index can be taken for it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0018_cell")]
    operations = [
        migrations.RemoveIndex("case", "case_cell"),
        migrations.AddIndex(
            "case",
            models.Index(
                "cell",
                models.Func("opened_at", template="(%(expressions)s AT TIME ZONE 'UTC')"),
                "lat",
                "lon",
                name="case_cell",
                condition=~models.Q(state="closed"),
            ),
        ),
    ]
