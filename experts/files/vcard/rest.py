"""What stands on vCards beside names, numbers and roles: services of chats, and what the paper has no use for."""

from ...channels import KINDS

# Written by a program for itself; told once for a file.
TECHNICAL = frozenset(
    "VERSION PRODID REV SOURCE PROFILE NAME MAILER CLIENTPIDMAP XML CREATED X-ABUID X-ABADR X-ABLABEL X-IMAGEHASH "
    "X-IMAGETYPE X-SHARED-PHOTO-DISPLAY-PREF X-NAME-GUESSED X-EVOLUTION-FILE-AS X-MS-OL-DESIGN X-MS-IMADDRESS-TYPE "
    "X-MS-OL-DEFAULT-POSTAL-ADDRESS X-ABSHOWAS X-ADDRESSBOOKSERVER-KIND X-MOZILLA-HTML X-IRMC-LUID X-CLASS "
    "X-ABCROP-RECTANGLE X-RADICALE-NAME X-ACCESS X-FILE-AS".split()
)
# Left out of every card, with the words that say so.
LEFT_OUT = {
    "BDAY": "A birthday", "X-BDAY": "A birthday", "BIRTHPLACE": "A place of birth", "DEATHPLACE": "A place of death",
    "DEATHDATE": "A day of death", "ANNIVERSARY": "An anniversary", "X-ANNIVERSARY": "An anniversary",
    "X-EVOLUTION-ANNIVERSARY": "An anniversary", "X-KADDRESSBOOK-X-ANNIVERSARY": "An anniversary",
    "X-MS-ANNIVERSARY": "An anniversary", "X-WAB-WEDDING_ANNIVERSARY": "An anniversary", "X-ABDATE": "A private day",
    "GENDER": "A gender", "X-GENDER": "A gender", "X-WAB-GENDER": "A gender", "GRAMGENDER": "A gender",
    "KEY": "A key", "SOUND": "A sound", "LOGO": "A logo", "GEO": "A place on the map",
    "RELATED": "A relation", "X-ABRELATEDNAMES": "A relation", "X-SPOUSE": "A relation", "X-MS-SPOUSE": "A relation",
    "X-EVOLUTION-SPOUSE": "A relation", "X-KADDRESSBOOK-X-SPOUSESNAME": "A relation", "X-CHILD": "A relation",
    "X-MS-CHILD": "A relation", "MEMBER": "A member of a group", "X-ADDRESSBOOKSERVER-MEMBER": "A member of a group",
    "HOBBY": "A hobby", "INTEREST": "A hobby", "CALURI": "A calendar", "FBURL": "A calendar",
    "CALADRURI": "A calendar", "ORG-DIRECTORY": "A directory", "CLASS": "A class of access",
    "X-MS-CARDPICTURE": "A picture of a card",
}  # fmt: skip
# Properties of other programs that hold an address of a chat, and its service.
CHATS = {
    "X-SKYPE": "skype", "X-SKYPE-USERNAME": "skype", "X-AIM": "aim", "X-ICQ": "icq", "X-JABBER": "xmpp",
    "X-MSN": "msn", "X-YAHOO": "yahoo", "X-YAHOO-ID": "yahoo", "X-GOOGLE-TALK": "gtalk", "X-GTALK": "gtalk",
    "X-GADUGADU": "gadugadu", "X-GROUPWISE": "groupwise", "X-QQ": "qq", "X-MATRIX": "matrix", "X-TWITTER": "twitter",
    "X-KADDRESSBOOK-X-IMADDRESS": "chat", "X-EVOLUTION-VIDEO-URL": "chat", "X-MS-IMADDRESS": "chat",
    "X-WHATSAPP": "whatsapp", "X-TELEGRAM": "telegram", "X-SIGNAL": "signal", "X-SIP": "sip", "X-THREEMA": "threema",
    "X-WECHAT": "wechat", "X-EVOLUTION-SKYPE": "skype", "X-GOOGLE-PROFILE": "google",
}  # fmt: skip
# How Apple calls what needs no word of its own.
PLAIN_LABELS = frozenset("other main homepage home page school email mobile phone iphone work home fax pager".split())


def kind_of_service(name):
    """The kind of channel that a social profile's service is; "" for one that we do not keep under its own name."""
    return next((kind for kind, row in KINDS.items() if not row.vcard and name in (kind, *row.services)), "")


def chat_of(value, services):
    """(kind, value) of an address of a chat or a profile elsewhere: under its own kind where the house has one.

    What is an address of the web is a web page, and anything else “service:name”.
    """
    scheme, colon, rest = value.partition(":")
    named = [scheme.lower(), *services] if colon and not rest.startswith("//") else list(services)
    if kind := next(filter(None, map(kind_of_service, named)), ""):
        own = colon and kind_of_service(scheme.lower())
        return kind, rest if own else value
    if value.lower().startswith(("http://", "https://", "www.")):
        return "web", value
    if colon and scheme.isalnum() and rest:
        return "chat", value
    service = next((name for name in services if name not in ("pref", "home", "work", "other")), "chat")
    return "chat", f"{service}:{value}"
