"""What a story may embed: addresses recognised, look-alikes refused, the desk's list and what it does to pages."""

from unittest import mock

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from articles.actions import images
from articles.body import diff, embeds, plain, schema
from articles.body.embeds import BadRule, Kind, Rule
from articles.body.references import references_of
from articles.exchange.convert import convert_text
from articles.models import EmbedHost
from articles.models.embed import seed_embed_hosts
from newsroom.models import Pulse
from newsroom.web import pages

from ..base import DeskTestCase
from ..pictures import jpeg
from ..site.base import MINUTE, NOON, SiteTestCase

VIDEO = "https://youtu.be/dQw4w9WgXcQ"
FIRST = embeds.seeded_rules()
# A page elsewhere, and the frame that readers get for it.
FRAMES = {
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "http://m.youtube.com/watch?v=dQw4w9WgXcQ&x=1": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://youtube.com/shorts/dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://youtu.be/dQw4w9WgXcQ?t=42s&si=abc": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=42",
    "https://vimeo.com/123456": "https://player.vimeo.com/video/123456?dnt=1",
    "https://player.vimeo.com/video/123456?h=0a1b": "https://player.vimeo.com/video/123456?dnt=1&h=0a1b",
    "https://datawrapper.dwcdn.net/aB3dE/4/": "https://datawrapper.dwcdn.net/aB3dE/",
    "https://public.flourish.studio/story/12/": "https://flo.uri.sh/story/12/embed",
    "https://infogram.com/ports-1h7g": "https://e.infogram.com/ports-1h7g?src=embed",
    "https://soundcloud.com/a-band/sets/two": "https://w.soundcloud.com/player/"
    "?url=https%3A%2F%2Fsoundcloud.com%2Fa-band%2Fsets%2Ftwo",
    "https://mastodon.social/@anna/12": "https://mastodon.social/@anna/12/embed",
    "https://bsky.app/profile/anna.example/post/3kx": "https://embed.bsky.app/embed/anna.example/app.bsky.feed.post/3kx",
    "https://www.documentcloud.org/documents/24-a-report": "https://embed.documentcloud.org/documents/24-a-report/?embed=1",
}  # fmt: skip
ODD = [
    "", "youtube.com/watch?v=dQw4w9WgXcQ", "https://evil.example/", "javascript:alert(1)", "//youtu.be/dQw4w9WgXcQ",
    "data:text/html,<script>alert(1)</script>", "https://youtu.be/short", "https://[::1", "https://127.0.0.1/video/1",
    # Another host that looks like one on the list.
    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "https://evilyoutube.com/watch?v=dQw4w9WgXcQ",
    "https://notyoutu.be/dQw4w9WgXcQ", "https://vimeo.co/123456", "https://evil.vimeo.com/123456",
    "https://evil.example/vimeo.com/123456", "https://www.evilyoutube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://www.www.youtube.com/watch?v=dQw4w9WgXcQ", "https://youtube.com./watch?v=dQw4w9WgXcQ",
    "https://уoutube.com/watch?v=dQw4w9WgXcQ", "https://xn--outube-4nf.com/watch?v=dQw4w9WgXcQ",
    "https://youtube。com/watch?v=dQw4w9WgXcQ", "https://ｙoutube.com/watch?v=dQw4w9WgXcQ",
    # A user's name, a port, a backslash, a control character.
    "https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ", "https://u@youtu.be/dQw4w9WgXcQ",
    "https://evil.example\\@youtu.be/dQw4w9WgXcQ", "https://youtube.com:8443/watch?v=dQw4w9WgXcQ",
    "https://youtube.com:x/", "https://youtu.be/dQw4w9WgXcQ\n.evil.example", "https://youtu.be\t/dQw4w9WgXcQ",
    "https:\\\\youtu.be/dQw4w9WgXcQ", "https://youtu.be%2fdQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ\x00",
    # A step up, an encoded one, a parameter twice.
    "https://mastodon.social/@../12", "https://bsky.app/profile/../post/3kx", "https://bsky.app/profile/a..b/post/3kx",
    "https://youtube.com/embed/%2e%2e%2fdQw4w9W", "https://soundcloud.com/a/../b", "https://vimeo.com//123456",
    "https://youtube.com/watch?v=dQw4w9WgXcQ&v=AAAAAAAAAAA", 'https://youtu.be/"><script>x', "https://vimeo.com/a/1",
]  # fmt: skip


