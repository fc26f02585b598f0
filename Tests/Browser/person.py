"""Somebody at the browser: fills fields, presses what is seen, and reads what the page says."""

import re
import struct
import zlib

from playwright.sync_api import expect


class Person:
    def __init__(self, page, script):
        self.page = page
        self.script = script

    @property
    def main(self):
        return self.page.locator("main")

    def go(self, address):
        self.page.goto(address)

    def fill(self, **fields):
        """By name; a radio button or a box is chosen by its value."""
        for name, value in fields.items():
            field = self.field(name)
            if field.first.get_attribute("type") in ("radio", "checkbox"):
                self.main.locator(f'[name="{name}"][value="{value}"]').check(force=True)
            elif field.evaluate("field => field.localName") == "select":
                field.select_option(value)
            else:
                field.fill(value)

    def field(self, name):
        return self.main.locator(f'[name="{name}"]')

    def press(self, name):
        """A button or a link, by the words on it. Answers when the next page is there."""
        with self.page.expect_navigation():
            self.control(name).click()

    def control(self, name):
        exact = re.compile(rf"^\s*{re.escape(name)}\s*$")
        return self.main.get_by_role("button", name=exact).or_(
            self.main.get_by_role("link", name=exact)).first

    def sees(self, *texts):
        """White space of any kind and amount counts as one space."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def sees_no(self, *texts):
        for text in texts:
            expect(self.main).not_to_contain_text(text)

    def sees_at(self, name, text):
        """An error in words at its field, which is marked as wrong."""
        field = self.field(name)
        expect(field).to_have_attribute("aria-invalid", "true")
        described = field.get_attribute("aria-describedby").split()
        assert any(text in self.page.locator(f'[id="{one}"]').inner_text() for one in described)


def euros(cents):
    """As the pages write it in French."""
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", " ") + f",{rest:02} €"


def with_check_digit(number):
    """A number that ends in the digit which Luhn's rule asks for, as in a SIREN."""
    digits = [int(digit) for digit in reversed(number)]
    total = sum(sum(divmod(2 * digit, 10)) if place % 2 == 0 else digit
                for place, digit in enumerate(digits))
    return number + str(-total % 10)


def picture(width, height):
    """A PNG file of one colour."""
    def part(kind, content):
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = (b"\0" + b"\x1f\x70\x5a" * width) * height
    return (b"\x89PNG\r\n\x1a\n"
            + part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b""))
