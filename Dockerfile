# The newspaper's web process, and with `python manage.py worker` for a command its worker. Build: docker build -t newsroom . — see compose.yaml for what goes with it.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/newsroom
COPY requirements.txt requirements-scale.txt ./
RUN pip install -r requirements.txt -r requirements-scale.txt
COPY manage.py ./
COPY newsroom newsroom
COPY experts experts
COPY articles articles
COPY templates templates
COPY static static
# Static files are collected into the image. This command wants a secret and signs nothing with it.
RUN SECRET_KEY=build python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --home /srv/newsroom newsroom \
    && mkdir /srv/media && chown newsroom: /srv/media
ENV MEDIA_ROOT=/srv/media
USER newsroom
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
    "--blocking-threads", "8", "--respawn-failed-workers", "newsroom.wsgi:application"]
