"""Who says what: phrases that lean on nobody, people who come unannounced, a second spelling; and all that is none."""

import time
from types import SimpleNamespace

import pytest

from articles.actions import checklist, writing
from articles.actions.checklist.attribution import check_attribution
from articles.body import attribution, quotations
from articles.models import Appearance, Attribution

from .test_gate import GateTestCase

UNNAMED = {
    "en": (
        "Officials said the port would close.",
        "The plan is dead, two people familiar with the matter told this paper.",
        "According to a person familiar with the talks, nothing was signed.",
        "A senior defence official told reporters on Friday.",
        "She spoke on condition of anonymity.",
        "The clerk, who asked not to be named, had kept a copy.",
        "Sources close to the minister see it otherwise.",
    ),
    "de": ("Insidern zufolge ist der Plan vom Tisch.", "Aus Regierungskreisen hieß es, man prüfe das.",
           "Ein namentlich nicht genannter Beamter widersprach."),
    "fr": ("Selon une source proche du dossier, rien n’est signé.", "Il parle sous couvert d’anonymat."),
    "es": ("Según fuentes del ministerio, no hay acuerdo.",),
    "ar": ("قال مصدر مطلع إن الميناء سيغلق.",),
}  # fmt: skip
NAMED = {
    "en": (
        "The official, Maya Lind, said the port would close.",
        "Ports ministry official Maya Lind said so.",
        "“Officials said nothing,” Ms Lind recalled.",
        "It was late for people who cross, said Jan Kowal.",
        "The officials were not told. The source of the river lies north.",
        "According to the port authority, the text runs to eleven pages.",
        "People said goodbye at the quay.",
        "The ministry said it would answer on Friday.",
        "A spokeswoman for the harbour board said the gate was shut.",
        "Water sources in the hills are drying up.",
    ),
    "de": ("Die Behörde teilte mit, der Hafen werde geschlossen.", "Frau Lind sagte, sie wisse davon nichts.",
           "In den Landkreisen war es still."),
    "fr": ("Selon le ministère, rien n’est signé.", "La source de la Loire est à mille mètres."),
    "es": ("Según el ministerio, no hay acuerdo.",),
    "ar": ("قالت الوزارة إن الميناء سيغلق.",),
}  # fmt: skip


def cases(table):
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), cases(UNNAMED))
def test_what_leans_on_nobody_is_found(language, text):
    assert attribution.unnamed(text, language)


@pytest.mark.parametrize(("language", "text"), cases(NAMED))
def test_what_names_somebody_is_left_alone(language, text):
    found = attribution.unnamed(quotations.text_outside(f"<p>{text}</p>"), language)
    assert found == []


def test_what_another_outlet_has_is_at_second_hand():
    for text in (
        "Media reports say the fleet has sailed.", "Local newspapers reported a strike.",
        "She told the North Coast Herald that it was over.", "According to Reuters, the fleet has sailed.",
    ):  # fmt: skip
        assert attribution.second_hand(text, "en"), text
    for text in (
        "She reports to the minister.", "The annual report says nothing of it.", "He wrote for the Herald until May.",
        "The Times editor, Jo Marsh, was told at the post office.",
    ):  # fmt: skip
        assert attribution.second_hand(text, "en") == [], text
    assert attribution.second_hand("She told the Courier that it was over.", "en", "The Saltmarsh Courier") == []


def test_a_surname_that_nobody_introduced_is_found():
    speaks = f"{quotations.GAP}, Kowal said. Later she left."
    assert attribution.never_introduced(speaks) == ["Kowal"]
    assert attribution.never_introduced("Mr Kowal left early.") == ["Kowal"]
    assert attribution.never_introduced("It was late. Mr Kowal’s boat was gone. Then Jan Kowal came.") == ["Kowal"]


def test_an_introduced_person_a_place_and_an_agency_are_no_strangers():
    for text in (
        "Jan Kowal keeps the gate. Mr Kowal left early.",
        "Tariq al-Sawwan lost. Mr al-Sawwan left.",
        "Mr Jan Kowal left early.",
        "J. Kowal keeps the gate. Mr Kowal left early.",
        "Jan van der Kowal keeps it. Mr Kowal left.",
        f"They met in Moscow. {quotations.GAP}, Moscow said.",
        f"{quotations.GAP}, NATO said.",
        f"{quotations.GAP}, she said. {quotations.GAP}, Parliament said.",
        f"Jan Kowal came. {quotations.GAP}, said Kowal.",
    ):
        assert attribution.never_introduced(text) == [], text
    assert attribution.never_introduced("Mr Kowal left early.", heads="Jan Kowal leaves the gate") == []


