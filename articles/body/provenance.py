"""Where a picture comes from, in words for a reader: a label where AI made it, and what its content credentials say."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format

from newsroom import paper
from newsroom.pictures import source_types

from . import language as languages

WORDS = {
    "en": {
        "made": "Made with AI", "altered": "Altered with AI", "illustration made": "Illustration made with AI",
        "illustration altered": "Illustration, altered with AI", "kind": "Kind", "camera": "Photograph",
        "drawn": "Drawn or made from data", "other": "Composite or recording of a screen",
        "author": "By", "seal": "Content credentials", "steps": "What was done", "parts": "Made from", "with": "with",
        "known": "Sealed by {signer}{at}. The seal holds.",
        "holds": "Sealed{at} in the name of {signer}, which we cannot check. The file has not been changed since.",
        "broken": "The seal does not hold: the file was changed afterwards, or the seal is not genuine.",
        "unread": "There are some; we could not read them.", "on": " on {day}", "nobody": "somebody unnamed",
        "created": "Made", "opened": "Opened", "placed": "Another picture placed in it",
        "cropped": "Cropped", "resized": "Resized or turned", "colours": "Colours adjusted", "filtered": "Filtered",
        "drawn upon": "Drawn upon", "removed": "Something taken out", "saved": "Saved again",
        "described": "Description edited", "published": "Published", "edited": "Edited",
    },
    "ar": {
        "made": "صورة مولَّدة بالذكاء الاصطناعي", "altered": "صورة معدَّلة بالذكاء الاصطناعي",
        "illustration made": "رسم مولَّد بالذكاء الاصطناعي", "illustration altered": "رسم معدَّل بالذكاء الاصطناعي",
        "kind": "النوع", "camera": "صورة فوتوغرافية", "drawn": "رسم أو تمثيل لبيانات",
        "other": "تركيب أو صورة شاشة", "author": "من عمل", "seal": "بيانات المصدر", "steps": "ما أُجري عليها",
        "parts": "مركَّبة من", "with": "بواسطة", "known": "مختومة من {signer}{at}، والختم سليم.",
        "holds": "مختومة{at} باسم {signer}، وهو اسم لا يمكننا التحقق منه. لم يتغير الملف منذ ذلك الحين.",
        "broken": "الختم غير سليم: تغيّر الملف بعده، أو أن الختم غير أصلي.", "unread": "موجودة، وتعذّرت قراءتها.",
        "on": " في {day}", "nobody": "جهة غير مسمّاة", "created": "إنشاء", "opened": "فتح",
        "placed": "إضافة صورة أخرى", "cropped": "قص", "resized": "تغيير الحجم أو الاتجاه",
        "colours": "تعديل الألوان", "filtered": "ترشيح", "drawn upon": "رسم عليها", "removed": "إزالة جزء منها",
        "saved": "حفظ من جديد", "described": "تعديل الوصف", "published": "نشر", "edited": "تحرير",
    },
    "de": {
        "made": "Mit KI erzeugt", "altered": "Mit KI verändert", "illustration made": "Illustration, mit KI erzeugt",
        "illustration altered": "Illustration, mit KI verändert", "kind": "Art", "camera": "Fotografie",
        "drawn": "Gezeichnet oder aus Daten", "other": "Montage oder Bildschirmaufnahme", "author": "Von",
        "seal": "Herkunftsnachweis", "steps": "Was geschah", "parts": "Entstanden aus", "with": "mit",
        "known": "Versiegelt von {signer}{at}. Das Siegel ist unversehrt.",
        "holds": "Versiegelt{at} im Namen von {signer}, was wir nicht prüfen können. Sie ist seither unverändert.",
        "broken": "Das Siegel gilt nicht: Die Datei wurde danach verändert, oder das Siegel ist nicht echt.",
        "unread": "Vorhanden; wir konnten ihn nicht lesen.", "on": " am {day}", "nobody": "jemand Ungenanntem",
        "created": "Erstellt", "opened": "Geöffnet", "placed": "Ein anderes Bild eingesetzt",
        "cropped": "Zugeschnitten", "resized": "Größe oder Lage geändert", "colours": "Farben angepasst",
        "filtered": "Gefiltert", "drawn upon": "Hineingezeichnet", "removed": "Etwas entfernt",
        "saved": "Neu gespeichert", "described": "Beschreibung geändert", "published": "Veröffentlicht",
        "edited": "Bearbeitet",
    },
    "fr": {
        "made": "Créée par IA", "altered": "Modifiée par IA", "illustration made": "Illustration créée par IA",
        "illustration altered": "Illustration modifiée par IA", "kind": "Nature", "camera": "Photographie",
        "drawn": "Dessin ou données", "other": "Montage ou capture d’écran", "author": "Par",
        "seal": "Certificat d’origine", "steps": "Ce qui a été fait", "parts": "À partir de", "with": "avec",
        "known": "Scellée par {signer}{at}. Le sceau est intact.",
        "holds": "Scellée{at} au nom de {signer}, ce que nous ne pouvons vérifier. Fichier inchangé depuis.",
        "broken": "Le sceau ne tient pas : fichier modifié ensuite, ou sceau inauthentique.",
        "unread": "Présent ; nous n’avons pas pu le lire.", "on": " le {day}", "nobody": "quelqu’un d’anonyme",
        "created": "Création", "opened": "Ouverture", "placed": "Autre image insérée", "cropped": "Recadrage",
        "resized": "Taille ou orientation", "colours": "Couleurs ajustées", "filtered": "Filtre",
        "drawn upon": "Dessin ajouté", "removed": "Élément retiré", "saved": "Nouvel enregistrement",
        "described": "Description modifiée", "published": "Publication", "edited": "Retouche",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """What is printed of where a picture comes from: a label, "" for none, and (name, words) facts."""

    label: str = ""
    facts: tuple = ()

    def __bool__(self):
        return bool(self.label or self.facts)


def ai_label(ai, illustration=False, language="en"):
    """The label of a picture by what AI did to it; "" where it did nothing."""
    return words_in(language)[f"illustration {ai}" if illustration else str(ai)] if ai else ""


def words_in(language):
    """The words of this page in a language, or in the nearest one that has them."""
    return languages.nearest(WORDS, language)


def origin_of(picture, language="en"):
    """The Origin of a picture as an edition froze it, a dict with `ai`, `illustration`, `source_type`, `credentials`.

    Facts are told where there are credentials, or where AI has to do with it.
    """
    said, found, ai = words_in(language), picture.get("credentials") or {}, picture.get("ai") or ""
    label = ai_label(ai, picture.get("illustration"), language)
    if not found and not ai:
        return Origin()
    group = source_types.SOURCE_TYPES.get(picture.get("source_type", ""))
    facts = [
        (said["kind"], said[group.group] if group and not group.ai and not ai else ""),
        (said["author"], ", ".join(found.get("authors", ()))),
        (said["steps"], " · ".join(step_in_words(step, language) for step in found.get("steps", ()))),
        (said["parts"], ", ".join(found.get("parts", ()))),
        (said["seal"], seal_in_words(found, language)),
    ]
    return Origin(label, tuple(fact for fact in facts if fact[1]))


def step_in_words(step, language="en"):
    """One thing that was done to a picture, with the program that did it."""
    said = words_in(language)
    done = said["drawn upon" if step["action"] == "drawn" else step["action"]]
    by_ai = ai_label(source_types.ai_of(step.get("source_type", "")), language=language)
    with_program = f" {said['with']} {step['program']}" if step.get("program") else ""
    return f"{done}{with_program}" + (f" ({by_ai})" if by_ai else "")


def seal_in_words(found, language="en"):
    """How the seal of some credentials stands; "" where there are none."""
    if not found:
        return ""
    said = words_in(language)
    at = _day(found.get("at"), language)
    return said[found["seal"]].format(
        signer=found.get("signer") or said["nobody"], at=said["on"].format(day=at) if at else ""
    )


def _day(text, language):
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return ""
    with translation.override(language if translation.check_for_language(language) else "en"):
        return date_format(paper.local(at) if at.tzinfo else at, "j F Y")
