"""The index on the place knows the id, but isn't searched by it.

Spans are ranges, so the id behind the place never gave an order. It only tempted PostgreSQL 18 under row-level
security: a page's fifty ids were looked up place by place, in thousands of probes, and not by their key.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0008_pending")]
    operations = [
        migrations.RemoveIndex("case", "case_place"),
        migrations.AddIndex("case", models.Index(fields=["place"], name="case_place", include=["id"])),
    ]
