"""Words and patterns that show who speaks: verbs of saying, pronouns, kinds of people."""

import re

SAID = (
    "said says say saying told tells added adds asked asks argued argues warned warns noted notes noting explained"
    " explains wrote writes insisted insists recalled recalls continued replied replies answered answers suggested"
    " suggests believes concluded concludes stressed observed observes claimed claims predicted predicts agreed"
    " acknowledged admitted cautioned commented contended declared denied emphasised emphasized estimated pointed"
    " remarked responded reckons reckoned calls called described describes conceded maintains maintained thinks thought"
    " puts put joked objected protested"
)
# Arabic verbs, also with "and" or "so" written onto them. They hold their subject: "she added" is one word.
SAID_IN_ARABIC = (
    "قال قالت يقول تقول أضاف أضافت يضيف أوضح أوضحت تابع تابعت أكد أكدت ذكر ذكرت أشار أشارت صرح صرحت أعلن أعلنت كتب كتبت"
    " اعتبر اعتبرت شدد شددت رد ردت سأل سألت حذر حذرت نفى نفت لفت لفتت ختم ختمت"
)
SAID_IN_GERMAN = (
    "sagt sagte erklärt erklärte betont betonte fügt fügte meint meinte räumt räumte widerspricht widersprach warnt"
    " warnte fordert forderte kritisiert kritisierte berichtet berichtete schreibt schrieb antwortet antwortete"
    " entgegnet entgegnete erwidert erwiderte ergänzt ergänzte versichert versicherte beteuert beteuerte mahnt mahnte"
    " fragt fragte erzählt erzählte gibt gab stellt stellte wendet wandte lobt lobte urteilt urteilte bestätigt"
    " bestätigte kündigt kündigte behauptet behauptete klagt klagte verteidigt begründet begründete so"
)
SAID_IN_FRENCH = (
    "dit ajoute ajouté explique expliqué déclare déclaré affirme affirmé assure assuré précise précisé estime estimé"
    " souligne souligné insiste insisté répond répondu reconnaît reconnu confie confié raconte raconté poursuit"
    " poursuivi regrette regretté écrit lance lancé conclut rappelle rappelé avertit prévient admet admis selon"
    " ajoutait déclarait expliquait disait"
)
SAID_IN_SPANISH_AND_ITALIAN = (
    "dijo dice añadió añade explicó explica señaló señala afirmó afirma aseguró asegura sostuvo indicó declaró"
    " subrayó advirtió reconoció respondió preguntó insistió escribió agregó manifestó"
    " ha detto dice disse aggiunge spiega spiegato dichiarato afferma affermato sottolinea risponde"
)
SAID_IN_DUTCH_AND_NORDIC = (
    "zei zegt vertelde verklaarde benadrukte schreef waarschuwde säger sade sa sier siger sagde berättar fortalte"
)
VERBS = sorted(
    {
        *f"{SAID} {SAID_IN_GERMAN} {SAID_IN_FRENCH} {SAID_IN_SPANISH_AND_ITALIAN} {SAID_IN_DUTCH_AND_NORDIC}".split(),
        r"(?:went|goes) on", "put it", "puts it", rf"[وف]?(?:{'|'.join(SAID_IN_ARABIC.split())})",
    },
    key=len,
    reverse=True,
)  # fmt: skip
VERB = re.compile(rf"(?<!\w)(?:{'|'.join(VERBS)})(?!\w)", re.IGNORECASE)
# Verbs that need no subject beside them.
WITH_ITS_SUBJECT = re.compile(
    rf"[وف]?(?:{'|'.join(SAID_IN_ARABIC.split())})|"
    "dijo|añadió|añade|explicó|señaló|afirmó|aseguró|sostuvo|indicó|declaró|subrayó|advirtió|agregó|aggiunge|insistió"
)
ACCORDING = re.compile(
    r"(?<!\w)(?:according to|in the words of|selon|d[’']après|laut|nach Angaben von|según|secondo)\s+$", re.IGNORECASE
)
LONGEST_ACCORDING = 30  # characters
PRONOUN = re.compile(r"(?<!\w)(?:he|she|er|sie|ils?|elles?|él|ella|hij|zij|hon|hun|هو|هي)(?!\w)", re.IGNORECASE)
# A quotation behind one of these is the name of a book, a film or a law, not something said.
TITLE_OF_A_WORK = re.compile(
    r"(?<!\w)(?:book|novel|film|song|play|poem|album|essay|paper|report|study|series|documentary|memoir|article|titled"
    r"|entitled|author of|called|named|known as|dubbed|headlined)[\s,]*(?:is |was )?$",
    re.IGNORECASE,
)
# Words given to another newspaper or broadcaster: ours quote them second hand.
ANOTHER_OUTLET = re.compile(
    r"(?<!\w)(?:told|tells|in an interview with|interview in|speaking to|wrote in|writing in|on|à|au|dem|der|den)\s+"
    r"(?:the )?(?:[^\W\d_a-z][\w’'-]*\s+){0,3}(?:Reuters|AFP|AP|dpa|BBC|CNN|Al Jazeera|Radio|TV|News|Times|Post|Herald"
    r"|Gazette|Tribune|Guardian|Journal|Courier|Telegraph|Chronicle|Mail|Zeitung|Spiegel|Figaro|Monde|País|Press"
    r"|Agency|Observer|Independent|Magazine|newspaper|broadcaster)(?!\w)"
)
# Somebody without a card: a capitalised name, or a kind of person that agencies quote.
NAME = r"[^\W\d_a-z][\w’'.-]*(?:\s+(?:al-|bin |de |van |von )?[^\W\d_a-z][\w’'-]+)*"
KIND = (
    "official officials diplomat diplomats spokesman spokeswoman spokesperson minister ministry source sources lawyer"
    " lawyers officer officers resident residents aide aides statement report delegation adviser analyst observer"
    " expert economist professor historian researcher commander senator judge author scholar president critics"
    " captain driver witness witnesses doctor people person man woman"
)
KINDS = frozenset(KIND.split())
NEAR_START = 45  # a sentence's subject is looked for in this many characters from its beginning
STRANGER = re.compile(rf"(?<!\w)(?:{NAME}|(?:[Tt]he |[Aa]n? )?(?:{'|'.join(KIND.split())}))(?!\w)")
DESCRIBED = re.compile(r"(?<!\w)the (?:\w+ ){0,2}?(\w+)(?!\w)", re.IGNORECASE)
SENTENCE_ENDS = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bProf)(?<!\b[A-Z])(?<![.!?؟…])[.!?؟…]+(?=[\s”»«’\"'“]|$)"
)
RELATIVE = re.compile(r"^(?:who|whose|which|and|but|as|in|on|at|with|when|where|while|noting|adding)\b", re.IGNORECASE)
ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
BEFORE_NAME = re.compile(r"(?:(?<=^)|(?<=[\s(]))((?:[a-z][\w’-]*\s+){1,4})$")
SMALL = frozenset(
    "a an the to by of for with and or but that than from in on at as says said told asked according adds added dr mr"
    " mrs ms is was were are did does then when while like between against his her their its".split()
)
