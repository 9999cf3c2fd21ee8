"""The index of neighbourhood cells says "open" by the state, so that a planner without statistics doesn't shun it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0017_overlays")]
    operations = [
        migrations.RemoveIndex("case", "case_cell"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["cell", "opened_at", "lat", "lon"],
                name="case_cell",
                condition=~models.Q(state="closed"),
            ),
        ),
    ]
