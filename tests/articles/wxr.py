"""Writes small WordPress exports for tests, told only what the test is about."""

from xml.sax.saxutils import escape, quoteattr

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>The Old Courier</title><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>ines</wp:author_login><wp:author_email>ines@old.example</wp:author_email>
<wp:author_display_name><![CDATA[Ines Calder]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>"


def category(slug, name, parent=""):
    return (
        f"<wp:category><wp:category_nicename>{escape(slug)}</wp:category_nicename>"
        f"<wp:category_parent>{parent}</wp:category_parent><wp:cat_name><![CDATA[{name}]]></wp:cat_name></wp:category>\n"
    )


def term(slug, name="", domain="category"):
    return f"<category domain={quoteattr(domain)} nicename={quoteattr(slug)}><![CDATA[{name or slug}]]></category>"


def comment(number, body="Well said.", approved="1", kind="", name="Ada Reader"):
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author><![CDATA[{name}]]></wp:comment_author>"
        f"<wp:comment_author_email>ada@reader.example</wp:comment_author_email>"
        f"<wp:comment_date_gmt>2019-04-0{number % 9 + 1} 10:00:00</wp:comment_date_gmt>"
        f"<wp:comment_content><![CDATA[{body}]]></wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>"
        f"<wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment>"
    )


def item(number, *, title="A story", content="<p>Its words.</p>", kind="post", status="publish", inside="", **fields):
    """One item. `fields`: guid, link, name, date (GMT), password, excerpt, creator, sticky, url, meta (a dict)."""
    get = {
        "guid": f"https://old.example/?p={number}",
        "link": f"https://old.example/2019/04/story-{number}/",
        "name": f"story-{number}",
        "date": "2019-04-01 09:30:00",
        "password": "",
        "excerpt": "",
        "creator": "ines",
        "sticky": "0",
        "url": "",
        "parent": "0",
        "discussion": "open",
        "meta": {},
    } | fields
    meta = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        for key, value in get["meta"].items()
    )
    attachment = f"<wp:attachment_url>{escape(get['url'])}</wp:attachment_url>" if get["url"] else ""
    return f"""<item><title><![CDATA[{title}]]></title><link>{escape(get["link"])}</link>
<dc:creator>{get["creator"]}</dc:creator><guid isPermaLink="false">{escape(get["guid"])}</guid>
<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[{get["excerpt"]}]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date_gmt>{get["date"]}</wp:post_date_gmt>
<wp:post_name>{escape(get["name"])}</wp:post_name><wp:status>{status}</wp:status>
<wp:post_parent>{get["parent"]}</wp:post_parent><wp:post_type>{kind}</wp:post_type>
<wp:comment_status>{get["discussion"]}</wp:comment_status>
<wp:post_password>{get["password"]}</wp:post_password><wp:is_sticky>{get["sticky"]}</wp:is_sticky>{attachment}
{inside}{meta}</item>
"""


def attachment(number, url, **fields):
    return item(
        number, kind="attachment", status="inherit", content=fields.pop("description", ""), url=url, guid=url,
        title=fields.pop("title", f"Picture {number}"), **fields,
    )  # fmt: skip


def export(*parts):
    """The whole file as text."""
    return HEAD + "".join(parts) + TAIL
