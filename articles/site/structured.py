"""What lists, profiles and the front page say to machines, as schema.org data."""

from articles.rendering.structured import absolute, breadcrumbs, dumps, publisher

__all__ = ["absolute", "breadcrumbs", "collection", "dumps", "person", "publisher", "website"]


def website(publication):
    return [
        publisher(publication.name),
        {
            "@type": "WebSite",
            "@id": absolute("/#website"),
            "name": publication.name,
            "description": publication.tagline,
            "url": absolute("/"),
            "inLanguage": publication.language,
            "publisher": {"@id": absolute("/#publisher")},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": absolute("/search/?q={words}")},
                "query-input": "required name=words",
            },
        },
    ]


def collection(name, path, description=""):
    page = {"@type": "CollectionPage", "name": name, "url": absolute(path)}
    return [page | ({"description": description} if description else {}), breadcrumbs(("Home", "/"), (name, path))]


def person(name, path, **more):
    """A profile page and whom it is about."""
    about = {"@type": "Person", "@id": absolute(f"{path}#person"), "name": name, "url": absolute(path)}
    about |= {key: value for key, value in more.items() if value}
    return [
        {"@type": "ProfilePage", "url": absolute(path), "mainEntity": about},
        breadcrumbs(("Home", "/"), (name, path)),
    ]
