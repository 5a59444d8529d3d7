"""Templates are written with indentation and sent without it."""

from unittest import mock

from django.conf import settings
from django.template import Context, engines
from django.test import SimpleTestCase

from newsroom.web.template_loader import Squeezer


def rendered(source, **values):
    template = engines["django"].engine.from_string(source)
    Squeezer().walk(template.nodelist)
    return template.render(Context(values))


class SqueezerTests(SimpleTestCase):
    def test_white_space_around_blocks_goes(self):
        self.assertEqual(
            rendered("<ul>\n  <li>\n    One\n  </li>\n  <li>Two</li>\n</ul>"), "<ul><li>One</li><li>Two</li></ul>"
        )

    def test_white_space_between_words_and_inline_tags_stays(self):
        self.assertEqual(
            rendered("<p>By\n  <b>Rana</b>\n  <i>and</i> <i>Ben</i></p>"),
            "<p>By\n<b>Rana</b>\n<i>and</i> <i>Ben</i></p>",
        )

    def test_a_tag_over_several_lines_becomes_one(self):
        self.assertEqual(rendered('<a class="x"\n   href="/"\n   >x</a>'), '<a class="x" href="/">x</a>')

    def test_a_tag_with_conditions_is_known_at_its_end(self):
        source = '<div{% if wide %} class="wide"{% endif %}>\n  <b>x</b>\n</div>'
        self.assertEqual(rendered(source, wide=True), '<div class="wide"><b>x</b></div>')
        self.assertEqual(rendered(source), "<div><b>x</b></div>")

    def test_a_mark_in_an_attribute_ends_no_tag(self):
        self.assertEqual(rendered('<b title="a > b">\n x</b>'), '<b title="a > b">\nx</b>')

    def test_a_quotation_mark_in_text_opens_no_attribute(self):
        self.assertEqual(rendered("<p>It's\n late</p>\n<p>x</p>"), "<p>It's\nlate</p><p>x</p>")

    def test_values_are_not_touched(self):
        self.assertEqual(rendered("<p>\n{{ words }}\n</p>", words="  a \n b\n"), "<p>  a \n b\n</p>")

    def test_words_after_a_value_keep_their_space(self):
        self.assertEqual(rendered("<p>{{ a }}\n{{ b }}\n<b>c</b></p>", a="a", b="b"), "<p>a\nb\n<b>c</b></p>")

    def test_every_turn_of_a_loop_keeps_its_space(self):
        source = "<p>\n{% for word in words %}\n  <b>{{ word }}</b>\n{% endfor %}\n</p>"
        self.assertEqual(" ".join(rendered(source, words="ab").split()), "<p> <b>a</b> <b>b</b> </p>")

    def test_a_condition_that_fails_leaves_the_space_before_it(self):
        source = "<p>one\n{% if more %}\n  and\n{% endif %}\n two</p>"
        self.assertEqual(rendered(source), "<p>one\ntwo</p>")
        self.assertEqual(rendered(source, more=True).split(), ["<p>one", "and", "two</p>"])

    def test_a_comment_with_an_apostrophe_does_not_disturb(self):
        self.assertEqual(rendered("<!-- it's -->\n<p>\n x</p>"), "<!-- it's --><p>x</p>")


class LoaderTests(SimpleTestCase):
    def test_our_pages_are_squeezed_and_their_ends_cut(self):
        kicker = engines["django"].get_template("components/kicker.html").render({"label": "News", "colour": "news"})
        self.assertEqual(kicker, '<p class="kicker news"><bdi>News</bdi></p>')

    def test_the_pages_that_django_brings_are_left_as_they_are(self):
        engine = engines["django"].engine
        (loader,) = engine.template_loaders
        self.addCleanup(loader.reset)
        for name, squeezes in (("base.html", True), ("admin/base.html", False)):
            loader.reset()
            with mock.patch("newsroom.web.template_loader.Squeezer") as squeezer:
                engine.get_template(name)
            self.assertEqual(squeezer.called, squeezes, name)

    def test_no_template_holds_preformatted_text(self):
        """The squeezer would take its lines apart."""
        for path in (settings.BASE_DIR / "templates").rglob("*.html"):
            self.assertNotIn("<pre", path.read_text(), path)
