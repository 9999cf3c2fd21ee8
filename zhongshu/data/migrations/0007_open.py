"""Open cases by place: nine in ten are closed, and most lists of a street or a community ask for the others.

The pending list of the search tokens is read whole by every search, so it is kept short.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0006_near")]
    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["place", "-id"],
                name="case_open",
                include=["state", "host"],
                condition=~models.Q(state="closed"),
            ),
        ),
        migrations.RemoveIndex("case", "case_late"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["-id"],
                name="case_late",
                include=["place"],
                condition=models.Q(overdue=True) & ~models.Q(state="closed"),
            ),
        ),
        migrations.RunSQL("ALTER INDEX case_grams SET (gin_pending_list_limit = 256);", migrations.RunSQL.noop),
    ]
