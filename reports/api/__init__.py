"""The read API: another system reads with a key of its own, and changes nothing (docs/api.md).

``endpoints`` is the one table of addresses, questions and fields: it drives the answers
(``gate``), the URLs and the OpenAPI file (``openapi``), so that none of them can drift apart.
"""
