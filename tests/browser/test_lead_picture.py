"""The main picture is chosen by sight: with its thumbnail, its credit and what it may be used for."""

from playwright.sync_api import expect

from articles.models import Image

from .desk import choose, open_panel, save, take_in

TITLE = "Which picture?"


def test_a_main_picture_is_chosen_by_sight_and_a_restricted_one_refused(page, cast, editor, picture, console):
    Image.objects.filter(pk=picture.pk).update(usage_terms="Once, not for social media")
    barred = take_in(cast, alt="A quay", caption="The quay", credit="Wire")
    Image.objects.filter(pk=barred.pk).update(restricted=True)
    story = cast.make_article()
    editor(cast.rana, story)
    panel = open_panel(page, "Pictures")
    panel.locator(".field-lead_image .select2-selection").click()
    dialog = page.get_by_role("dialog", name=TITLE)
    refused = dialog.get_by_role("option", name="Wire")
    expect(refused).to_contain_text("Restricted: may not be published")
    refused.click(force=True)
    expect(dialog.get_by_role("status")).to_contain_text("Restricted: may not be published")
    wanted = dialog.get_by_role("option", name="Pia")
    expect(wanted).to_contain_text("Terms: Once, not for social media")
    expect(wanted.locator("img")).to_have_count(1)
    wanted.click()
    expect(dialog).to_have_count(0)
    expect(panel.locator(".field-lead_image .row")).to_contain_text("Terms: Once, not for social media")
    save(page)
    story.refresh_from_db()
    assert story.lead_image == picture
    panel = open_panel(page, "Pictures")
    expect(panel.locator(".row-list")).to_contain_text("Terms: Once, not for social media")
    # Taken out, the box stays shut.
    panel.locator(".select2-selection__clear").click()
    expect(page.locator("#id_lead_image")).to_have_value("")
    expect(dialog).to_have_count(0)


def test_the_picture_desk_has_the_same_dialog(page, cast, login, picture, live_server, console):
    story = cast.make_article()
    login(cast.pia)
    page.goto(f"{live_server.url}{story.get_absolute_url()}")
    open_panel(page, "Pictures").locator(".field-lead_image .select2-selection").click()
    choose(page, "harbour", TITLE)
    expect(page.locator("#id_lead_image")).to_have_value(str(picture.pk))