class AddressTests(SimpleTestCase):
    def test_every_seeded_host_gives_its_frame_and_drops_what_is_not_allowed(self):
        for address, frame in FRAMES.items():
            self.assertEqual(FIRST.embed_of(address).player, frame, address)

    def test_look_alikes_and_odd_addresses_are_not_recognised(self):
        for address in ODD:
            self.assertIsNone(FIRST.embed_of(address), address)

    def test_a_post_and_a_document_have_no_frame(self):
        post = FIRST.embed_of("https://twitter.com/anna/status/12?s=20")
        self.assertEqual((post.kind, post.player, post.page), (Kind.POST, "", "https://x.com/anna/status/12"))
        report = FIRST.embed_of("https://s3.documentcloud.org/documents/24/a-report.pdf")
        self.assertEqual((report.kind, report.player), (Kind.LINK, ""))

    @given(some.text(max_size=60), some.sampled_from(sorted(FRAMES)))
    def test_no_address_leads_to_another_origin_or_out_of_its_attribute(self, junk, address):
        for place in (8, 12, len(address) // 2, len(address)):
            found = FIRST.embed_of(address[:place] + junk + address[place:])
            if found:
                self.assertRegex(found.player, r"\Ahttps://[a-z.-]+/[A-Za-z0-9@_.~:/?&=%-]*\Z")
                self.assertIn("/".join(found.player.split("/")[:3]), FIRST.frame_origins)


class RuleTests(SimpleTestCase):
    def refused(self, **texts):
        texts = {"addresses": "example.org/{id}", "frame": "https://example.org/{id}"} | texts
        with self.assertRaises(BadRule) as caught:
            Rule.read("A host", texts.pop("kind", Kind.FRAME), **texts)
        return caught.exception.field

    def test_an_editor_cannot_write_a_host_that_is_none(self):
        for host in ("localhost", "127.0.0.1", "[::1]", "example.org:8080", "a@example.org", "*.example.org", "com",
                     "xn--80ak6aa92e.com", "аpple.com", "example.org.", "{user}.example.org", "exa mple.org",
                     "ex\\a.org", "{host}", "example..org"):  # fmt: skip
            self.assertEqual(self.refused(addresses=f"{host}/{{id}}"), "addresses", host)
            if host != "{host}":
                self.assertEqual(self.refused(frame=f"https://{host}/{{id}}"), "frame", host)

    def test_an_editor_cannot_write_a_frame_that_leads_elsewhere(self):
        for frame in ("http://example.org/{id}", "javascript:alert(1)", "//example.org/{id}", "https://example.org/../{id}",
                      'https://example.org/{id}"onload="x', "https://example.org/{id}#x", "https://example.org//{id}",
                      "https://{host}.evil.example/{id}", "https://example.org/{host}", "https://example.org/{address}",
                      "https://example.org/{other}", "https://example.org/<{id}>", "data:text/html,{id}", "",
                      "https://{id}/", "https://example.org@evil.example/{id}"):  # fmt: skip
            self.assertEqual(self.refused(frame=frame), "frame", frame)

    def test_an_editor_cannot_write_a_pattern_that_takes_everything(self):
        for line in ("example.org/watch", "example.org/{id}{number}", "example.org/{id}/{id}", "example.org/{anything}",
                     "example.org/{.*}", "example.org/(.*)", "example.org/../{id}", "example.org//{id}", "",
                     "example.org", "example.org/{id}?v=a&v={number}"):  # fmt: skip
            self.assertEqual(self.refused(addresses=line), "addresses", line)
        for line in ("t", "t = anything", "t > = number", "<t> = word"):
            self.assertEqual(self.refused(parameters=line), "parameters", line)

    def test_only_a_frame_has_the_address_of_one(self):
        self.assertEqual(self.refused(kind=Kind.POST), "frame")


class VocabularyTests(SimpleTestCase):
    def test_title_still_and_post_survive_the_sanitiser_and_nothing_else(self):
        kept = (
            f'<div data-embed="{VIDEO}" data-title="The launch" data-image="7"></div>'
            '<blockquote data-post="https://x.com/a/status/1" data-author="Anna (@a)" data-posted="2026-05-02">'
            "<p>Six ports.</p></blockquote>"
        )
        self.assertEqual(schema.sanitise(kept), kept)
        for html, wanted in (
            ('<div data-title="x" data-image="7">words</div>', "<p>words</p>"),
            ('<blockquote data-author="x" data-posted="2026-05-02"><p>a</p></blockquote>',
             "<blockquote><p>a</p></blockquote>"),
            (f'<div data-embed="{VIDEO}" data-player="https://evil.example/"></div>',
             f'<div data-embed="{VIDEO}"></div>'),
            ('<blockquote data-post="https://x.com/a/status/1" data-posted="soon"><p>a</p></blockquote>',
             '<blockquote data-post="https://x.com/a/status/1"><p>a</p></blockquote>'),
        ):  # fmt: skip
            self.assertEqual(schema.sanitise(html), wanted)

    def test_a_post_s_words_are_words_and_its_address_is_checked(self):
        html = '<blockquote data-post="https://x.com/a/status/1"><p>Six ports.</p></blockquote>'
        self.assertEqual(plain.plain_text_of(html), "Six ports.")
        titled = html.replace(" data-post", ' data-author="Anna" data-post')
        titled += f'<div data-embed="{VIDEO}" data-title="The launch"></div>'
        self.assertEqual(plain.plain_text_of(titled), "Six ports.\nAnna\nThe launch")
        self.assertEqual(plain.word_count(titled), 2)
        self.assertEqual(references_of(html).embeds, ["https://x.com/a/status/1"])

    def test_another_title_or_author_is_seen_when_versions_are_compared(self):
        before = f'<div data-embed="{VIDEO}" data-title="One"></div>'
        self.assertIn("· Two", diff.changes_html(before, before.replace("One", "Two")))
        post = '<blockquote data-post="https://x.com/a/status/1" data-author="Anna"><p>Six.</p></blockquote>'
        self.assertIn("· Berit", diff.changes_html(post, post.replace("Anna", "Berit")))


class EmbedHostTests(DeskTestCase):
    def test_a_paper_begins_with_its_hosts_and_keeps_the_desk_s_changes(self):
        self.assertEqual(set(EmbedHost.objects.values_list("seed", flat=True)), set(embeds.SEEDS))
        EmbedHost.objects.filter(seed="vimeo").update(name="Vimeo films", is_on=False)
        EmbedHost.objects.filter(seed="x").delete()
        seed_embed_hosts("default")
        self.assertFalse(EmbedHost.objects.get(name="Vimeo films").is_on)
        self.assertEqual(EmbedHost.objects.count(), len(embeds.SEEDS))

    def test_an_administrator_adds_a_host_and_stories_may_use_it(self):
        self.client.force_login(self.ada)
        sent = {"name": "Harbour TV", "is_on": "on", "kind": "frame", "addresses": "harbour.example/watch/{number}",
                "frame": "https://player.harbour.example/{number}", "shape": "video"}  # fmt: skip
        Pulse.objects.beat()
        before = Pulse.objects.get().counter
        answer = self.client.post(reverse("admin:articles_embedhost_add"), sent)
        self.assertEqual(answer.status_code, 302)
        self.assertGreater(Pulse.objects.get().counter, before)
        found = EmbedHost.objects.allow_list().embed_of("https://www.harbour.example/watch/12")
        self.assertEqual(found.player, "https://player.harbour.example/12")

    def test_what_cannot_be_read_is_said_beside_its_box_and_stays_typed(self):
        self.client.force_login(self.max)
        sent = {"name": "Harbour TV", "is_on": "on", "kind": "frame", "addresses": "harbour.example:81/{number}",
                "frame": "https://player.harbour.example/{number}", "shape": "video"}  # fmt: skip
        answer = self.client.post(reverse("admin:articles_embedhost_add"), sent)
        self.assertContains(answer, "is no name of a host", status_code=400)
        self.assertContains(answer, "harbour.example:81/{number}", status_code=400)

    def test_our_own_site_and_a_second_row_for_one_origin_are_refused(self):
        for frame, addresses in (
            ("https://gazette.example/{number}", "gazette.example/{number}"),
            ("https://player.vimeo.com/other/{number}", "films.example/{number}"),
        ):
            row = EmbedHost(name="Another", addresses=addresses, frame=frame)
            with self.settings(SITE_URL="https://gazette.example"), self.assertRaises(ValidationError):
                row.full_clean()

    def test_the_editor_learns_what_an_address_stands_for_or_what_is_allowed(self):
        self.client.force_login(self.rana)
        url = reverse("desk:embed")
        self.assertEqual(self.client.get(url, {"url": VIDEO}).json()["host"], "YouTube")
        self.assertIn("Vimeo", self.client.get(url).json()["allowed"])
        refused = self.client.get(url, {"url": "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ"})
        self.assertEqual(refused.status_code, 400)
        self.assertIn("Allowed are Bluesky", refused.json()["error"])
        EmbedHost.objects.filter(seed="youtube").update(is_on=False)
        refused = self.client.get(url, {"url": VIDEO})
        self.assertIn("YouTube is switched off", refused.json()["error"])
        self.assertNotIn("YouTube,", refused.json()["error"])

    def test_a_story_with_an_address_not_allowed_is_refused_with_the_list(self):
        article = self.make_article()
        self.client.force_login(self.edith)
        from ..desk.pages import filled

        url = article.get_absolute_url()
        for body, why in (
            ('<p>a</p><div data-embed="https://youtu.be.evil.example/x"></div>', "Allowed are Bluesky"),
            (
                '<p>a</p><blockquote data-post="https://x.com.evil.example/a/status/1"><p>b</p></blockquote>',
                "Allowed are",
            ),
            ('<p>a</p><div data-embed="https://x.com/a/status/1"></div>', "quoted, never framed"),
        ):
            answer = self.client.post(url, filled(self.client.get(url), body=body))
            self.assertContains(answer, why, status_code=400)

    def test_an_import_follows_the_desk_s_list(self):
        text = "https://vimeo.com/123456"
        self.assertIn("data-embed", convert_text(text, allowed=EmbedHost.objects.allow_list()).body)
        EmbedHost.objects.filter(seed="vimeo").update(is_on=False)
        made = convert_text(text, allowed=EmbedHost.objects.allow_list())
        self.assertIn(f'<a href="{text}">', made.body)
        self.assertIn("not on the list", made.notes[0])


class PageTests(SiteTestCase):
    def policy(self, path, at=NOON):
        answer = self.get(path, at=at)
        policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
        return answer.content.decode(), policy["frame-src"].split()

    def test_a_page_may_open_the_frames_that_it_has_and_no_others(self):
        bare = self.publish()
        video = self.publish(body=f'<p>See.</p><div data-embed="{VIDEO}"></div>')
        both = self.publish(
            body=f'<p>See.</p><div data-embed="{VIDEO}"></div><div data-embed="https://flo.uri.sh/story/1/embed"></div>'
        )
        for edition, origins in (
            (bare, []),
            (video, ["https://www.youtube-nocookie.com"]),
            (both, ["https://flo.uri.sh", "https://www.youtube-nocookie.com"]),
        ):
            for _ in range(3):  # the page itself, the kept one, and the remembered answer
                self.assertEqual(self.policy(edition.path)[1], ["'self'", *origins])
        self.assertEqual(self.policy("/")[1], ["'self'"])

    def test_words_that_look_like_a_frame_open_nothing(self):
        video = self.publish(
            body='<p>&lt;div class="embed" data-player="https://evil.example/x"&gt;</p>'
            f'<div data-embed="{VIDEO}"></div>'
        )
        html, origins = self.policy(video.path)
        self.assertEqual(origins, ["'self'", "https://www.youtube-nocookie.com"])
        self.assertIn("evil.example", html)

    def test_a_304_says_nothing_of_frames(self):
        video = self.publish(body=f'<div data-embed="{VIDEO}"></div>')
        etag = self.get(video.path, at=NOON)["ETag"]
        answer = self.get(video.path, at=NOON, **{"if-none-match": etag})
        self.assertEqual(answer.status_code, 304)
        self.assertNotIn("Content-Security-Policy", answer)

    def test_switching_a_host_off_stops_its_frames_and_leaves_the_link(self):
        video = self.publish(body=f'<p>See.</p><div data-embed="{VIDEO}" data-title="The launch"></div>')
        self.assertIn("data-player", self.policy(video.path)[0])
        host = EmbedHost.objects.get(seed="youtube")
        host.is_on = False
        host.save()
        html, origins = self.policy(video.path)
        self.assertEqual(origins, ["'self'"])
        self.assertNotIn("youtube-nocookie", html)
        self.assertIn('href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"', html)
        self.assertIn("The launch", html)
        host.is_on = True
        host.save()
        self.assertIn("youtube-nocookie", self.policy(video.path)[0])

    def test_an_edition_stays_as_it_was_printed_when_a_row_changes(self):
        video = self.publish(body=f'<div data-embed="{VIDEO}"></div>')
        EmbedHost.objects.filter(seed="youtube").update(name="Tube", page="https://www.youtube.com/embed/{id:11}")
        Pulse.objects.beat(rendering=True)
        html, _ = self.policy(video.path)
        self.assertIn("Watch on YouTube", html)
        self.assertIn("watch?v=dQw4w9WgXcQ", html)

    def test_the_list_costs_no_query_once_it_is_kept(self):
        first, second = (self.publish(body=f'<div data-embed="{VIDEO}"></div>') for _ in range(2))
        self.get(first.path, at=NOON)
        with mock.patch.object(EmbedHost.objects, "frame_origins", side_effect=AssertionError):
            self.policy(second.path)
        pages.Kept.forget()

    def test_a_title_and_a_still_stand_before_the_click_and_nothing_is_fetched_elsewhere(self):
        still = images.take_in(jpeg(640, 360), by=self.pia, alt="A ship at a quay", credit="Pia")
        video = self.publish(
            body=f'<div data-embed="{VIDEO}" data-title="The &quot;launch&quot;" data-image="{still.pk}"></div>'
        )
        html, _ = self.policy(video.path)
        self.assertIn('<p class="embed-title"><bdi>The &quot;launch&quot;</bdi></p>', html)
        self.assertIn('alt="A ship at a quay"', html)
        self.assertIn(f'src="/media/{still.token}-', html)
        self.assertNotRegex(html, r'<iframe|src="https?://')
        # Rights that have ended take the still away, and nothing else.
        still.restricted = True
        still.save()
        Pulse.objects.beat()
        html, _ = self.policy(video.path)
        self.assertNotIn(still.token, html)
        self.assertIn("embed-title", html)

    def test_a_post_is_printed_in_its_words_with_a_link(self):
        edition = self.publish(
            body='<blockquote data-post="https://twitter.com/anna/status/1" data-author="Anna &lt;b&gt;"'
            ' data-posted="2026-05-02"><p>Six <strong>ports</strong>.</p></blockquote>'
        )
        html, origins = self.policy(edition.path)
        self.assertIn("<p>Six <strong>ports</strong>.</p></blockquote>", html)
        self.assertIn("Anna &lt;b&gt;", html)
        self.assertIn('<a href="https://x.com/anna/status/1" rel="noopener">A post on X</a>', html)
        self.assertIn("2 May 2026", html)
        self.assertEqual(origins, ["'self'"])
        self.assertIn("Six ports.", edition.text.plain)

    def test_a_document_is_a_card_with_a_link(self):
        address = "https://s3.documentcloud.org/documents/24/a-report.pdf"
        edition = self.publish(body=f'<div data-embed="{address}" data-title="The report"></div>')
        html, _ = self.policy(edition.path)
        self.assertIn(f'<a href="{address}" rel="noopener">See it on s3.documentcloud.org</a>', html)
        self.assertNotIn("data-player", html)

    def test_the_next_edition_takes_the_list_as_it_is_then(self):
        video = self.publish(body=f'<div data-embed="{VIDEO}"></div>')
        EmbedHost.objects.filter(seed="youtube").update(name="Tube")
        later = self.again(video, at=NOON + MINUTE)
        self.assertIn("Watch on Tube", self.policy(later.path, NOON + 2 * MINUTE)[0])
