"""What a file says of where a number or an address is: at home, at work, with an assistant or a press office.

Programs write it into a header (“Home Street”), into a column of its own (“Phone 1 - Label”) or into a type of a
vCard. Whatever means home, private or personal, in any of the languages here, seals what it stands beside.
"""

import re
import unicodedata

CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def folded_label(text):
    """A label as its words are compared: small letters without accents, one blank between words."""
    text = CAMEL.sub(" ", text.replace("ß", "ss"))
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return unicodedata.normalize("NFC", " ".join(re.sub(r"[\W_]+", " ", text).split()))


def _words(text):
    return tuple(dict.fromkeys(map(folded_label, text.split())))


HOME = _words(
    "home house private priv personal dwelling res resi h "
    "zuhause hause daheim wohnung wohnort domicile privé privée perso personnel personnelle maison "
    "particular casa hogar vivienda moradia pessoal abitazione "
    "thuis persoonlijk hem hemma hemadress hemtelefon bostad hjem hjemme "
    "hjemmeadresse bolig koti kotipuhelin yksityinen henkilökohtainen "
    "dom domowy domowe domowa prywatny prywatna prywatne prywatnie domů domácí doma osobní soukromý súkromný "
    "osobný kućni kuća osobni zasebni otthon otthoni lakás magán acasă ev evde kişisel özel rumah pribadi nhà riêng "
    "σπίτι οικία οικίας προσωπικό ιδιωτικό дом дома домашний домашняя домашние личный личная личное частный "
    "домашна домашен вдома домашній особистий בית פרטי אישי منزل المنزل بيت البيت شخصي خاص خانه منزلی شخصی"
)
# Words that begin so, too: privater, homeaddress, Wohnort, Bostadsadress, residencial, kotiosoite.
HOME_START = re.compile(
    r"home(?!land|less|opath)|wohn|heim(?!at|lich)|zuhause|privat|privad|domicil|resid|personal|personli|personen"
    r"|persoenlich|thuis|woon|bostad|bosted|bopael|bopæl|hemma|hemadr|hemtel|hjem|casa(?!blanca)|koti|lakcim|lakhely"
    r"|zamieszk|bydlist|bydlisk|житель|прожив|домашн"
)
# Capitals that are written together end so: TELHOME, emailprivat.
HOME_END = ("home", "zuhause", "privat", "private", "prive", "domicile")
# A letter behind what it is of: “Tel (H)”, “Tel. p.”, “Phone (R)”.
HOME_LETTER = re.compile(r"\b(?:ph|phone|tel|telephone|telefon|e ?mail|mail|addr|address|adresse) [hpr]$")
# Written without blanks between words: found anywhere in a label.
HOME_PIECES = _words("自宅 個人 个人 私人 家庭 家 私用 집 자택 개인 บ้าน 住宅 住址")
WORK = _words(
    "work business office company job main professional dienstlich geschäftlich geschaeftlich büro buero arbeit firma "
    "beruflich bureau travail pro professionnel trabajo oficina trabalho lavoro ufficio werk kantoor zakelijk arbete "
    "jobb arbeid arbejde työ praca służbowy práce munka служебный работа рабочий عمل العمل"
)
ASSISTANT = _words("assistant assistants assistent assistentin assistente asistente sekretariat")
PRESS = _words("press presse prensa stampa pressestelle")
# What sounds like a home and is none: a page of the web, a firm, the hours of a day.
NO_HOME = re.compile(
    r"\bhome ?pages?\d*\b|\b(?:in|publishing|open) house\b|\bhouse (?:of|number|no)\b|\b\d+ ?h(?:rs?|ours?)?\b"
)
# A type of a vCard that looks like a word above and is none: an address within the country.
NOT_A_PLACE = {"dom"}
NUMBERS = (
    ("fax", _words("fax факс فاكس ファックス 传真")),
    ("pager", _words("pager beeper bipeur")),
    ("mobile", _words("mobil cell iphone handy portable movil móvil natel gsm komórka komórkowy мобильн сотов جوال "
                      "محمول 携帯 手机 휴대")),
)  # fmt: skip


def place_of_label(text):
    """ "home", "work", "assistant", "press office" or "", as a label says in whatever language.

    What is at home and at work at once is at home: the more careful of the two.
    """
    folded = NO_HOME.sub(" ", folded_label(text))
    words = [word.rstrip("0123456789") for word in folded.split()]  # “Home1” says what “Home” says
    if any(word in HOME or HOME_START.match(word) or word.endswith(HOME_END) for word in words):
        return "home"
    if HOME_LETTER.search(folded) or any(piece in folded for piece in HOME_PIECES):
        return "home"
    for place, known in (("assistant", ASSISTANT), ("press office", PRESS), ("work", WORK)):
        if any(word in known for word in words):
            return place
    return ""


def place_of_types(types, label=""):
    """The same of a vCard's types and of the label that Apple's cards add to them."""
    words = [kind.removeprefix("x-") for kind in types if kind not in NOT_A_PLACE]
    found = {place_of_label(text) for text in (*words, label)}
    return next((place for place in ("home", "assistant", "press office", "work") if place in found), "")


def number_of_label(text):
    """ "mobile", "fax", "pager" or "", as a label says of a telephone number."""
    folded = folded_label(text)
    for kind, pieces in NUMBERS:
        if any(piece in folded for piece in pieces):
            return kind
    return ""
