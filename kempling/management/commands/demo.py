"""``manage.py demo``: load the synthetic demo once, and print who can sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kempling import demo


class Command(BaseCommand):
    help = "Load the demo (synthetic people only) and print its accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("The demo is switched off here (KEMPLING_DEMO=0 or production).")
        found = demo.load()
        self.stdout.write("Akun contoh (data buatan, bukan orang sungguhan):")
        for account in found["accounts"]:
            self.stdout.write(f"  {account['username']:<22} {account['password']}")
        for form in found["forms"]:
            self.stdout.write(f"Formulir kader {form['programme']}: {form['url']}")
