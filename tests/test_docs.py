"""What the documentation says is so: paths, links, settings and the newsroom's tables."""

import ast
import fnmatch
import io
import re
import tokenize
from functools import cache
from pathlib import Path

from articles import genres, roles, workflow
from articles.models import Kind

from . import services

ROOT = Path(__file__).resolve().parent.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
NOT_OURS = {".git", ".hypothesis", "__pycache__", "media", "staticfiles", "node_modules"}


@cache
def repository():
    """Every file and folder of the repository, as paths from its root."""
    found = set()
    folders = [ROOT]
    while folders:
        for path in folders.pop().iterdir():
            if path.name in NOT_OURS or path.name.startswith(".venv"):
                continue
            found.add(str(path.relative_to(ROOT)))
            if path.is_dir():
                folders.append(path)
    return found


# --- paths -----------------------------------------------------------------------------------------

PATHS = re.compile(
    r"""(?<![\w./:<>{}-])(?:
        (?:articles|experts|newsroom|tests|docs|templates|static|\.ci)/[\w./*-]*[\w*]  # from the root
        | (?:[\w-]+/)*[\w-]+\.(?:py|html|css|js|md|csv)\b                                # or the end of a path
    )""",
    re.VERBOSE,
)
# Named, and rightly not there: Django's templates, files of others or of a reader of the docs.
ELSEWHERE = re.compile(
    r"^(admin/(css|includes|edit_inline)/|xss/|map\.csv$|march-2026\.csv$|vectors\.js$|settings\.py$)"
    r"|^experts/(vcards|congress)"
    # Until the branches that bring them, or lay the templates out anew, are merged.
    r"|^articles/rendering\.py$|^experts/channels\.py$|^actions/checklist/genre\.py$"
)

QUOTED_NAME = re.compile(r"`([a-z_]+)\.([a-z_]+)`(?!\S*\()")


def exists(path):
    """Whether a path as somebody writes it leads to a file or folder: from the root, or as the end of its path."""
    known = repository()
    if path in known or ELSEWHERE.search(path):
        return True
    if "*" in path:
        return bool(fnmatch.filter(known, path))
    return any(other.endswith(f"/{path}") for other in known)


