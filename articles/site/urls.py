"""Readers' addresses; what each is for stands in the views. The order matters: a section's slug could be anything."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from newsroom.pictures.renditions import ADDRESS, CROP_ADDRESS

from . import (
    archive,
    corrections,
    discuss,
    experts,
    feeds,
    history,
    home,
    media,
    outside,
    person,
    policy,
    search,
    section,
    sitemaps,
    story,
    topic,
)

app_name = "site"


class Slug(StringConverter):
    """A slug in any script."""

    regex = r"[-\w]+"


register_converter(Slug, "word")

MONTH = r"(?P<year>\d{4})-(?P<month>\d{2})"
SECTION = r"(?P<section>[-\w]+)"
STORY = rf"^{SECTION}/(?P<year>\d{{4}})/(?P<month>\d{{2}})/(?P<day>\d{{2}})/(?P<slug>[-\w]+)/"


def with_feeds(prefix, name):
    """The three feeds under one address."""
    kinds = (("feed/", "rss"), ("feed/atom/", "atom"), ("feed.json", "json"))
    return [path(f"{prefix}{end}", feeds.feed_view(name, kind), name=f"feed_{name}{kind}") for end, kind in kinds]


urlpatterns = [
    path("", home.home, name="home"),
    # First, since most readers ask for them: stories, whose addresses nothing else looks like, and sections,
    # after the other addresses of one word.
    re_path(rf"{STORY}$", story.story, name="story"),
    path("search/", search.search, name="search"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("archive/", archive.archive, name="archive"),
    path("experts/", experts.experts, name="experts"),
    *with_feeds("", ""),
    path("<word:slug>/", section.section, name="section"),
    re_path(rf"{STORY}history/$", history.history, name="history"),
    re_path(rf"^media/{ADDRESS}$", media.media, name="media"),
    re_path(rf"^media/{CROP_ADDRESS}$", media.media, name="media_crop"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    re_path(rf"^sitemap-{MONTH}\.xml$", sitemaps.sitemap_stories, name="sitemap_month"),
    re_path(rf"^sitemap-{MONTH}-(?P<day>\d{{2}})\.xml$", sitemaps.sitemap_stories, name="sitemap_day"),
    path("sitemap-pages.xml", sitemaps.sitemap_pages, name="sitemap_pages"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news_sitemap"),
    re_path(r"^archive/(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})/$", archive.archive_day, name="archive_day"),
    path("policies/<word:slug>/", policy.policy, name="policy"),
    path("topics/<word:slug>/", topic.topic, name="topic"),
    *with_feeds("topics/<word:slug>/", "topic_"),
    path("people/<word:slug>/", person.person, name="person"),
    *with_feeds("people/<word:slug>/", "person_"),
    path("experts/<word:slug>/", experts.expert, name="expert"),
    *with_feeds("experts/<word:slug>/", "expert_"),
    path("discuss/<uuid:uid>/", discuss.discuss, name="discuss"),
    path("preview/<str:token>/", outside.outside, name="outside"),
    re_path(rf"^preview/(?P<link>[^/]+)/media/{ADDRESS}$", outside.picture, name="outside_media"),
    re_path(rf"^preview/(?P<link>[^/]+)/media/{CROP_ADDRESS}$", outside.picture, name="outside_media_crop"),
    *with_feeds("<word:slug>/", "section_"),
    re_path(r"^(?P<rest>.+)$", story.elsewhere, name="elsewhere"),
]