def test_a_surname_before_the_full_name():
    assert attribution.surname_before_name("Lind was there. Maya Lind keeps the gate.", ["Maya Lind"]) == ["Maya Lind"]
    assert attribution.surname_before_name("Maya Lind keeps the gate. Lind was there.", ["Maya Lind"]) == []
    assert attribution.surname_before_name("Maya K. Lind keeps it. Lind was there.", ["Maya Lind"]) == []
    assert attribution.surname_before_name("Samuel Dede met Dede’s clerk.", ["Prof. Samuel Dede"]) == []
    assert attribution.surname_before_name("The lind tree. Linden Street.", ["Maya Lind"]) == []


def test_a_second_spelling_of_an_organisation():
    def found(*texts):
        return attribution.spellings(*texts)

    assert found("The Aldmere Harbour Authority met. The Aldmere Harbor Authority agreed.")
    assert found("Al-Noor Foundation paid. The Al Noor Foundation denies it.")
    assert found("The Department for Education wrote; the Department of Education did not.")
    assert found("University of Castellan", "a professor at Castelan University") == []
    for text in (
        "The Northern Council met the Southern Council.", "The First Bank owes the Fifth Bank.",
        "The Ports Ministry and the Port Ministry’s clerk.", "Red Cross House and Red Moss House.",
        "The Aldmere Harbour Authority met. The Aldmere Harbour Authority’s clerk left.",
        "Committee 12 of the House and Committee 13 of the House.",
    ):  # fmt: skip
        assert found(text) == [], text


def test_a_title_at_first_mention():
    title = {"Maya Lind": "professor of law at Castellan"}
    assert attribution.untitled("Maya Lind keeps the gate.", title) == ["Maya Lind"]
    for text in (
        "Maya Lind, professor of law at Castellan, keeps it.", "The law professor Maya Lind keeps it.",
        "Prof. Maya Lind, who teaches in Castellan, keeps it.", "Nobody of that name is here.",
        "Maya Lind, who led the work, said so.", "The diver Maya Lind said so.", "Maya Lind of the Ice Survey said so.",
    ):  # fmt: skip
        assert attribution.untitled(text, title) == [], text
    assert attribution.untitled("Maya Lind keeps the gate.", {"Maya Lind": ""}) == []
    assert attribution.untitled("It is over, said Maya Lind.", title) == ["Maya Lind"]
    assert attribution.untitled("Maya Lind said so.", {"Dr Maya Lind": "professor of law"}) == ["Dr Maya Lind"]


class AttributionTests(GateTestCase):
    def keys(self, article):
        found = checklist.findings_of(article, writing.content_of(article))
        codes = ("unnamed attribution", "second hand", "not introduced", "spelling of a name", "no title")
        return [(f.code, f.level, f.about) for f in found if f.code in codes]

    def test_a_source_on_record_answers_for_the_phrase(self):
        article = self.make_article(body="<p>Officials said the port would close. Media reports say so too.</p>")
        self.assertEqual(
            self.keys(article),
            [("unnamed attribution", "warning", "Officials said"), ("second hand", "warning", "Media reports say")],
        )
        Attribution.objects.create(article=article, description="an official at the port", reason="Fear")
        self.assertEqual([code for code, *_ in self.keys(article)], ["second hand"])
        Attribution.objects.create(article=article, kind="second_hand", description="a daily", outlet="Herald")
        self.assertEqual(self.keys(article), [])

    def test_what_somebody_is_quoted_as_saying_is_theirs(self):
        pk = self.expert.pk
        article = self.make_article(
            body=f'<p>He said <q data-expert="{pk}">officials said no</q>, “sources told me”.</p>'
        )
        self.assertEqual([code for code, *_ in self.keys(article)], [])

    def test_people_with_a_card_are_introduced_with_their_title(self):
        article = self.make_article(body="<p>Alazzam sees no way out. Tareq Alazzam has left.</p>", saved=False)
        self.expert.display_name = "Tareq Alazzam"
        self.expert.save()
        Appearance.objects.create(article=article, expert=self.expert, attribution_as_printed="former senator")
        about = str(self.expert.pk)
        self.assertEqual(self.keys(article), [("not introduced", "warning", about), ("no title", "warning", about)])
        article.body = "<p>The former senator Tareq Alazzam sees no way out. Mr Alazzam has left.</p>"
        self.assertEqual(self.keys(article), [])

    def test_hostile_text_is_answered_in_time(self):
        texts = ("a person " * 9_000, "A Bank of " * 9_000, "“” Kowal said " * 9_000, "Mr Kowal " * 9_000)
        article = self.make_article()
        content = writing.content_of(article)
        for text in texts:
            story = SimpleNamespace(
                content=content | {"body": f"<p>{text}</p>"}, text=text, at=article.created_at, publication=None
            )  # fmt: skip
            began = time.process_time()
            list(check_attribution(story))
            self.assertLess(time.process_time() - began, 4, text[:20])