def python_words(path):
    """[(line, text)] of the comments and docstrings of a Python file."""
    source = path.read_text()
    words = [
        (token.start[0], token.string)
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
            words.append((node.body[0].lineno, text))
    return words


WITHOUT_ENDING = ("Makefile", "Dockerfile", "run", "django-6")
COMMENTS = {
    ".html": r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->",
    ".css": r"/\*.*?\*/",
    ".js": r"/\*.*?\*/|(?<!:)//[^\n]*",
    "": r"(?:^|(?<=\s))#[^\n]*",
    ".toml": r"(?:^|(?<=\s))#[^\n]*",
    ".yaml": r"(?:^|(?<=\s))#[^\n]*",
    ".example": r"#[^\n]*",
}


@cache
def words_of(path):
    """[(line, text)] of what a file says to people: its comments, or all of a page of the docs."""
    if path.suffix == ".py":
        return python_words(path)
    if path.suffix == ".md":
        return list(enumerate(path.read_text().splitlines(), 1))
    if path.suffix not in COMMENTS or (not path.suffix and path.name not in WITHOUT_ENDING):
        return []
    text = path.read_text()
    return [
        (text.count("\n", 0, match.start()) + 1, match[0])
        for match in re.finditer(COMMENTS[path.suffix], text, re.DOTALL | re.MULTILINE)
    ]


def test_every_path_named_in_docs_and_comments_exists():
    wrong = [
        f"{name}:{line} names {path}"
        for name in sorted(repository())
        if (ROOT / name).is_file() and not name.startswith(("docs/pictures/", "static/fonts/"))
        for line, text in words_of(ROOT / name)
        for path in PATHS.findall(text)
        if not exists(path)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_name_in_a_module_that_comments_quote_exists():
    """Where a comment quotes an attribute of a module, a module of that name has it, or the file itself uses it."""
    sources = {}
    for name in repository():
        if name.endswith(".py"):
            module = Path(name).parent.name if name.endswith("__init__.py") else Path(name).stem
            sources[module] = sources.get(module, "") + (ROOT / name).read_text()
    for room in ("articles", "experts", "newsroom"):
        sources[room] = " ".join(repository())
    wrong = []
    for name in sorted(repository()):
        if not name.endswith(".py"):
            continue
        said = [(line, quoted) for line, text in words_of(ROOT / name) for quoted in QUOTED_NAME.findall(text)]
        for line, (module, attribute) in said:
            code = (ROOT / name).read_text().replace(f"`{module}.{attribute}`", "")
            if attribute == "py" or f"{module}.{attribute}" in code:
                continue
            if not re.search(rf"\b{attribute}\b", sources.get(module, "")):
                wrong.append(f"{name}:{line} quotes `{module}.{attribute}`")
    assert not wrong, "\n".join(wrong)


def test_every_relative_link_of_the_docs_works():
    wrong = []
    for page in DOCS:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
            file, _, anchor = target.partition("#")
            if re.match(r"\w+:", target):
                continue
            if not (page.parent / file).exists() or (anchor and f"#{anchor}" not in headings(page.parent / file)):
                wrong.append(f"{page.relative_to(ROOT)} links to {target}")
    assert not wrong, "\n".join(wrong)


def headings(page):
    """The anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {"#" + re.sub(r"[^\w\s-]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_section_of_design_and_workflow_that_code_cites_exists():
    design, tables = (ROOT / "docs/design.md").read_text(), (ROOT / "docs/workflow.md").read_text()
    wrong = []
    for name in sorted(repository()):
        for line, text in words_of(ROOT / name) if name.endswith((".py", ".html")) else ():
            wrong += [f"{name}:{line} §{n}" for n in re.findall(r"DESIGN §(\d+)", text) if f"\n## {n}. " not in design]
            wrong += [f"{name}:{line} {x}" for x in re.findall(r"WORKFLOW (\(.\))", text) if f"\n## {x} " not in tables]
    assert not wrong, "\n".join(wrong)


def test_the_glossary_explains_every_word_that_is_ours():
    explained = {word for row in table("docs/glossary.md", "word") for word in re.split(r"[ ,◆]+", row["word"])}
    ours = "pulse beat hole edition tier bar rendering tombstone catchline instant roster skeleton"
    assert not set(ours.split()) - explained


# --- settings ----------------------------------------------------------------------------------------

# What stands in settings.py as a computed default, and how docs/settings.md says it.
COMPUTED = {
    "[]": "`SECRET_KEY`",
    "SITE_URL.startswith('https:')": "on if `SITE_URL` begins with https",
    "f\"sqlite:///{BASE_DIR / 'db.sqlite3'}\"": "`sqlite:///db.sqlite3` beside `manage.py`",
    "str(BASE_DIR / 'staticfiles')": "`staticfiles/` beside `manage.py`",
    "str(BASE_DIR / 'media')": "`media/` beside `manage.py`",
    "'consolemail://' if DEBUG else 'dummymail://'": "`dummymail://` (`consolemail://` with `DEBUG`)",
}


def table(page, first):
    """The rows of a page's table whose first column has that name, as {column: cell}."""
    lines = (ROOT / page).read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    names, rows = _cells(lines[start]), []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(names, _cells(line), strict=True)))
    return rows


def _cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def settings_read():
    """{name: default as docs/settings.md words it} of every variable that newsroom/settings.py reads."""
    read = {}
    for node in ast.walk(ast.parse((ROOT / "newsroom/settings.py").read_text())):
        if not isinstance(node, ast.Call) or not re.fullmatch(r"env(\.\w+)?", ast.unparse(node.func)):
            continue
        if not (node.args and isinstance(node.args[0], ast.Constant)):
            continue
        default = next((word.value for word in node.keywords if word.arg == "default"), None)
        if node.args[0].value == "SECRET_KEY":
            default = None  # the one default it has is for development
        if node.args[0].value not in read or default is not None:
            read[node.args[0].value] = _in_words(default)
    return read


def _in_words(default):
    if default is None:
        return "none"
    if (source := ast.unparse(default)) in COMPUTED:
        return COMPUTED[source]
    value = ast.literal_eval(default)
    if isinstance(value, bool):
        value = "on" if value else "off"
    return f"`{','.join(value) if isinstance(value, list) else value}`" if value != "" else "none"


def test_docs_list_every_setting_with_its_default_and_no_other():
    listed = {row["variable"].strip("`"): row["default"] for row in table("docs/settings.md", "variable")}
    assert listed == settings_read()


def test_readme_compose_and_env_example_name_no_setting_that_is_not_read():
    named = {row["variable"].strip("`") for row in table("README.md", "variable")}
    compose = (ROOT / "compose.yaml").read_text().partition("volumes:")[0]
    named |= set(re.findall(r"^    ([A-Z_]+):", compose, re.MULTILINE))
    named |= set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    named |= set(re.findall(r"^([A-Z_]+)=", (ROOT / "docs/deploy.md").read_text(), re.MULTILINE))
    assert not named - set(settings_read())


