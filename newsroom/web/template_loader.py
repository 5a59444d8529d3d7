"""Templates without their indentation: what makes a template readable need not travel to every reader."""

import re

from django.template.base import TextNode
from django.template.defaulttags import CommentNode, ForNode, IfNode, LoadNode, SpacelessNode, WithNode
from django.template.loader_tags import BlockNode, ExtendsNode
from django.template.loaders import base, cached, filesystem

# Elements that begin and end on a line of their own, or are not shown: browsers ignore white space around their tags.
# <picture> is one of them in our style sheets.
BLOCKS = set(
    "!doctype address article aside blockquote body br caption dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 head header hr html legend li link main meta nav ol optgroup option p picture rect"
    " script search section source style summary table tbody td tfoot th thead title tr ul".split()
)
PIECE = re.compile(r"""[ \t]*\n[ \t\n]*|<!--.*?-->|</?[!\w]+|["'>]|[^\s<"'>]+|.""", re.DOTALL)


class Squeezer:
    """Walks through a compiled template and shortens its white space where a browser shows none.

    A line break with its indentation becomes a single one; it becomes a space inside a tag, and nothing where a
    space would not be seen: beside the tag of a block, or behind other white space. White space within a line
    stays, and so does every value that the template prints. Not meant for <pre>.
    """

    def __init__(self):
        self.tag = ""  # the name of the tag that we are inside of
        self.quote = ""  # the mark that ends the attribute's value
        self.edge = True  # whether white space would show nothing here; the end of a file counts as one

    def walk(self, nodes):
        for node in nodes:
            if isinstance(node, TextNode):
                node.s = self.text(node.s)
            elif isinstance(node, IfNode):
                self.branches(branch for _, branch in node.conditions_nodelists)
            elif isinstance(node, ForNode):
                self.edge = False  # what stands before the loop is not what stands before its second turn
                self.branches([node.nodelist_loop, node.nodelist_empty])
            elif isinstance(node, (WithNode, SpacelessNode)):
                self.walk(node.nodelist)
            elif isinstance(node, (BlockNode, ExtendsNode)):
                self.edge = isinstance(node, ExtendsNode)
                self.walk(node.nodelist)
                self.edge = False  # another template may put something else here
            elif not isinstance(node, (CommentNode, LoadNode)):
                self.edge = False

    def branches(self, branches):
        before, ends = self.edge, [self.edge]
        for branch in branches:
            self.edge = before
            self.walk(branch)
            ends.append(self.edge)
        self.edge = all(ends)

    def text(self, text):
        written = []
        for piece in PIECE.findall(text):
            if piece.isspace() and "\n" in piece:
                if self.tag:
                    piece = " "
                elif self.edge:
                    continue
                else:
                    piece, self.edge = "\n", True
            elif self.quote:
                self.quote = "" if piece == self.quote else self.quote
            elif self.tag and piece in ('"', "'"):
                self.quote = piece
            elif self.tag and piece == ">":
                if written and written[-1] == " ":
                    written.pop()
                self.edge, self.tag = self.tag in BLOCKS, ""
            elif piece.startswith("<!--"):
                pass
            elif len(piece) > 1 and piece[0] == "<":
                self.tag = piece.strip("</").lower()
                if self.tag in BLOCKS and written and written[-1] == "\n":
                    written.pop()
            elif not self.tag:
                self.edge = piece.isspace()
            written.append(piece)
        return "".join(written)


class Squeezing(base.Loader):
    """Squeezes our own pages, once, when they are compiled; those that Django brings stay as they are."""

    def get_template(self, template_name, skip=None):
        template = super().get_template(template_name, skip)
        if template_name.endswith(".html") and type(template.origin.loader) is filesystem.Loader:
            Squeezer().walk(template.nodelist)
            if template.nodelist and isinstance(last := template.nodelist[-1], TextNode):
                last.s = last.s.rstrip("\n")  # so that a component can stand within a line
        return template


class Loader(cached.Loader, Squeezing):
    """Django's cached loader: what it has not kept yet it asks of the class behind it, which squeezes."""
