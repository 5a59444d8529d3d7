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
SAID_ELSEWHERE = (
    "قال وقال قالت وقالت أضاف وأضاف أضافت وأضافت أوضح وأوضح يقول وتابع تابع أكد وأكد"
    " dit ajoute explique déclare affirme déclaré ajouté expliqué affirmé sagt sagte erklärte betonte fügte"
    " dijo dice añadió explicó señaló afirmó"
)
VERBS = [*(SAID + " " + SAID_ELSEWHERE).split(), r"(?:went|goes) on", "put it", "puts it"]
VERB = re.compile(rf"(?<!\w)(?:{'|'.join(VERBS)})(?!\w)", re.IGNORECASE)
ACCORDING = re.compile(r"(?<!\w)(?:according to|in the words of)\s+$", re.IGNORECASE)
PRONOUN = re.compile(r"(?<!\w)(?:he|she)(?!\w)", re.IGNORECASE)
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
SENTENCE_ENDS = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])[.!?؟…]+(?=[\s”»’\"]|$)")
RELATIVE = re.compile(r"^(?:who|whose|which|and|but|as|in|on|at|with|when|where|while|noting|adding)\b", re.IGNORECASE)
ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
BEFORE_NAME = re.compile(r"(?:(?<=^)|(?<=[\s(]))((?:[a-z][\w’-]*\s+){1,4})$")
SMALL = frozenset(
    "a an the to by of for with and or but that than from in on at as says said told asked according adds added dr mr"
    " mrs ms is was were are did does then when while like between against his her their its".split()
)
