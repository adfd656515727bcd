"""A trigger that refuses to change or delete a final report, whoever asks (design.md §4)."""

from django.db import migrations

SQLITE = (
    """
    CREATE TRIGGER final_report_no_update BEFORE UPDATE ON reports_monthlyreport
    WHEN OLD.status = 'final'
    BEGIN SELECT RAISE(ABORT, 'a final report is frozen'); END
    """,
    """
    CREATE TRIGGER final_report_no_delete BEFORE DELETE ON reports_monthlyreport
    WHEN OLD.status = 'final'
    BEGIN SELECT RAISE(ABORT, 'a final report is frozen'); END
    """,
)
POSTGRES = (
    """
    CREATE FUNCTION final_report_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a final report is frozen'; END $$
    """,
    """
    CREATE TRIGGER final_report_frozen BEFORE UPDATE OR DELETE ON reports_monthlyreport
    FOR EACH ROW WHEN (OLD.status = 'final') EXECUTE FUNCTION final_report_refuse()
    """,
)
UNDO = {
    "sqlite": ("DROP TRIGGER final_report_no_update", "DROP TRIGGER final_report_no_delete"),
    "postgresql": (
        "DROP TRIGGER final_report_frozen ON reports_monthlyreport",
        "DROP FUNCTION final_report_refuse()",
    ),
}


def guard(apps, schema_editor):
    kinds = {"sqlite": SQLITE, "postgresql": POSTGRES}
    for statement in kinds[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def lift(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(guard, lift)]
