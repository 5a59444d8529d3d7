"""The services that the paper talks to: their addresses as URLs in the environment, and how long it waits for each.

None of them may hang the paper. A request that a reader or a colleague waits for waits seconds for a service, never
minutes, and every secret may hold any character, written as it is or quoted (`%2F`).
"""

from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Seconds until an attempt is given up.
DATABASE_CONNECT, CACHE_SECONDS, MAIL_SECONDS, STORAGE_CONNECT, STORAGE_READ = 5, 1, 5, 2, 5
FILES = ("sqlite", "spatialite", "locmem", "file", "dbcache", "dummy")  # addresses of these hold no name and password


def read_setting_url(name, url, parse):
    """What `parse` makes of a setting's URL. An error names the setting and prints nothing of its value."""
    try:
        return parse(with_quoted_secrets(url))
    except Exception:
        raise ImproperlyConfigured(
            f"{name} cannot be read as an address. docs/settings.md shows its form; in names and passwords quote"
            " what is special there (@ as %40, # as %23, ? as %3F)."
        ) from None


def with_quoted_secrets(url):
    """A URL whose user and password are quoted, however they were written; what is quoted already stays so."""
    scheme, found, rest = url.partition("://")
    secrets, at, place = rest.rpartition("@")
    if not (found and at) or scheme.startswith(FILES):
        return url
    user, colon, password = secrets.partition(":")
    return f"{scheme}://{_quoted(user)}{colon}{_quoted(password)}@{place}"


def _quoted(text):
    return quote(unquote(text), safe="")


def with_cache_limits(config):
    """A cache's settings with time limits, where it is one that is asked over the network."""
    if not config["BACKEND"].endswith("RedisCache"):
        return config
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    limits = {
        "socket_connect_timeout": CACHE_SECONDS,
        "socket_timeout": CACHE_SECONDS,
        # One attempt: whoever asks goes on without the answer (newsroom/counting.py).
        "retry": Retry(NoBackoff(), 0),
    }
    return config | {"OPTIONS": limits | config.get("OPTIONS", {})}


def s3_storage(url):
    """A STORAGES entry from s3://KEY:SECRET@host/bucket?region=… (the host empty for AWS itself)."""
    from botocore.config import Config

    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.path.strip("/"):
        raise ValueError("no bucket")
    options = {
        "bucket_name": parts.path.strip("/"),
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "region_name": parse_qs(parts.query).get("region", [None])[0],
        "default_acl": "private",
        "querystring_auth": True,
        "querystring_expire": 60,
        "file_overwrite": False,
        "client_config": Config(
            connect_timeout=STORAGE_CONNECT, read_timeout=STORAGE_READ, retries={"total_max_attempts": 1}
        ),
    }
    if parts.hostname:
        port = f":{parts.port}" if parts.port else ""
        scheme = "http" if parts.hostname in ("127.0.0.1", "localhost") else "https"
        options["endpoint_url"] = f"{scheme}://{parts.hostname}{port}"
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def s3_origins(storage):
    """Where a storage made by `s3_storage` hands out pictures from, for the content security policy."""
    options = storage["OPTIONS"]
    if endpoint := options.get("endpoint_url"):
        return [endpoint]
    region = f".{options['region_name']}" if options["region_name"] else ""
    hosts = dict.fromkeys([f"{options['bucket_name']}.s3", f"{options['bucket_name']}.s3{region}", f"s3{region}"])
    return [f"https://{host}.amazonaws.com" for host in hosts]


def storage_errors():
    """What a storage raises when it does not answer, or refuses: a disk's errors, and S3's where it is in use."""
    try:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return (OSError,)
    return (OSError, Boto3Error, BotoCoreError, ClientError)
