"""Cards as programs write them, odd ones above all: made here, of invented people."""

import base64
import quopri

from ..pictures import jpeg


def _folded(text, width=75):
    """A long line as vCards break it."""
    return "\r\n ".join(text[start : start + width] for start in range(0, len(text), width))


def _quoted(text, charset="utf-8"):
    """Quoted-printable with its soft breaks, as Outlook and old phones write it."""
    pieces = (quopri.encodestring(line.encode(charset)).decode("ascii") for line in text.split("\n"))
    return "=0D=0A".join(pieces).replace("\n", "\r\n")


FACE = base64.b64encode(jpeg(width=60, height=60).read()).decode()
AGENT = "BEGIN:VCARD\\nVERSION:3.0\\nFN:Agent Inside\\nTEL:+442079460990\\nEND:VCARD\\n"

# name: (version, lines). Each has whatever its program adds to a card.
CARDS = {
    "Outlook 2.1": (
        "2.1",
        [
            "N;LANGUAGE=de;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + _quoted("Müller;Jörg;Aurel;Dr.;"),
            "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + _quoted("Dr. Jörg Aurel Müller"),
            "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + _quoted("Hafenbehörde;Abteilung für Kräne"),
            "TITLE:Hafenmeister",
            "TEL;WORK;VOICE:(01632) 960 101",
            "TEL;HOME;VOICE:(01632) 960 102",
            "TEL;CELL;VOICE:07700 900103",
            "TEL;WORK;FAX:(01632) 960 104",
            "TEL;PAGER:4711",
            "TEL;CAR:unbekannt",
            "ADR;WORK;PREF;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
            + _quoted(";;Kai-Straße 1\nHinterhaus;Orle;;OR1;UK"),
            "LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:Kai-Stra=C3=9Fe 1=0D=0AHinterhaus=0D=0AOrle OR1",
            "ADR;HOME:;;9 Private Row;Orle;;OR2;UK",
            "X-MS-OL-DEFAULT-POSTAL-ADDRESS:2",
            "X-MS-IMADDRESS:joerg@chat.example",
            "URL;HOME:http://home.example",
            "URL;WORK:http://work.example",
            "ROLE:Sprecher",
            "BDAY:19700102",
            "EMAIL;PREF;INTERNET:joerg@hafen.example",
            "X-MS-MANAGER:Frau Oberhafen",
            "X-MS-SPOUSE:Petra",
            "X-MS-CARDPICTURE:x",
            "PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n " + _folded(FACE, 70) + "\r\n\r\n",
            "X-MS-OL-DESIGN;CHARSET=utf-8:<card/>",
            "TZ:GMT Standard Time",
            "NOTE;ENCODING=QUOTED-PRINTABLE:Nur vormittags=0D=0Aanrufen",
            "REV:20240102T030405Z",
        ],
    ),
    "Nokia, in Latin letters of its own": (
        "2.1",
        [
            "N;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:" + _quoted("Håkansson;Åke", "latin-1"),
            "TEL;VOICE;CELL:+46 70 1740 605",
            "TEL;HOME:08-12 34 56",
            "X-IRMC-LUID:000200000012",
            "X-NICKNAME:Åkeman",
        ],
    ),
    "Android": (
        "2.1",
        [
            "N:Ferro;Ana;;;",
            "FN:Ana Ferro",
            "TEL;CELL;PREF:0791 234 567",
            "TEL;X-Sommerhaus:+41 79 000 00 01",
            "EMAIL;HOME:ana.home@post.example",
            "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Anita;1;;;;;;;;;;;;;",
            "X-SKYPE-USERNAME:ana.ferro",
            "X-AIM:anaim",
            "X-QQ:123456",
            "PHOTO;ENCODING=BASE64;JPEG:" + _folded(FACE, 72) + "\r\n",
        ],
    ),
    "iOS": (
        "3.0",
        [
            "PRODID:-//Apple Inc.//iPhone OS 17.1//EN",
            "N:Ito;Yuki;;;",
            "FN:Yuki Ito",
            "ORG:Port Lab;",
            "TITLE:diver",
            "item1.TEL:+81 90 1234 5678",
            "item1.X-ABLabel:自宅",
            "item2.EMAIL;type=INTERNET:yuki@lab.example",
            "item2.X-ABLabel:_$!<Work>!$_",
            "item3.ADR;type=HOME;type=pref:;;1-2-3 Hama;Kobe;;650;Japan",
            "item3.X-ABADR:jp",
            "item4.URL;type=pref:yuki.example",
            "item4.X-ABLabel:_$!<HomePage>!$_",
            "item5.X-ABDATE:2001-02-03",
            "item5.X-ABLabel:_$!<Anniversary>!$_",
            "item6.X-ABRELATEDNAMES:Ken Ito",
            "item6.X-ABLabel:_$!<Brother>!$_",
            "item7.TEL:+81 78 000 0000",
            "item7.X-ABLabel:Boathouse",
            "X-SOCIALPROFILE;type=twitter:http://twitter.com/yukidives",
            "X-SOCIALPROFILE;type=facebook;x-user=yuki.i:http://www.facebook.com/yuki.i",
            "X-PHONETIC-FIRST-NAME:ゆき",
            "IMPP;X-SERVICE-TYPE=Skype;type=HOME:skype:yuki.ito",
            "X-ABUID:55D4-1::ABPerson",
            "X-IMAGETYPE:PHOTO",
            "PHOTO;ENCODING=b;TYPE=JPEG:" + _folded(FACE),
            "BDAY;value=date:1990-01-01",
            "PHOTO;VALUE=uri:http://face.example/y",
        ],
    ),
    "Apple's company": (
        "3.0",
        [
            "N:Wells;Corin;;;",
            "FN:Lantern Theatre",
            "ORG:Lantern Theatre;Box office",
            "X-ABShowAs:COMPANY",
            "TEL;type=MAIN:+44 1632 960200",
            "NOTE:Door code is changed weekly",
        ],
    ),
    "Google": (
        "3.0",
        [
            "FN:Mr. John Doe, Sr.",
            "N:Doe;John;;Mr.;Sr.",
            "NICKNAME:Johnny,Jo",
            "item1.EMAIL;TYPE=INTERNET:jd@mail.example",
            "item1.X-ABLabel:Privat",
            "TEL;TYPE=GRANDCENTRAL:+1 650-253-0000",
            "ADR;TYPE=HOME:;;1 Elm\\nFlat 2;Austin;TX;1;USA",
            "ORG:Acme\\, Inc.",
            "TITLE:Buyer",
            "X-GENDER:M",
            "CATEGORIES:myContacts,Harbour people",
            "X-SPOUSE:Jane",
            "item2.URL:http\\://www.google.com/profiles/1",
            "item2.X-ABLabel:PROFILE",
            "CLASS:PRIVATE",
            "NOTE:Met at the fair",
        ],
    ),
    "Nextcloud": (
        "4.0",
        [
            "PRODID:-//Sabre//Sabre VObject 4.5.3//EN",
            "UID:6f5ce3ac-8a1f-4cf0-9d5b-0e6a5a6f6a11",
            "FN:Leena Virta",
            "N:Virta;Leena;;;",
            'TEL;TYPE="HOME,VOICE":09 123 456',
            "EMAIL;TYPE=HOME;PREF=1:leena@koti.example",
            "X-SOCIALPROFILE;TYPE=MASTODON:https://social.example/@leena",
            "X-SOCIALPROFILE;TYPE=instagram:leena.v",
            "RELATED;TYPE=spouse:Otso Virta",
            "IMPP:matrix:u/leena:chat.example",
            "TZ;VALUE=utc-offset:+0200",
            "PHOTO:data:image/jpeg;base64," + _folded(FACE),
            "GENDER:F",
            "LANG;PREF=1:fi",
            "LANG:sv",
            "KIND:individual",
            "ANNIVERSARY:20010203",
            "CREATED:20200101T000000Z",
            "REV:20240101T000000Z",
            "GEO:geo:60.1,24.9",
        ],
    ),
    "everything of RFC 6350": (
        "4.0",
        [
            "KIND:individual",
            "FN;PREF=1:Simone Perraud",
            "FN:S. Perraud",
            "N:Perraud;Simone;;;ing. jr,M.Sc.",
            "NICKNAME:Momo",
            'TEL;VALUE=uri;TYPE="voice,work";PREF=1:tel:+1-418-656-9254;ext=102',
            "TEL;TYPE=text:+1-418-262-6501",
            'TEL;VALUE=uri;TYPE="video":sip:simone@video.example',
            "EMAIL:simone@via.example",
            "GEO;TYPE=work:geo:46.7,-71.2",
            "KEY;TYPE=work;VALUE=uri:http://via.example/key.asc",
            "TZ:-0500",
            "TZ:Raleigh/North America",
            "ROLE:Project leader",
            "SOUND:data:audio/basic;base64,AAAA",
            "LOGO:http://via.example/logo.png",
            "MEMBER:mailto:x@via.example",
            "RELATED;TYPE=friend:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "FBURL:http://via.example/fb",
            "CALURI:http://via.example/cal",
            "CALADRURI:mailto:cal@via.example",
            "EXPERTISE;LEVEL=expert:ice breaking",
            "HOBBY:skating",
            "INTEREST:curling",
            "CLIENTPIDMAP:1;urn:uuid:3df403f4",
            "SOURCE:ldap://x",
            "XML:<a/>",
            "X-UNHEARD-OF;X-Y=1:something of its own",
            'ORG;SORT-AS="Via":Viagénie;Recherche;Groupe Nord',
            "TITLE:engineer",
            "BIRTHPLACE:Québec",
            "DEATHDATE:2090",
            "PRONOUNS:she/her",
            "PRONOUNS;LANGUAGE=fr:elle",
            "X-CRYPTO:p@ssed",
        ],
    ),
    "an assistant inside": ("3.0", ["FN:Boss Outside", "N:Outside;Boss;;;", "TEL:+442079460991", f"AGENT:{AGENT}"]),
    "a name in two scripts": (
        "4.0",
        [
            "FN;ALTID=1:Lina Almansour",
            "FN;ALTID=1;LANGUAGE=ar:لينا المنصور",
            "N;ALTID=1:Almansour;Lina;;;",
            "N;ALTID=1;LANGUAGE=ar:المنصور;لينا;;;",
            "TEL:٠٧٩٠١٢٣٤٥٦",
        ],
    ),
    "a mail and no name": ("3.0", ["N:;;;;", "FN:", "EMAIL:nobody.knows@mail.example"]),
    "a number and no name": ("2.1", ["N:", "TEL;CELL:+447700900199"]),
    "a list": ("4.0", ["KIND:group", "FN:The pilots", "MEMBER:urn:uuid:03a0e51f", "MEMBER:mailto:p@pilots.example"]),
    "an organisation of 4.0": (
        "4.0",
        ["KIND:org", "FN:The Salt Office", "ORG:The Salt Office", "TEL:+442079460992", "URL:https://salt.example"],
    ),
    "numbers as nobody dials them": (
        "3.0",
        [
            "FN:Odd Numbers",
            "N:Numbers;Odd;;;",
            "TEL:12",
            "TEL:ask the desk",
            "TEL;TYPE=HOME:call her sister",
            "TEL:+999999",
            "EMAIL:at home",
            "URL:not a page",
            "TEL;TYPE=CELL:0170 555 0199 or 0198",
            "TZ:Fantasy Time",
            "UID:not-one-of-ours",
            "X-JABBER:odd@jabber.example",
            "X-ICQ:55555555",
            "LANG:Klingon",
            "TITLE:" + "long " * 60,
            "FN:Odd N. Umbers",
        ],
    ),
    "a note broken at will": (
        "3.0",
        ["FN:Broken Lines", "N:Lines;Broken;;;", "NOTE:first line", "second line of it", "TEL:+442079460993"],
    ),
    "three jobs and one more": (
        "3.0",
        [
            "FN:Busy Body",
            "N:Body;Busy;;;",
            "ORG:One House",
            "TITLE:first job",
            "item1.ORG:Two House",
            "item1.TITLE:second job",
            "item2.ORG:Three House",
            "item2.TITLE:third job",
            "item3.ORG:Four House",
            "item3.TITLE:fourth job",
            "ROLE:patron",
        ],
    ),
    "Windows contacts": (
        "2.1",
        [
            "N:Wab;Wendy",
            "FN:Wendy Wab",
            "X-WAB-GENDER:1",
            "X-WAB-WEDDING_ANNIVERSARY:20000101",
            "TEL;ISDN:+442079460994",
            "EMAIL;X400:C=GB;A= ;P=Orle",
            "KEY;X509;ENCODING=BASE64:\r\n    MIICajCC\r\n    AdOgAwIB\r\n\r\n",
            "MAILER:ccMail 2.2",
        ],
    ),
    "Evolution": (
        "3.0",
        [
            "FN:Eve Olution",
            "N:Olution;Eve;;;",
            "X-EVOLUTION-FILE-AS:Olution\\, Eve",
            "X-EVOLUTION-SPOUSE:Adam",
            "X-EVOLUTION-ANNIVERSARY:2000-01-01",
            "X-EVOLUTION-MANAGER:Ms Manager",
            "X-EVOLUTION-BLOG-URL:http://blog.example",
            "X-MOZILLA-HTML:FALSE",
            "EMAIL;TYPE=OTHER;X-EVOLUTION-UI-SLOT=1:eve@evo.example",
            "X-GROUPWISE:evegw",
            "X-YAHOO:eveya",
            "X-GADUGADU:777",
            "CALURI:http://cal.example",
            "LABEL;TYPE=HOME:4 Only Label Lane\\nOrle",
            "X-MSN:eve@msn.example",
        ],
    ),
    "quoted-printable in Cyrillic": (
        "2.1",
        [
            "N;CHARSET=KOI8-R;ENCODING=QUOTED-PRINTABLE:" + _quoted("Петрова;Анна", "koi8-r"),
            "FN;CHARSET=KOI8-R;ENCODING=QUOTED-PRINTABLE:" + _quoted("Анна Петрова", "koi8-r"),
            "TEL;HOME:+7 495 123-45-67",
            "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + _quoted("Институт рыбы и моря имени капитана"),
        ],
    ),
}


def card_bytes(version, lines, end="\r\n"):
    text = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
    return text.replace("\r\n", end).encode()


def every_card(end="\r\n"):
    return b"".join(card_bytes(*card, end=end) for card in CARDS.values())


# How programs hand the same file over.
FILES = {
    "one after the other": every_card(),
    "lines of Unix": every_card("\n"),
    "lines of the old Macintosh": every_card("\r"),
    "lines with a return too many": every_card("\r\r\n"),
    "a mark in front": b"\xef\xbb\xbf" + every_card(),
    "UTF-16, marked": every_card().decode().encode("utf-16"),
    "UTF-16, without a mark": every_card().decode().encode("utf-16-be"),
    "empty lines between": every_card().replace(b"END:VCARD\r\n", b"END:VCARD\r\n\r\n\r\n"),
    "small letters": every_card().replace(b"BEGIN:VCARD", b"begin:vcard").replace(b"END:VCARD", b"end:vcard"),
}
