"""An upload that is only hashed: no byte of it reaches memory for long, and none the disk."""

import hashlib
from contextlib import suppress
from io import BytesIO
from typing import Any, Self

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

MAX_BYTES = 20 * 1024 * 1024
FORM_BYTES = 1024 * 1024  # what stands around the file in the request


class HashOnly(FileUploadHandler):
    """Hashes the chunks as they come; ``digest`` is '' until a whole file has passed.

    Reading stops at ``MAX_BYTES``: ``too_large`` is then True.
    """

    def __init__(self) -> None:
        super().__init__()
        self.digest = ""
        self.too_large = False
        self._hash = hashlib.sha256()
        self._size = 0

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read the request's upload through this handler alone; ``digest`` is '' without a file."""
        handler = cls()
        if _announced(request) > MAX_BYTES + FORM_BYTES:  # not worth a worker's time to read
            handler.too_large = True
            return handler
        request.upload_handlers = [handler]
        with suppress(MultiPartParserError):  # a torn upload is no file
            request.FILES  # noqa: B018  reading it is what makes the chunks pass
        return handler

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._hash, self._size = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > MAX_BYTES:
            self.too_large = True
            raise StopUpload(connection_reset=False)
        self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """A name without content stands for the file, so that the form sees one was sent."""
        if file_size:
            self.digest = self._hash.hexdigest()
        return InMemoryUploadedFile(BytesIO(), self.field_name, self.file_name, "", 0, None)


def _announced(request: HttpRequest) -> int:
    """How long the request says it is; 0 when it does not say."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isascii() and length.isdigit() else 0
