"""Open cases by who took them: a roster of many people counts each one's without walking all that is open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("data", "0043_spending_and_classes")]
    operations = [
        migrations.AddIndex(
            "Case",
            models.Index(
                fields=["claimed", "-id"],
                name="case_claimed",
                include=["place"],
                condition=models.Q(closed_at=None, claimed__gt=0),
            ),
        )
    ]
