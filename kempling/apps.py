"""Where rooms that may not know each other are glued."""

from django.apps import AppConfig


class KemplingConfig(AppConfig):
    name = "kempling"

    def ready(self) -> None:
        from kempling import cards, log_names

        cards.hang()
        log_names.hang()
