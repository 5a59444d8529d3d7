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
    "home homephone homeemail private personal residence residential dwelling "
    "zuhause daheim wohnung wohnort domicile privé privée perso personnel personnelle maison "
    "particular casa domicilio pessoal abitazione thuis persoonlijk hem hemma hemadress hemtelefon bostad hjem hjemme "
    "hjemmeadresse bolig koti kotipuhelin yksityinen henkilökohtainen "
    "dom domowy domowe domowa prywatny prywatna prywatne prywatnie domů domácí doma osobní soukromý súkromný "
    "osobný kućni kuća osobni zasebni otthon otthoni lakás magán acasă ev evde kişisel özel rumah pribadi nhà riêng "
    "σπίτι οικία οικίας προσωπικό ιδιωτικό дом дома домашний домашняя домашние личный личная личное частный "
    "домашна домашен вдома домашній особистий בית פרטי אישי منزل المنزل بيت البيت شخصي خاص خانه منزلی شخصی"
)
# Words that begin so, too: privater, privatadresse, personale, domicilio, homephone.
HOME_STEMS = ("privat", "privad", "domicil", "personal", "personli", "personen", "persoenlich", "hemma", "hjemme")
# Written without blanks between words: found anywhere in a label.
HOME_PIECES = _words("自宅 個人 个人 私人 家庭 家 私用 집 자택 개인 บ้าน")
WORK = _words(
    "work business office company job main professional dienstlich geschäftlich geschaeftlich büro buero arbeit firma "
    "beruflich bureau travail pro professionnel trabajo oficina trabalho lavoro ufficio werk kantoor zakelijk arbete "
    "jobb arbeid arbejde työ praca służbowy práce munka служебный работа рабочий عمل العمل"
)
ASSISTANT = _words("assistant assistants assistent assistentin assistente asistente sekretariat")
PRESS = _words("press presse prensa stampa pressestelle")
# How a page of the web is called that is nobody's private one.
HOME_PAGE = re.compile(r"\bhome ?pages?\b")
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
    folded = HOME_PAGE.sub(" ", folded_label(text))
    words = folded.split()
    if any(word in HOME or word.startswith(HOME_STEMS) for word in words):
        return "home"
    if any(piece in folded for piece in HOME_PIECES):
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
