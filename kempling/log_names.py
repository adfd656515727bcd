"""What the event log names of the settings pages and of mutu data, as those pages call it."""

from accounts import log_words


def hang() -> None:
    """Called once, when all apps stand."""
    log_words.call("programme", settings)
    log_words.call("", lists)


def settings() -> dict[str, str]:
    """Setting -> the label of its box."""
    from interventions.models import PmtEpisode
    from kempling.kbm import KEY
    from kempling.office import TEXTS, OfficeForm
    from registry.standards import LIMITS

    boxes = {name: str(field.label) for name, field in OfficeForm.base_fields.items()}
    texts = {f"{column}-{key}": label for column, key, label, _ in TEXTS}
    helps = PmtEpisode.Indication.choices
    days = {f"settings-pmt_days_{code}": f"Lama PMT: {label}" for code, label in helps}
    return boxes | texts | days | {row.key: row.label for row in LIMITS} | {KEY: "Tabel KBM"}


def lists() -> dict[str, str]:
    """List of mutu data -> its heading."""
    from registry.posyandu.quality import LISTS

    return dict(LISTS)
