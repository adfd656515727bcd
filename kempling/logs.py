"""What a log may say: never the secret part of an address, never a NIK (security.md §1.13)."""

import logging
import re

# What follows these words in an address opens something to whoever reads it.
SECRET = re.compile(r"/(l|perbaikan|undangan|status)/[^/\s'\"?]+")
NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)", re.ASCII)


class Veiled(logging.Formatter):
    """A formatter that veils tokens, receipts and NIK, also in a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return NUMBER.sub("[nomor]", SECRET.sub(r"/\1/[rahasia]", super().format(record)))