def test_docs_list_every_variable_of_the_tests_and_no_other():
    listed = re.findall(r"^\| `(\w+)`", (ROOT / "docs/settings.md").read_text().partition("## For tests")[2], re.M)
    sources = "".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    read = set(re.findall(r"environ(?:\.get)?[\[(]\"([A-Z_]+)", sources)) | {row[0] for row in services.USUAL.values()}
    assert set(listed) == read - set(settings_read())


def test_every_dependency_has_its_sentence():
    said = "".join(re.findall(r"\*\*.+?\*\*", (ROOT / "docs/dependencies.md").read_text())).lower()
    for file in ROOT.glob("requirements*.txt"):
        for name in re.findall(r"^[a-z][\w-]*", file.read_text(), re.MULTILINE | re.IGNORECASE):
            assert name.lower() in said, f"{file.name}: {name}"


# --- the newsroom's tables ------------------------------------------------------------------------------

LETTER = {role: letter for letter, role in roles.LETTERS.items()}
SITUATION = {"live_waiting": "live + waiting"}


def state_words(states):
    if states == workflow.EVERY_STATE:
        return "any"
    if states == workflow.UNSPIKED:
        return "any but spiked"
    return ", ".join(state.label.lower() for state in workflow.State if state in states)


def who_words(grants):
    """A table's grants as the page writes them: "R own (draft, pitch), E sec, M"."""
    return ", ".join(
        " ".join(
            filter(
                None,
                [
                    LETTER[role],
                    "" if grant.scope == roles.Scope.ANY else str(grant.scope),
                    grant.states and f"({', '.join(sorted(state.label.lower() for state in grant.states))})",
                ],
            )
        )
        for role, grant in grants.items()
    )


def test_the_page_has_every_move_as_the_table_has_it():
    page = {row.pop("move").strip("`"): row for row in table("docs/workflow.md", "move")}
    for row in page.values():
        del row["what it does"]
    assert page == {
        name: {
            "label": move.label,
            "from state": state_words(move.starts),
            "situation": "any"
            if move.situations == workflow.EVERY_SITUATION
            else ", ".join(SITUATION.get(s, str(s)) for s in workflow.Situation if s in move.situations),
            "to state": move.ends.label.lower() if move.ends else "–",
            "who": who_words(move.who),
            "note": move.note or "–",
        }
        for name, move in workflow.MOVES.items()
    }


def test_the_page_has_every_reason_to_withdraw_a_story():
    page = [list(row.values()) for row in table("docs/workflow.md", "reason")]
    table_of_code = []
    for name, reason in workflow.WITHDRAWAL_REASONS.items():
        label, status, duty = reason if isinstance(reason, tuple) else (reason.label, reason.status, reason.duty_may)
        table_of_code.append([f"`{name}`", label, str(status), "D, M" if duty else "M"])
    assert page == table_of_code


def test_the_page_has_every_kind_of_edition():
    assert [row["kind"] for row in table("docs/workflow.md", "kind")] == [f"`{kind}`" for kind in Kind.values]


def test_the_page_has_every_capability_as_the_table_has_it():
    marks = {roles.Scope.ANY: "●", roles.Scope.OWN: "own", roles.Scope.SECTION: "sec"}
    page = {row.pop("may"): row for row in table("docs/workflow.md", "may")}
    assert page == {
        name: {letter: marks[grants[role].scope] if role in grants else "–" for letter, role in roles.LETTERS.items()}
        for name, grants in roles.CAPABILITIES.items()
    }


def test_the_page_has_every_genre_and_origin_as_the_table_has_it():
    ends = {True: "", False: " (warning)", None: " (optional)"}
    page = [list(row.values()) for row in table("docs/workflow.md", "genre")]
    assert page == [
        [
            f"`{name}`",
            genre.label or "none",
            genre.schema_type,
            genre.byline,
            ", ".join(fact.label.lower() + ends[fact.required] for fact in genre.facts) or "–",
            ", ".join(genre.checks) or "–",
        ]
        for name, genre in genres.GENRES.items()
    ]
    origins = [row["origin"] for row in table("docs/workflow.md", "origin")]
    assert origins == [f"`{name}`" for name, _ in genres.ORIGIN_CHOICES]
