"""Who may import whom: the one-way house of docs/design.md, kept by reading every import, model name and template name.

Run as a program it prints the picture: `python tests/test_rooms.py`.
"""

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("newsroom", "experts", "articles")
# The places of each room from the ground up. A place may import those above it in this list and none below;
# places on one line do not import each other.
PLACES = {
    "newsroom": """
        services
        compat clock folding countries formats errors hooks counting
        languages pictures ai_use
        models database
        guards paper timed
        mail
        web accounts
        desk
        management templatetags apps settings urls wsgi asgi
    """,
    "experts": """
        access names sealing channels relations
        models
        guards finding
        actions
        serializer
        files
        desk site management
        checks
        apps
    """,
    "articles": """
        roles
        workflow genres notifications
        backend groups
        body.tree body.embeds
        body.tidy
        body.schema
        models
        guards body
        search rendering
        actions
        exchange site
        desk
        demo
        management
        apps
    """,
}
# What a place may not import although it stands below it.
CLOSED = {
    "articles.site": ("articles.actions", "articles.exchange", "articles.desk", "experts.actions", "experts.desk"),
}
# … but for what it says so itself.
OPEN = {
    "articles.site": (
        "articles.actions.discussion", "articles.actions.previews", "articles.actions.preview_answers",
    )
}  # fmt: skip
# Names nobody above in its templates: which room owns which folder of templates/.
OWNERS = {
    "experts": ("experts/",),
    "articles": ("site/", "blocks/", "components/", "admin/articles/"),
}
# What readers' code never touches, whichever way it comes.
DESK_MODELS = {
    "Article", "Revision", "DeskNote", "QuoteRecord", "Transition", "SignOff", "CorrectionDraft", "Attribution",
    "BodyReference", "Appearance", "Byline", "PersonalDraft", "Presence",
}  # fmt: skip


def modules():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path):
    """A file's module: `articles/body/__init__.py` is articles.body."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


KNOWN = {name_of(path) for path in modules()}


def imports(path):
    """Every (module, name) that a file imports, in absolute names; a module that is imported by name comes whole."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield (whole, "") if whole in KNOWN else (module, alias.name)


def place_of(module):
    """The place of a room that a module stands in: articles.body.schema, else articles.body; "" for the room itself."""
    parts = module.split(".")
    inner = ".".join(parts[1:])
    ordered = sorted(PLACES[parts[0]].split(), key=len, reverse=True)
    return next((place for place in ordered if inner == place or inner.startswith(f"{place}.")), "")


def height(room, place):
    """How far up a place stands in its room; the line that it is on."""
    lines = [line.split() for line in PLACES[room].strip().splitlines()]
    return next(number for number, line in enumerate(lines) if place in line)


def pictured():
    """{(place, place): how many imports} between the places of the house."""
    arrows = defaultdict(int)
    for path in modules():
        source = name_of(path)
        for module, _ in imports(path):
            if module.split(".")[0] in ROOMS:
                here, there = (".".join(filter(None, [m.split(".")[0], place_of(m)])) for m in (source, module))
                if here != there:
                    arrows[here, there] += 1
    return arrows


def test_every_module_stands_in_a_place():
    homeless = [module for module in KNOWN if "." in module and not place_of(module)]
    assert not homeless, f"no place in the plan: {', '.join(sorted(homeless))}"


def test_rooms_import_one_way():
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in modules()
        for module, _ in imports(path)
        if module.split(".")[0] in ROOMS
        and ROOMS.index(module.split(".")[0]) > ROOMS.index(path.relative_to(ROOT).parts[0])
    ]
    assert not wrong, "\n".join(wrong)


def test_inside_a_room_each_place_imports_what_stands_below_it():
    wrong = []
    for path in modules():
        source = name_of(path)
        room, here = source.split(".")[0], place_of(source)
        for module, name in imports(path):
            there = place_of(module) if module.split(".")[0] == room else ""
            if here and there and here != there and height(room, there) >= height(room, here):
                wrong.append(f"{path.relative_to(ROOT)} imports {module} {name}".rstrip())
    assert not wrong, "\n".join(wrong)


def test_readers_code_reaches_no_desk():
    wrong = []
    for path in modules():
        source = name_of(path)
        for place, closed in CLOSED.items():
            if not source.startswith(f"{place}."):
                continue
            for module, name in imports(path):
                full = f"{module}.{name}".rstrip(".")
                shut = any(full == one or full.startswith(f"{one}.") for one in closed)
                if shut and not any(full == one or full.startswith(f"{one}.") for one in OPEN.get(place, ())):
                    wrong.append(f"{path.relative_to(ROOT)} imports {full}")
                if name in DESK_MODELS and module.startswith("articles"):
                    wrong.append(f"{path.relative_to(ROOT)} imports the desk's model {name}")
    assert not wrong, "\n".join(wrong)


def above(room):
    return ROOMS[ROOMS.index(room) + 1 :]


def test_no_string_names_a_model_of_a_room_above():
    wrong = []
    for path in modules():
        room = path.relative_to(ROOT).parts[0]
        if path.name in ("settings.py", "urls.py") or not above(room):
            continue
        upper = re.compile(rf"({'|'.join(above(room))})(\.\w+)+")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and upper.fullmatch(node.value):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} names {node.value}")
    assert not wrong, "\n".join(wrong)


def test_no_template_of_a_room_above_is_named():
    named = re.compile(r"[\w/-]+\.(?:html|txt|xml)")
    wrong = []
    for room in ROOMS:
        upper = tuple(folder for other in above(room) for folder in OWNERS.get(other, ()))
        files = [path for path in modules() if path.relative_to(ROOT).parts[0] == room]
        files += [path for folder in OWNERS.get(room, ()) for path in (ROOT / "templates" / folder).rglob("*.*")]
        for path in files if upper else ():
            wrong += [
                f"{path.relative_to(ROOT)} names {name}"
                for name in named.findall(path.read_text())
                if name.startswith(upper)
            ]
    assert not wrong, "\n".join(wrong)


def test_the_modules_import_in_no_circle():
    graph = {name_of(path): {m for m, _ in imports(path) if m in KNOWN} - {name_of(path)} for path in modules()}
    done, stack = set(), []

    def walk(module):
        if module in stack:
            return [*stack[stack.index(module) :], module]
        if module in done:
            return None
        stack.append(module)
        for other in sorted(graph[module]):
            if circle := walk(other):
                return circle
        stack.pop()
        done.add(module)
        return None

    circles = [" → ".join(circle) for module in sorted(graph) if (circle := walk(module))]
    assert not circles, circles[0]


def print_the_house(files=False):
    """Each place from the ground up with what it imports; or with its files and what each says it is for."""
    arrows = pictured()
    for room in ROOMS:
        print(f"\n{room}/")
        for place in PLACES[room].split():
            here = f"{room}.{place}"
            if not files:
                targets = sorted(f"{there} ({count})" for (one, there), count in arrows.items() if one == here)
                print(f"  {place:12} → {', '.join(targets) or 'nothing of ours'}")
                continue
            for path in modules():
                if name_of(path).startswith(room) and place_of(name_of(path)) == place and path.stat().st_size:
                    print(f"  {str(path.relative_to(ROOT)):48} {purpose_of(path)}")


def purpose_of(path):
    """The first line that a file says of itself; for one without a docstring, that of its first class."""
    tree = ast.parse(path.read_text())
    said = [ast.get_docstring(node) for node in (tree, *tree.body) if isinstance(node, ast.Module | ast.ClassDef)]
    return next(filter(None, said), "").partition("\n")[0]


if __name__ == "__main__":
    print_the_house(files="--files" in sys.argv)
