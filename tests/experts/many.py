"""A source book of any size for tests that measure time: plausible cards in several scripts, made in bulk.

    cards = many(20_000, by=user)

Names are drawn from lists, so many share a surname and a few their whole name, as in a real book. The same seed makes
the same book. No name, number or address in it is anybody's.
"""

import datetime as dt
import random
import uuid
from collections import defaultdict

from django.db import connection
from django.utils.text import slugify

from experts import names
from experts.models import (
    Affiliation,
    AvailabilityWindow,
    Bar,
    Channel,
    ContactLog,
    Expert,
    ExpertTopic,
    LanguageSkill,
    Organisation,
    TimeOff,
    Verification,
)
from newsroom import clock, folding
from newsroom.models import Topic, TopicName

# (given names, surnames, country, zone, language, how many in a hundred)
PEOPLES = {
    "english": (
        "James Mary Robert Patricia John Jennifer Michael Linda David Susan William Karen Richard Nancy Thomas Lisa "
        "Daniel Sarah Matthew Emma Andrew Olivia George Hannah Peter Alice Simon Ruth Edward Grace",
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White "
        "Roberts Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill Cooper Morris Ward Moore King "
        "Watson Baker Harrison Morgan Young Allen Mitchell Bennett Carter Shaw Ashworth Fairclough Hollingsworth",
        "GB", "Europe/London", "en", 34,
    ),
    "american": (
        "Ashley Brandon Tyler Madison Logan Dylan Kayla Austin Jordan Brittany Ethan Megan Justin Amber Aaron Heather",
        "Anderson Garcia Miller Rodriguez Martinez Hernandez Lopez Gonzalez Nguyen Ramirez Flores Rivera Campbell "
        "Sanders Peterson Hughes Foster Russell Griffin Diaz Hayes Kowalski Schmidt Olson Jensen",
        "US", "America/New_York", "en", 22,
    ),
    "arabic": (
        "محمد أحمد علي حسن حسين خالد يوسف إبراهيم عمر فاطمة مريم زينب سارة ليلى نور رنا عبد_الله عبد_الرحمن طارق سمير",
        "الخطيب الحداد النجار العمري الزعبي الحسيني المجالي الكيلاني الفايز الروابدة المصري البغدادي الشامي القاسم "
        "الدوايمة الخلايلة الطراونة العبادي الصالح التميمي الجبوري الدليمي الربيعي السامرائي",
        "JO", "Asia/Amman", "ar", 18,
    ),
    "latin arabic": (
        "Mohammad Ahmad Ali Hassan Hussein Khaled Yousef Ibrahim Omar Fatima Maryam Zainab Sara Layla Noor Tareq",
        "Al-Khatib Haddad Al-Najjar Omari Zoubi Husseini Majali Keilani Fayez Rawabdeh Masri Khalaileh Dawaimeh "
        "Tarawneh Abbadi Al-Saleh Tamimi Jubouri Dulaimi Rubaie",
        "IQ", "Asia/Baghdad", "ar", 10,
    ),
    "russian": (
        "Иван Пётр Сергей Дмитрий Алексей Анна Ольга Наталья Елена Мария Юрий Николай",
        "Иванов Петров Сидоров Кузнецов Попов Васильев Соколов Михайлов Новиков Фёдоров Морозов Волков Орлов",
        "UA", "Europe/Kyiv", "ru", 6,
    ),
    "chinese": ("伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳", "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙",
                "TW", "Asia/Taipei", "zh", 5),
    "spanish": (
        "José María Antonio Carmen Manuel Ana Francisco Isabel Luis Dolores Javier Lucía",
        "García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Núñez Peña",
        "MX", "America/Mexico_City", "es", 5,
    ),
}  # fmt: skip
TOPICS = (
    "Shipping", "Water law", "Oil prices", "Iraq", "Elections", "Migration", "Central banks", "Epidemics", "Rail",
    "Sanctions", "Drought", "Nuclear power", "Cyber crime", "Housing", "Wheat", "Coral reefs", "Courts", "Vaccines",
    "Militias", "Press freedom", "Pensions", "Steel", "Football", "Opera", "Space", "Fisheries", "Volcanoes", "Bees",
)  # fmt: skip
SYNONYMS = {"Shipping": ("freight", "الشحن"), "Iraq": ("العراق", "Mesopotamia"), "Epidemics": ("outbreaks", "эпидемии")}
PLACES = "University Institute Ministry Centre Council Agency Bank Observatory College Board".split()
CITIES = "Amman Baghdad Leeds Lyon Oslo Porto Kyiv Taipei Puebla Boston Cork Bergen Gdansk Bari Utrecht".split()
TITLES = ("Professor", "Director", "Senior fellow", "Spokesperson", "Chief economist", "Researcher", "Lecturer")
FORMATS = ("print", "phone", "remote", "studio", "live")
DAY = dt.timedelta(days=1)


