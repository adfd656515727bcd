"""Mothers and children of a programme are read along their names."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0010_imports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="child",
            index=models.Index(fields=["programme", "name_key", "merged_into"], name="child_by_name"),
        ),
        migrations.AddIndex(
            model_name="mother",
            index=models.Index(fields=["programme", "name_key", "id"], name="mother_by_name"),
        ),
    ]
