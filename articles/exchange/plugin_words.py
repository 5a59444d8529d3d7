"""What common plugins keep beside a post: titles and descriptions for search, subtitles, the primary category.

What has a place here is taken; of the rest the report names each value.
"""

import re
from dataclasses import dataclass, field

from .convert import plain_text

SEO_TITLES = {"_yoast_wpseo_title": "Yoast", "rank_math_title": "Rank Math", "_aioseo_title": "AIOSEO",
              "_aioseop_title": "AIOSEO", "_seopress_titles_title": "SEOPress", "_genesis_title": "Genesis",
              "_genesis_doctitle": "Genesis", "_wds_title": "SmartCrawl"}  # fmt: skip
DESCRIPTIONS = {"_yoast_wpseo_metadesc": "Yoast", "rank_math_description": "Rank Math",
                "_aioseo_description": "AIOSEO", "_aioseop_description": "AIOSEO",
                "_seopress_titles_desc": "SEOPress", "_genesis_description": "Genesis",
                "_wds_metadesc": "SmartCrawl"}  # fmt: skip
SOCIAL_TITLES = ("_yoast_wpseo_opengraph-title", "rank_math_facebook_title", "_aioseo_og_title",
                 "_seopress_social_fb_title", "_yoast_wpseo_twitter-title", "rank_math_twitter_title",
                 "_aioseo_twitter_title", "_seopress_social_twitter_title")  # fmt: skip
SUBTITLES = (
    "subtitle _subtitle sub_title wps_subtitle kia_subtitle the_subtitle newspack_post_subtitle subheading sub_heading"
    " deck dek _dek standfirst _standfirst chapo lead teaser subtitle_text post_subtitle td_subtitle"
).split()
SECOND_TITLES = "secondary_title _secondary_title short_title alternative_title".split()
PRIMARY_CATEGORIES = (
    "_yoast_wpseo_primary_category rank_math_primary_category _seopress_robots_primary_cat _primary_category"
    " _aioseo_primary_category epc_primary_category"
).split()
# What has no place here, and how the report calls it.
NAMED = {
    "_yoast_wpseo_opengraph-description": "social description", "rank_math_facebook_description": "social description",
    "_aioseo_og_description": "social description", "_seopress_social_fb_desc": "social description",
    "_yoast_wpseo_twitter-description": "social description", "rank_math_twitter_description": "social description",
    "_seopress_social_twitter_desc": "social description", "_yoast_wpseo_canonical": "canonical address",
    "rank_math_canonical_url": "canonical address", "_seopress_robots_canonical": "canonical address",
    "_yoast_wpseo_meta-robots-noindex": "wish not to be indexed", "rank_math_robots": "robots' rule",
    "_seopress_robots_index": "wish not to be indexed", "_yoast_wpseo_focuskw": "search keyword",
    "rank_math_focus_keyword": "search keyword", "_aioseop_keywords": "search keywords",
    "_seopress_analysis_target_kw": "search keyword", "_yoast_wpseo_redirect": "redirect",
    "_links_to": "redirect", "_seopress_redirections_value": "redirect", "redirect_url": "redirect",
    "_byline": "byline", "byline": "byline", "_custom_author": "byline", "guest-author": "guest author",
    "guest_author": "guest author", "author_name": "author's name",
    "source": "source", "source_url": "source", "credit": "credit", "dateline": "dateline",
    "enclosure": "played file", "_thumbnail_caption": "caption of its featured image",
}  # fmt: skip
VARIABLE = re.compile(r"%%[\w-]+%%|%[a-z_]+(?:\([^)]*\))?%|#[a-z]+_[a-z_]+|%%")
SEPARATORS = " \t|–—-·•:»«/~"


@dataclass
class PluginWords:
    """What an item's plugins say, as its article takes it; `notes` name what it does not take."""

    seo_title: str = ""
    social_title: str = ""
    standfirst: str = ""
    short_headline: str = ""
    notes: list = field(default_factory=list)


def words_of_plugins(item, *, headline, excerpt, site):
    """The PluginWords of an item. The standfirst is its subtitle, else its excerpt, else its description."""
    meta = {key: " ".join(plain_text(value).split()) for key, value in item.meta.items() if value and len(value) < 5000}
    made = PluginWords()
    for key in SEO_TITLES:
        if title := _resolved(meta.get(key, ""), headline, site):
            made.seo_title = _fitting(title, 70, "title for search", made.notes)
            break
    for key in SOCIAL_TITLES:
        if (title := _resolved(meta.get(key, ""), headline, site)) and title != made.social_title:
            if made.social_title:
                made.notes.append(f"its other social title is not taken over: “{title}”")
            else:
                made.social_title = _fitting(title, 100, "social title", made.notes)
    _standfirst(made, meta, headline, excerpt)
    for key in SECOND_TITLES:
        if title := meta.get(key):
            made.short_headline = made.short_headline or _fitting(title, 80, "second title", made.notes)
    made.notes += [f"its {said} is not taken over: {meta[key]}" for key, said in NAMED.items() if meta.get(key)]
    return made


def _standfirst(made, meta, headline, excerpt):
    wanted = [(meta[key], "subtitle") for key in SUBTITLES if meta.get(key) and not meta[key].isdigit()]
    wanted += [(excerpt, "excerpt")] if excerpt else []
    for key in DESCRIPTIONS:
        if (text := _resolved(meta.get(key, ""), headline, "")) and (text, "description for search") not in wanted:
            wanted.append((text, "description for search"))
    for text, said in wanted:
        if not made.standfirst:
            made.standfirst = text
        elif text.casefold() != made.standfirst.casefold():
            made.notes.append(f"its {said} is not taken over, its standfirst says something else: “{text}”")


def _resolved(text, headline, site):
    """A title without a plugin's variables; "" for one that says no more than the headline and the site's name."""
    for variable in ("%%title%%", "%%post_title%%", "%title%", "#post_title"):
        text = text.replace(variable, headline)
    text = " ".join(VARIABLE.sub(" ", text).split()).strip(SEPARATORS)
    for separator in "|–—-·•":
        if site and text.endswith(f"{separator} {site}"):
            text = text.removesuffix(f"{separator} {site}").strip(SEPARATORS)
    return "" if text.casefold() == headline.casefold() or text == site else text


def _fitting(text, most, said, notes):
    if len(text) <= most:
        return text
    notes.append(f"its {said} is longer than {most} characters and is not taken over: “{text}”")
    return ""


def primary_category(item, header):
    """(slug of the category that a plugin calls the main one or "", what to say where the export has none such)."""
    for key in PRIMARY_CATEGORIES:
        number = item.meta.get(key, "").strip()
        if not number or number == "0" or number == "none":
            continue
        slug = next((one.slug for one in header.categories.values() if one.number == number), "")
        if slug and any(term.domain == "category" and term.slug == slug for term in item.terms):
            return slug, ""
        return "", f"its primary category, number {number}, is not among its categories in the export"
    return "", ""
