"""Who may import whom: DESIGN's one-way house, kept by reading every import."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("newsroom", "experts", "articles")
# Inside articles, what each part may import of its own room.
LAYERS = {
    "workflow": {"roles"},
    "roles": set(),
    "genres": set(),
    "body": {"models", "body"},
    "models": {"models", "workflow", "roles", "genres", "body.schema"},
    "search": {"models", "body", "search", "genres"},
    "rendering": {"rendering", "models", "body", "genres", "workflow"},
    "actions": {"actions", "models", "body", "search", "rendering", "workflow", "roles", "genres"},
    "exchange": {"exchange", "actions", "models", "body", "search", "rendering", "workflow", "roles", "genres"},
    "site": {"site", "models", "body", "search", "rendering", "genres", "workflow", "actions.discussion"},
}
# What readers' code never touches, whichever way it comes.
DESK_MODELS = {
    "Article", "Revision", "DeskNote", "QuoteRecord", "Transition", "SignOff", "CorrectionDraft", "Attribution",
    "BodyReference", "Appearance", "Byline",
}  # fmt: skip


def modules():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def imports(path):
    """Every (module, name) that a file imports, in absolute names."""
    package = path.relative_to(ROOT).with_suffix("").parts
    package = package[:-1] if package[-1] != "__init__" else package[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            for alias in node.names:
                yield module, alias.name


def test_rooms_import_one_way():
    allowed = {"newsroom": {"newsroom"}, "experts": {"newsroom", "experts"}, "articles": set(ROOMS)}
    wrong = []
    for path in modules():
        room = path.relative_to(ROOT).parts[0]
        if path.name in ("settings.py", "tests.py"):
            continue
        for module, _ in imports(path):
            other = module.split(".")[0]
            if other in ROOMS and other not in allowed[room]:
                wrong.append(f"{path.relative_to(ROOT)} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_inside_articles_each_part_imports_what_stands_below_it():
    wrong = []
    for path in modules():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] != "articles" or len(parts) < 2 or parts[1] not in LAYERS:
            continue
        for module, name in imports(path):
            if not module.startswith("articles"):
                continue
            target = ".".join(filter(None, [*module.split(".")[1:], name if module == "articles" else ""]))
            full = f"{target}.{name}".strip(".")
            if not any(target == a or target.startswith(a + ".") or full == a for a in LAYERS[parts[1]]):
                wrong.append(f"{path.relative_to(ROOT)} imports {module}.{name}")
    assert not wrong, "\n".join(wrong)


def test_readers_code_names_no_desk_model():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        if path.is_relative_to(ROOT / "articles" / "site")
        for module, name in imports(path)
        if name in DESK_MODELS and module.startswith("articles")
    ]
    assert not wrong, "\n".join(wrong)
