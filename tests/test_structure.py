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
# The registry's rooms: one person below, many people above, pages on top.
ABOVE = {
    "children": {"alerts", "posyandu", "merging", "exports", "views", "urls"},
    "mothers": {"alerts", "posyandu", "merging", "exports", "views", "urls"},
    "families": {"alerts", "posyandu", "merging", "exports", "forms", "views", "urls"},
    "alerts": {"posyandu", "merging", "exports", "views", "urls"},
    "posyandu": {"alerts", "merging", "exports", "views", "urls"},
    "merging": {"alerts", "posyandu", "views", "urls"},
    "exports": {"views", "urls"},
    "imports": {"merging", "exports", "views", "urls"},
    "reconcile": {"views", "urls"},
    "forms": {"children", "alerts", "posyandu", "exports", "views", "urls"},
    "models": {
        "children",
        "alerts",
        "posyandu",
        "merging",
        "exports",
        "views",
        "urls",
        "forms",
    },  # fmt: skip
    "views": {"urls"},
}
# Rules with numbers, to be tested without a database.
PURE = ("mothers.pregnancy", "mothers.antenatal", "mothers.weight_chart", "families.ladders",
        "families.risk")  # fmt: skip
STATUS_WRITERS = {"workflow.py", "transitions.py"}


def _files(app: str) -> list[Path]:
    return [p for p in sorted((ROOT / app).rglob("*.py")) if "migrations" not in p.parts]


def _modules(path: Path) -> set[str]:
    """Everything a module imports, at its head or inside a function, with full names."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the import out in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _imports(path: Path) -> set[str]:
    """The first names alone: apps and libraries."""
    return {name.split(".")[0] for name in _modules(path)}


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


def test_only_the_bulk_path_waits_for_numpy() -> None:
    for app in APPS:
        for path in _files(app):
            assert ("numpy" in _imports(path)) == (path.name == "bulk.py"), path
    scorers = [p.name for p in _files("growth") if "growth.bulk.score_columns" in _modules(p)]
    assert scorers == ["csvtool.py"]


@pytest.mark.parametrize("room", ABOVE)
def test_rooms_of_the_registry_point_down(room: str) -> None:
    files = _files(f"registry/{room}")
    assert files
    for path in files:
        looks_into = {n.split(".")[1] for n in _modules(path) if n.startswith("registry.")}
        assert not looks_into & ABOVE[room], f"{path.relative_to(ROOT)}: {looks_into & ABOVE[room]}"


@pytest.mark.parametrize("name", PURE)
def test_rules_with_numbers_know_no_database(name: str) -> None:
    for module in _modules(ROOT / "registry" / f"{name.replace('.', '/')}.py"):
        allowed = module.startswith(tuple(f"registry.{pure}." for pure in PURE))
        assert allowed or module.split(".")[0] not in {"django", *APPS} - {"growth"}, module


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


def test_browser_tests_wait_for_what_they_say() -> None:
    """Playwright's own wait_for_function takes a promise for "yes": tests/browsing.py has until."""
    for path in sorted(Path(__file__).parent.glob("test_browser_*.py")):
        assert "wait_for_function" not in path.read_text(), path.name
