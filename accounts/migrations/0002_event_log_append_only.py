"""Triggers that refuse to change or delete an event, whoever asks (design.md §4).

Only the retention job lifts the trigger for sealed batches past their age.
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER event_no_update BEFORE UPDATE ON accounts_event
BEGIN SELECT RAISE(ABORT, 'the event log is only added to'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON accounts_event
BEGIN SELECT RAISE(ABORT, 'the event log is only added to'); END;
"""
POSTGRES = """
CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the event log is only added to'; END $$;
CREATE TRIGGER event_only_added BEFORE UPDATE OR DELETE ON accounts_event
FOR EACH ROW EXECUTE FUNCTION event_refuse();
"""
UNDO = {
    "sqlite": "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete;",
    "postgresql": "DROP TRIGGER event_only_added ON accounts_event; DROP FUNCTION event_refuse();",
}


def _run(schema_editor, statements):
    if schema_editor.connection.vendor == "sqlite":
        for statement in statements.replace("END;\n", "END;\x00").split("\x00"):
            if statement.strip():
                schema_editor.execute(statement)
    else:
        schema_editor.execute(statements)


def guard(apps, schema_editor):
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor])


def lift(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor].split("; "):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(guard, lift)]