def many(count=20_000, *, by, seed=7):
    """Make a book of `count` cards with all that a search or the finder looks at; the ids of the cards."""
    draw = random.Random(seed)
    now = clock.process_time()
    topics, organisations = _topics(draw), _organisations()
    cards, called = _cards(draw, count, seed, now)
    hung = [_hang(draw, people, topics, organisations, now, by) for people in called]
    for card, (around, _) in zip(cards, hung, strict=True):
        card["search_key"] += "|".join(around)
    put(Expert, cards)
    ids = dict(Expert.objects.filter(slug__startswith=f"many-{seed}-").values_list("slug", "pk"))
    made = defaultdict(list)
    for card, (_, rows) in zip(cards, hung, strict=True):
        for model, row in rows:
            row["content_object_id" if model is ExpertTopic else "expert_id"] = ids[card["slug"]]
            made[model].append(row)
    for model, rows in made.items():
        for same in _alike(rows):
            put(model, same)
    with connection.cursor() as cursor:
        # As the database does by itself after a while: without, PostgreSQL plans for empty tables.
        for model in (Expert, Topic, TopicName, Organisation, *made):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    return [ids[card["slug"]] for card in cards]


def _alike(rows):
    """Rows parted by the fields that they give."""
    parts = defaultdict(list)
    for row in rows:
        parts[tuple(row)].append(row)
    return parts.values()


