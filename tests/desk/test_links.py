"""Every link that a page of the desk offers leads somewhere: nobody is shown a way that ends in a refusal."""

import re
from collections import Counter
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import TestCase
from lxml import html as lxml_html

from articles.models import Comment
from newsroom import clock
from tests.base import Cast
from tests.extent import EVERYTHING

from .doors import CAST, Stands, open_doors

# So many addresses of one shape are followed: a story's page shows other links in every state, a card's does not.
FOLLOWED = {"/admin/articles/article/N/change/": 40}
OTHERWISE = 1
NO_PAGE = re.compile(r"^/admin/(logout|jsi18n)/|^/admin/experts/expert/(N/)?export|\.(csv|vcf|xlsx)$")


def links_of(page, url):
    """The addresses on the same host that a page's links lead to, without their fragments."""
    for href in lxml_html.fromstring(page).xpath("//a/@href"):
        target = urldefrag(urljoin(url, href.strip())).url
        if target.startswith("/"):
            yield target


def shape(url):
    """An address with its numbers and its query's values left out."""
    path, names = urlsplit(url).path, re.findall(r"(?:^|&)([^=&]*)", urlsplit(url).query)
    return re.sub(r"\d+", "N", path) + ("?" + "&".join(sorted(set(names))) if any(names) else "")


def walk(door, visit=lambda url, page: None):
    """Follow every link from the desk's front page, and give each page to `visit`.

    Returns {(status, page, link)} of the links that lead nowhere, and how many addresses of each shape were opened.
    """
    seen, left, met, wrong = {"/admin/"}, [("", "/admin/")], Counter(), set()
    while left:
        page, url = left.pop()
        kind = shape(url)
        if met[kind] >= FOLLOWED.get(kind, OTHERWISE) or NO_PAGE.search(kind):
            continue
        met[kind] += 1
        answer = door.get(url)
        if answer.status_code in (301, 302):
            left.append((page, answer["Location"]))
        elif answer.status_code >= 400:
            wrong.add((answer.status_code, page, url))
        elif url.startswith("/admin/") and not answer.streaming and "html" in answer["Content-Type"]:
            visit(url, answer.content.decode())
            new = set(links_of(answer.content, url)) - seen
            seen |= new
            left += [(url, target) for target in sorted(new)]
    return wrong, met


@pytest.mark.slow
class LinksTests(TestCase, Cast):
    @classmethod
    def setUpTestData(cls):
        cls.assemble()
        cls.doors = open_doors(cls)
        cls.stands = Stands(cls)
        Comment.objects.create(
            article=cls.stands.all["published", "live"], name="Ann", body="Well said.", created_at=clock.instant()
        )

    def test_no_link_of_the_desk_ends_in_a_refusal(self):
        """A withdrawn story's notice answers 410, as it should."""
        for column in sorted(CAST.keys() - {"superuser"}) if EVERYTHING else ("R", "L", "S", "D"):
            with self.subTest(column):
                wrong, met = walk(self.doors[column])
                self.assertEqual({found for found in wrong if found[0] != 410}, set())
                self.assertIn("/admin/password_change/", met)  # it did walk
