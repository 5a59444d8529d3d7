"""Writes a map of an export's categories to fill in: each with the section that it would become without a map."""

import csv
from collections import Counter

from .unreadable import Unreadable
from .wxr import Export

HEAD = "category, section, slug"
EXPLAINED = (
    "# One category a line: its slug in WordPress, the section that it becomes, that section's slug if wanted.",
    "# The order counts: a story in several of these goes to the first. Put the most particular first.",
    "# Take a line out, or begin it with #, and its category becomes a topic.",
)


def write_template(export_path, path):
    """Write the map of an export's categories to a new file; returns how many there are. Raises Unreadable."""
    export, used, names = Export(export_path), Counter(), {}
    for item in export.items():
        for term in {(term.slug, term.name) for term in item.terms if term.domain == "category"}:
            used[term[0]] += item.type not in ("attachment", "page")
            names.setdefault(*term)
    header = export.header
    names |= {slug: category.name for slug, category in header.categories.items()}
    # Deeper ones first, since the first that fits a story gives its section; of equals the one with more stories.
    slugs = sorted(names, key=lambda slug: (-min(header.level(slug), 3), -used[slug], slug))
    try:
        with open(path, "x", encoding="utf-8", newline="") as file:
            file.write("\n".join((*EXPLAINED, HEAD, "")))
            writer = csv.writer(file, lineterminator="\n")
            for slug in slugs:
                line = " > ".join(names.get(one, one) for one in header.line_of(slug))
                file.write(f"# {' '.join(line.split())}: {used[slug]} items\n")
                # A category of the third level and below becomes a topic, unless somebody takes the mark away.
                row = [slug, names[slug]]
                if header.level(slug) > 2 or slug == "uncategorized":
                    file.write("# ")
                writer.writerow(row)
    except FileExistsError as problem:
        raise Unreadable(f"{path} is there already. Choose another name for the map.") from problem
    except OSError as problem:
        raise Unreadable(f"{path} cannot be written: {problem.strerror}.") from problem
    return len(slugs)
