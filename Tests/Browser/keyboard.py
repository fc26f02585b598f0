"""What axe does not look at: that a field has a label of words, and that the focus is seen."""

UNLABELLED = """
() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter((field) => ![...field.labels].some((label) => label.textContent.trim())
    && !field.getAttribute("aria-label")?.trim()
    && !document.getElementById(field.getAttribute("aria-labelledby"))?.textContent.trim())
  .map((field) => field.outerHTML.slice(0, 120))
"""

# The rows of a list are alike: three of a kind are looked at.
UNSEEN_FOCUS = """
() => {
  const most = 3, alike = new Map()
  const look = (element) => [null, "::before", "::after"].map((part) => {
    const s = getComputedStyle(element, part)
    return [s.outlineStyle === "none" ? "" : s.outlineWidth + s.outlineColor, s.boxShadow,
      s.borderColor, s.backgroundColor, s.opacity, s.clipPath].join()
  }).join()
  const around = (element) => {
    const elements = [element, ...(element.labels ?? []), element.nextElementSibling]
    for (let up = element.parentElement, n = 0; up && n < 2; up = up.parentElement, n += 1)
      elements.push(up)
    return elements.filter(Boolean).map(look).join()
  }
  const unseen = []
  for (const element of document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (element.disabled || element.tabIndex < 0) continue
    if (!element.checkVisibility({ visibilityProperty: true })) continue
    const kind = element.localName + element.className + element.parentElement.className
    alike.set(kind, (alike.get(kind) ?? 0) + 1)
    if (alike.get(kind) > most) continue
    document.activeElement.blur()
    const before = around(element)
    element.focus({ preventScroll: true })
    if (document.activeElement === element && around(element) === before)
      unseen.push(element.outerHTML.slice(0, 120))
  }
  document.activeElement.blur()
  return unseen
}
"""


def keyboard_faults(page):
    """Fields without a label and controls that look the same with the focus: sentences."""
    found = [f"{page.url}: no label: {field}" for field in page.evaluate(UNLABELLED)]
    # A key tells the browser that focus must be shown, whatever gives it.
    page.keyboard.press("Tab")
    return found + [
        f"{page.url}: focus not seen: {place}" for place in page.evaluate(UNSEEN_FOCUS)]