def put(model, rows):
    """Insert rows that give the same fields, everything else as the model's defaults: several times a bulk_create."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    given = {field for field in fields if field.attname in rows[0]}
    blank = model()
    rest = {f: f.get_db_prep_save(getattr(blank, f.attname), connection) for f in fields if f not in given}
    one = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(f'"{field.column}"' for field in fields)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(
            f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
        ) as copy:  # fmt: skip
            for row in rows:
                copy.write_row(
                    field.get_db_prep_save(row[field.attname], connection) if field in given else rest[field]
                    for field in fields
                )
        return
    at_once = 30_000 // len(fields)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            values = [
                field.get_db_prep_save(row[field.attname], connection) if field in given else rest[field]
                for row in part
                for field in fields
            ]
            places = ", ".join([one] * len(part))
            cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {places}', values)


def _topics(draw):
    have = set(Topic.objects.values_list("name", flat=True))
    Topic.objects.bulk_create(Topic(name=name, slug=slugify(name)) for name in TOPICS if name not in have)
    topics = list(Topic.objects.filter(name__in=TOPICS).order_by("pk"))
    have = set(TopicName.objects.values_list("folded", flat=True))
    for topic in topics:
        for text in SYNONYMS.get(topic.name, ()):
            if folding.fold(text) not in have:
                TopicName.objects.create(topic=topic, text=text)
    return topics


def _organisations():
    texts = [f"{place} of {city}" for place in PLACES for city in CITIES]
    have = set(Organisation.objects.values_list("name", flat=True))
    Organisation.objects.bulk_create(
        Organisation(name=text, folded=names.fold(text)) for text in texts if text not in have
    )
    return list(Organisation.objects.filter(name__in=texts).order_by("pk"))


def _cards(draw, count, seed, now):
    peoples = list(PEOPLES.values())
    drawn = draw.choices(peoples, weights=[people[-1] for people in peoples], k=count)
    keys, cards = {}, []
    for number, (given, family, country, zone, _, _) in enumerate(drawn):
        first = draw.choice(given.split()).replace("_", " ")
        last = draw.choice(family.split())
        middle = draw.choice([*"ABCDEFGHKLMNPRSTW", *[""] * 9])
        name = f"{last}{first}" if country == "TW" else " ".join(filter(None, [first, middle and f"{middle}.", last]))
        if name not in keys:
            keys[name] = names.make_search_key([name]), names.skeletons([name])[:800]
        key, bones = keys[name]
        cards.append(
            {
                "uid": uuid.UUID(int=draw.getrandbits(128), version=4),
                "display_name": name,
                "country": country,
                "sort_name": f"{last}, {first}",
                "slug": f"many-{seed}-{number}",
                "time_zone": zone,
                "formats": draw.sample(FORMATS, draw.randint(0, 4)),
                "search_key": key,
                "name_skeleton": bones,
                "created_at": now,
                "updated_at": now,
            }  # fmt: skip
        )
    return cards, drawn


def _hang(draw, people, topics, organisations, now, by):
    """The folded words around one card's name, and the rows that hang on it: (model, its fields)."""
    *_, language, _ = people
    chance, today = draw.random, now.date()
    title, organisation = draw.choice(TITLES), draw.choice(organisations)
    rows = [(Affiliation, {"title": title, "organisation_id": organisation.pk, "is_primary": True})]
    around = [title.lower(), organisation.folded]
    for topic in draw.sample(topics, draw.choice((1, 1, 2, 3))):
        rows.append((ExpertTopic, {"tag_id": topic.pk, "level": draw.choice((1, 2, 2, 3))}))
        around.append(topic.name.lower())
    if chance() < 0.8:
        number, result = f"+4420{draw.randrange(10**8):08d}", draw.choice(("", "works", "bounced"))
        rows.append((Channel, {"kind": "phone", "raw": number, "normalized": number, "verify_result": result,
                               "verified_on": today - DAY * draw.randrange(900) if result else None}))  # fmt: skip
    if chance() < 0.6:
        address = f"x{draw.getrandbits(40):010x}@example.org"
        rows.append((Channel, {"kind": "email", "raw": address, "normalized": address}))
    for tag in {language: 1, "en": 1}:
        level = 4 if tag == language else draw.randint(1, 3)
        rows.append((LanguageSkill, {"tag": tag, "level": level, "on_air": chance() < 0.5}))
    if chance() < 0.6:
        start, end = draw.choice(((8, 16), (9, 17), (6, 22), (20, 3), (12, 13)))
        for weekday in draw.sample(range(7), 5):
            rows.append((AvailabilityWindow, {"weekday": weekday, "start": dt.time(start), "end": dt.time(end)}))
    if chance() < 0.03:
        rows.append((TimeOff, {"first": today - DAY * 3, "last": today + DAY * draw.randint(0, 9)}))
    if chance() < 0.02:
        kind = draw.choice((Bar.CONTACT, Bar.QUOTE))
        rows.append((Bar, {"kind": kind, "reason": "They asked us not to.", "since": today - DAY * 30}))
    if chance() < 0.5:
        on, outcome = (
            today - DAY * draw.randrange(700),
            draw.choice(("confirmed", "confirmed", "failed", "inconclusive")),
        )
        rows.append((Verification, {"method": "switchboard", "on": on, "by_id": by.pk, "outcome": outcome,
                                    "expires_on": on + DAY * 365}))  # fmt: skip
    if chance() < 0.4:
        at, outcome = now - DAY * draw.randrange(500), draw.choice(("reached", "no answer", "declined"))
        rows.append((ContactLog, {"at": at, "by_id": by.pk, "channel": "phone", "outcome": outcome}))
    return around, rows
