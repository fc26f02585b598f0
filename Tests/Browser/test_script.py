"""app.js on the sample of the line editor: what it sends, puts back, and where the focus goes."""

from contextlib import contextmanager

from browser import visit
from editor_sample import sample
from playwright.sync_api import expect


@contextmanager
def editor(browser, script=True):
    with sample() as server, visit(browser, server.address, script=script) as page:
        page.goto("/")
        yield server, page
        assert page.complaints == [], page.complaints


def labels(page):
    return [field.input_value() for field in page.locator(".lc.d").all()]


def test_totals_follow_what_is_typed(browser):
    with editor(browser) as (server, page):
        page.get_by_label("Quantity 0").fill("3")
        expect(page.locator("#net-0")).to_have_text("1350.00")
        expect(page.locator("#totals")).to_have_text("1470.00")
        expect(page.get_by_label("Quantity 0")).to_be_focused()
        assert all("op" not in form for form in server.forms)


def test_enter_adds_a_line_below_and_puts_the_cursor_there(browser):
    with editor(browser) as (server, page):
        page.get_by_label("Price 0").press("Enter")
        expect(page.locator("tbody tr")).to_have_count(3)
        expect(page.get_by_label("Label 1")).to_be_focused()
        assert server.forms[-1]["op"] == "enter" and server.forms[-1]["at"] == "0"


def test_keys_move_and_duplicate_the_line(browser):
    with editor(browser) as (_, page):
        page.get_by_label("Quantity 1").press("Alt+ArrowUp")
        expect(page.get_by_label("Label 0")).to_have_value("Drone photo")
        expect(page.get_by_label("Label 0")).to_be_focused()
        page.get_by_label("Label 0").press("Control+d")
        expect(page.locator("tbody tr")).to_have_count(3)
        assert labels(page) == ["Drone photo", "Drone photo", "Drone film"]


def test_a_suggestion_chosen_by_keyboard_fills_its_row(browser):
    with editor(browser) as (_, page):
        field = page.get_by_label("Label 1")
        field.fill("filming")
        expect(page.get_by_role("option")).to_have_count(1)
        field.press("ArrowDown")
        expect(page.get_by_role("option")).to_have_attribute("aria-selected", "true")
        field.press("Enter")
        expect(field).to_have_value("Day <of> filming")
        expect(page.get_by_label("Price 1")).to_have_value("900.00")
        expect(page.get_by_label("Quantity 1")).to_be_focused()
        expect(page.locator("#totals")).to_have_text("1800.00")


def test_a_suggestion_for_a_new_line_adds_it(browser):
    with editor(browser) as (_, page):
        page.locator("#new").fill("photo")
        page.get_by_role("option").click()
        expect(page.locator("tbody tr")).to_have_count(3)
        assert labels(page)[2] == "Drone photo"


def test_escape_closes_the_suggestions_and_keeps_the_text(browser):
    with editor(browser) as (server, page):
        page.locator("#new").fill("drone")
        expect(page.get_by_role("option")).to_have_count(2)
        page.locator("#new").press("Escape")
        expect(page.get_by_role("option")).to_have_count(0)
        page.locator("#new").press("Enter")
        expect(page.locator("tbody tr")).to_have_count(3)
        assert labels(page)[2] == "drone"


def test_a_line_dragged_by_its_grip_changes_places(browser):
    with editor(browser) as (server, page):
        page.locator(".grip").nth(1).drag_to(
            page.locator("tbody tr").nth(0), target_position={"x": 5, "y": 2})
        expect(page.get_by_label("Label 0")).to_have_value("Drone photo")
        assert server.forms[-1]["op"] == "order"


def test_deleting_asks_first(browser):
    with editor(browser) as (server, page):
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="delete 0").click()
        assert server.forms == []
    with editor(browser) as (server, page):
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="delete 0").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        assert server.forms[-1]["confirmed"] == "1"


def test_leaving_with_unsaved_lines_asks_and_saving_does_not(browser):
    with editor(browser) as (_, page):
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.get_by_label("Quantity 0").fill("7")
        page.goto("/")
        assert asked == ["beforeunload"]
        page.get_by_label("Quantity 0").fill("8")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("Quantity 0")).to_have_value("8")
        assert asked == ["beforeunload"]


def test_control_s_saves_once(browser):
    with editor(browser) as (server, page):
        with page.expect_navigation():
            page.get_by_label("Quantity 0").press("Control+s")
        assert [form.get("op") for form in server.forms] == ["save"]


def test_without_script_the_same_buttons_do_the_same(browser):
    with editor(browser, script=False) as (_, page):
        page.get_by_role("button", name="up 1").click()
        assert labels(page) == ["Drone photo", "Drone film"]
        page.locator("#new").fill("Drone photo")
        page.locator("#new").press("Enter")
        assert labels(page) == ["Drone photo", "Drone film", "Drone photo"]
