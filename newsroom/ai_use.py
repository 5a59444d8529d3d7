"""For what AI tools may be used in a story, and what the paper prints of it: plain tables, and the paper's own choice.

The tools of pictures themselves are read from their files (`pictures/source_types.py`); “images” here means tools that
somebody used for this story, such as for a chart.
"""

from dataclasses import dataclass

NEVER, WHEN_USED, ALWAYS = "never", "used", "always"
PRINTED = [(NEVER, "Print nothing"), (WHEN_USED, "Print when it was used"), (ALWAYS, "Print that it was, or was not")]
TOOL = "{tool}"  # stands in wording for the tool's name


@dataclass(frozen=True)
class Kind:
    """A kind of work. `printed` is what the paper does of it unless it has chosen; `makes_words` whether a tool so
    used writes words that readers get."""

    label: str
    printed: str = NEVER
    makes_words: bool = False


KINDS = {
    "research": Kind("Research"),
    "transcription": Kind("Transcription"),
    "translation": Kind("Translation", WHEN_USED, makes_words=True),
    "drafting": Kind("Drafting", WHEN_USED, makes_words=True),
    "images": Kind("Images", WHEN_USED),
}
# What is printed unless the paper has words of its own: (used, not used) by kind and language.
WORDS = {
    "en": {
        "research": ("AI tools were used in researching this story.", "No AI tools were used in researching it."),
        "transcription": ("Interviews were transcribed with AI tools.", "No AI tools were used to transcribe it."),
        "translation": ("This text was translated with AI tools.", "No AI tools were used to translate it."),
        "drafting": ("Parts of this text were drafted with AI tools.", "No AI tools were used to write it."),
        "images": ("AI tools were used for pictures or charts.", "No AI tools were used for its pictures."),
    },
    "ar": {
        "research": ("استُخدمت أدوات ذكاء اصطناعي في البحث.", "لم تُستخدم أدوات ذكاء اصطناعي في البحث."),
        "transcription": ("فُرّغت المقابلات بأدوات ذكاء اصطناعي.", "لم تُستخدم أدوات ذكاء اصطناعي في التفريغ."),
        "translation": ("تُرجم النص بأدوات ذكاء اصطناعي.", "لم تُستخدم أدوات ذكاء اصطناعي في الترجمة."),
        "drafting": ("صيغت أجزاء من النص بأدوات ذكاء اصطناعي.", "لم تُستخدم أدوات ذكاء اصطناعي في الكتابة."),
        "images": ("استُخدمت أدوات ذكاء اصطناعي في الصور أو الرسوم.", "لم تُستخدم أدوات ذكاء اصطناعي في الصور."),
    },
    "de": {
        "research": ("Bei der Recherche wurden KI-Werkzeuge benutzt.", "Für die Recherche wurde keine KI benutzt."),
        "transcription": ("Gespräche wurden mit KI verschriftlicht.", "Zum Verschriftlichen diente keine KI."),
        "translation": ("Dieser Text wurde mit KI übersetzt.", "Für die Übersetzung wurde keine KI benutzt."),
        "drafting": ("Teile dieses Textes wurden mit KI-Werkzeugen entworfen.", "Am Text war keine KI beteiligt."),
        "images": ("Für Bilder oder Grafiken wurde KI benutzt.", "Für die Bilder wurde keine KI benutzt."),
    },
    "fr": {
        "research": ("Des outils d’IA ont servi à la recherche.", "Aucun outil d’IA n’a servi à la recherche."),
        "transcription": ("Entretiens transcrits par une IA.", "Aucun outil d’IA n’a servi à la transcription."),
        "translation": ("Texte traduit par des outils d’IA.", "Aucun outil d’IA n’a servi à la traduction."),
        "drafting": ("Des outils d’IA ont servi à rédiger des passages.", "Aucun outil d’IA n’a servi à la rédaction."),
        "images": ("Des outils d’IA ont servi aux images.", "Aucun outil d’IA n’a servi aux images."),
    },
}  # fmt: skip


def printed_of(policy, kind):
    """What a paper with this policy ({kind: {"print", "words", "unused"}}) prints of a kind: one of PRINTED."""
    return (policy.get(kind) or {}).get("print") or KINDS[kind].printed


def statements(record, policy, language, paper_language):
    """What readers are told of a story's record: [(kind, whether it was used, sentence)], in the order of KINDS.

    `record` is {kind: {"used", "tool", …}}, `policy` {kind: {"print", "words", "unused"}}.

    The paper's own words stand in stories of the paper's language; of a kind that nobody recorded nothing is said.
    """
    said = []
    base = (language or "en").partition("-")[0].lower()
    own = base == (paper_language or "en").partition("-")[0].lower()
    for kind in KINDS:
        row, choice = record.get(kind) or {}, printed_of(policy, kind)
        used = row.get("used") == "yes"
        if not row.get("used") or choice == NEVER or not (used or choice == ALWAYS):
            continue
        words = (policy.get(kind) or {}).get("words" if used else "unused", "") if own else ""
        words = words or WORDS.get(base, WORDS["en"])[kind][0 if used else 1]
        said.append((kind, used, " ".join(words.replace(TOOL, row.get("tool") or "AI").split())))
    return said
