"""The picture of the house (docs/alur.md): imports only point down, and growth knows no Django."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Which rooms each app may look into: every app it reaches by following the arrows.
BELOW = {
    "regions": set(),
    "growth": set(),
    "accounts": {"regions"},
    "registry": {"growth", "accounts", "regions"},
    "sop": {"accounts", "regions"},
    "interventions": {"registry", "sop", "growth", "accounts", "regions"},
    "reports": {"interventions", "registry", "sop", "growth", "accounts", "regions"},
}
APPS = {*BELOW, "kempling"}
STATUS_WRITERS = {"workflow.py", "transitions.py"}


def _files(app: str) -> list[Path]:
    return [p for p in sorted((ROOT / app).rglob("*.py")) if "migrations" not in p.parts]


def _imports(path: Path) -> set[str]:
    """First names of everything a module imports, at its head or inside a function."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the import out in full"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("app", BELOW)
def test_imports_point_down(app: str) -> None:
    for path in _files(app):
        climbs = (_imports(path) & APPS) - BELOW[app] - {app}
        assert not climbs, f"{path.relative_to(ROOT)} imports {climbs}"


def test_nobody_imports_kempling_nor_tests() -> None:
    for app in BELOW:
        for path in _files(app):
            assert not _imports(path) & {"kempling", "tests"}, path


def test_growth_knows_no_django() -> None:
    assert _files("growth")
    for path in _files("growth"):
        assert "django" not in _imports(path), path


def test_there_are_seven_apps_and_no_other() -> None:
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")}
    assert packages - {"tests"} == APPS


def _is_a_rows_status(target: ast.expr, path: Path) -> bool:
    """``x.status``; a page's own filter may call its value ``self.status``, a model may not."""
    if not isinstance(target, ast.Attribute) or target.attr != "status":
        return False
    itself = isinstance(target.value, ast.Name) and target.value.id == "self"
    return not itself or "models" in str(path)


def _writes_status(path: Path) -> list[int]:
    """Lines that assign ``x.status`` or hand ``status=`` to update()."""
    lines = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            lines += [t.lineno for t in targets if _is_a_rows_status(t, path)]
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update":
            lines += [k.value.lineno for k in node.keywords if k.arg == "status"]
    return lines


@pytest.mark.parametrize("app", BELOW)
def test_only_workflow_writes_a_status(app: str) -> None:
    for path in _files(app):
        if path.name not in STATUS_WRITERS:
            assert not _writes_status(path), f"{path.relative_to(ROOT)}: {_writes_status(path)}"
