"""A form without its token is refused in plain words, with the way back, and what was typed is still there."""

from django.test import Client, SimpleTestCase


class RefusedFormTests(SimpleTestCase):
    def send(self, path, data, **headers):
        return Client(enforce_csrf_checks=True).post(path, data, headers=headers)

    def test_the_desk_says_why_and_shows_what_was_typed(self):
        path = "/admin/articles/article/1/move/correct/"
        words = {"reader_text": "It was <b>4.2</b>, & is 4.6.", "password": "two words", "csrfmiddlewaretoken": "a b"}
        headers = {"origin": "http://testserver", "referer": f"http://testserver{path}?a=1"}
        response = self.send(path, words, **headers)
        self.assertContains(response, "the page was too old", status_code=403)
        self.assertContains(response, "It was 4.2, &amp; is 4.6.", status_code=403)
        self.assertContains(response, f'href="{path}?a=1"', status_code=403)
        self.assertNotContains(response, "two words", status_code=403)

    def test_another_site_puts_no_words_and_no_link_on_it(self):
        headers = {"origin": "https://elsewhere.example", "referer": "https://elsewhere.example/trap"}
        response = self.send("/admin/login/", {"username": "Call this number"}, **headers)
        self.assertContains(response, 'href="/admin/login/"', status_code=403)
        self.assertNotContains(response, "Call this", status_code=403)
        self.assertNotContains(response, "elsewhere", status_code=403)
