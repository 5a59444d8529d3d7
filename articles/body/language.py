"""What depends on a story's language: its quotation marks, and the words that we print around the text."""

# The outer opening and closing mark, then the inner ones; deeper levels alternate.
ENGLISH = "“", "”", "‘", "’"
MARKS = {
    "en": ENGLISH, "tr": ENGLISH, "nl": ENGLISH, "pt": ENGLISH, "ko": ENGLISH, "vi": ENGLISH, "hi": ENGLISH,
    "zh": ENGLISH,
    "ar": ("«", "»", "“", "”"), "es": ("«", "»", "“", "”"), "it": ("«", "»", "“", "”"), "el": ("«", "»", "“", "”"),
    "fr": ("«\u202f", "\u202f»", "“", "”"),
    "fa": ("«", "»", "‹", "›"), "de-ch": ("«", "»", "‹", "›"), "fr-ch": ("«", "»", "‹", "›"),
    "de": ("„", "“", "‚", "‘"), "cs": ("„", "“", "‚", "‘"), "sk": ("„", "“", "‚", "‘"), "bg": ("„", "“", "‚", "‘"),
    "pl": ("„", "”", "«", "»"), "ro": ("„", "”", "«", "»"), "hu": ("„", "”", "»", "«"),
    "ru": ("«", "»", "„", "“"), "uk": ("«", "»", "„", "“"), "be": ("«", "»", "„", "“"),
    "no": ("«", "»", "‘", "’"), "nb": ("«", "»", "‘", "’"), "nn": ("«", "»", "‘", "’"), "da": ("»", "«", "›", "‹"),
    "et": ("„", "“", "‚", "‘"), "lt": ("„", "“", "‚", "‘"), "is": ("„", "“", "‚", "‘"), "sl": ("„", "“", "‚", "‘"),
    "hr": ("„", "“", "‚", "‘"), "sr": ("„", "“", "‚", "‘"), "mk": ("„", "“", "‚", "‘"), "ka": ("„", "“", "‚", "‘"),
    "bs": ("„", "”", "‘", "’"), "ca": ("«", "»", "“", "”"), "eu": ("«", "»", "“", "”"), "gl": ("«", "»", "“", "”"),
    "sq": ("«", "»", "“", "”"), "hy": ("«", "»", "„", "“"), "ky": ("«", "»", "„", "“"), "kk": ("«", "»", "“", "”"),
    "az": ("«", "»", "“", "”"),
    "sv": ("”", "”", "’", "’"), "fi": ("”", "”", "’", "’"), "he": ("”", "”", "’", "’"),
    "ja": ("「", "」", "『", "』"), "zh-tw": ("「", "」", "『", "』"), "zh-hant": ("「", "」", "『", "』"),
}  # fmt: skip

WORDS = {
    "en": {
        "notes": "Notes", "legal_notes": "Legal notes", "note": "Note", "legal_note": "legal note",
        "back": "Back to the text", "table": "Table", "pictures": "Pictures", "facts": "Facts",
        "play": "Play the video", "watch": "Watch on", "privacy": "Nothing is loaded from there until you press play.",
        "show": "Show it here", "see": "See it on", "until": "Nothing is loaded from there until you ask for it.",
        "post": "A post on",
        "also": "also known as", "in_text_also": "Also known as", "about_picture": "About this picture",
    },
    "ar": {
        "notes": "هوامش", "legal_notes": "ملاحظات قانونية", "note": "هامش", "legal_note": "ملاحظة قانونية",
        "back": "عودة إلى النص", "table": "جدول", "pictures": "صور", "facts": "معلومات",
        "play": "تشغيل الفيديو", "watch": "شاهد على", "privacy": "لا يُحمَّل شيء من هناك قبل أن تضغط زر التشغيل.",
        "show": "اعرضه هنا", "see": "شاهده على", "until": "لا يُحمَّل شيء من هناك قبل أن تطلب ذلك.",
        "post": "منشور على",
        "also": "يُعرف أيضًا باسم", "in_text_also": "يُعرف أيضًا باسم", "about_picture": "عن هذه الصورة",
    },
    "de": {
        "notes": "Anmerkungen", "legal_notes": "Rechtliche Hinweise", "note": "Anmerkung",
        "legal_note": "rechtlicher Hinweis", "back": "Zurück zum Text", "table": "Tabelle", "pictures": "Bilder",
        "facts": "Fakten", "play": "Video abspielen", "watch": "Ansehen auf",
        "privacy": "Vor dem Abspielen wird von dort nichts geladen.",
        "show": "Hier anzeigen", "see": "Ansehen auf", "until": "Vorher wird von dort nichts geladen.",
        "post": "Beitrag auf",
        "also": "auch bekannt als", "in_text_also": "Auch bekannt als", "about_picture": "Über dieses Bild",
    },
    "fr": {
        "notes": "Notes", "legal_notes": "Mentions légales", "note": "Note", "legal_note": "mention légale",
        "back": "Retour au texte", "table": "Tableau", "pictures": "Images", "facts": "Repères",
        "play": "Lire la vidéo", "watch": "Regarder sur", "privacy": "Rien n’est chargé de ce site avant la lecture.",
        "show": "Afficher ici", "see": "Voir sur", "until": "Rien n’est chargé de ce site avant votre demande.",
        "post": "Message sur",
        "also": "aussi connu sous le nom de", "in_text_also": "Aussi connu sous le nom de",
        "about_picture": "À propos de cette image",
    },
}  # fmt: skip


def nearest(table, language):
    """The entry for a language tag such as "de-CH", else for a shorter one ("de"), else for English."""
    tag = (language or "en").lower()
    while tag:
        if tag in table:
            return table[tag]
        tag = tag.rpartition("-")[0]
    return table["en"]


def printed_words(language):
    """{name: words} that we print around a text in this language, such as "back" or "legal_note"."""
    return nearest(WORDS, language)


def quotation_marks(language, level):
    """(opening, closing) mark of a quotation; level 0 is the outermost, 1 one within it, and so on."""
    marks = nearest(MARKS, language)
    return (marks[0], marks[1]) if level % 2 == 0 else (marks[2], marks[3])


# Every mark that somebody may have typed around words before linking them to who said them.
OPENING = tuple('“‘«„‚"‹»›”「『')
CLOSING = tuple('”’»“‘"›«‹」』')


def has_own_quotation_marks(text):
    """Whether the text stands in quotation marks as a whole, so that printing more would double them."""
    text = text.strip()
    if len(text) < 3 or text[0] not in OPENING:
        return False
    end = text[:-1] if text[-1] in ",.;:!?،؛" else text
    inside = end[1:-1]
    return end[-1] in CLOSING and not any(mark in inside for mark in (text[0], end[-1]) if mark not in "’‘")
