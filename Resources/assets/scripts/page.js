const SUGGEST_DELAY = 150
const PREVIEW_DELAY = 300
const RELEASE_DELAY = 8000
const $ = (selector, root = document) => root.querySelector(selector)
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)]
const on = (type, selector, handler, options) =>
  document.addEventListener(type, (event) => {
    const target = event.target.closest?.(selector)
    if (target) handler(event, target)
  }, options)

if (window.htmx) Object.assign(htmx.config, { allowEval: false, includeIndicatorStyles: false })

// --- Shown only with a script, and what htmx or the editor put in later
const reveal = (root) => $$("[data-js][hidden]", root).forEach((e) => { e.hidden = false })
reveal(document)
document.addEventListener("htmx:load", (event) => reveal(event.target))

// --- The page or view one is at, where its tabs do not all fit
$$(":is(.tabs, nav.seg, .stepper) [aria-current]").forEach((tab) => {
  const [place, bar] = [tab.getBoundingClientRect(), tab.closest("nav.tabs, nav.seg, ol")]
  const middle = bar.getBoundingClientRect().left + bar.clientWidth / 2
  bar.scrollLeft += place.left + place.width / 2 - middle
})

// --- Menus: one open at a time, closed by a choice, Escape or a click elsewhere
document.addEventListener("click", (event) => {
  for (const menu of $$("details.menu[open]")) {
    const choice = event.target.closest(".pop a, .pop button")
    if (!menu.contains(event.target) || choice) menu.open = false
  }
  const choice = event.target.closest("[popover].pop :is(a, button)")
  // Hidden a moment later: a button inside a closed popover would no longer submit.
  if (choice) setTimeout(() => choice.closest("[popover]")?.hidePopover())
})
on("keydown", "details.menu, [popover].pop", (event, menu) => {
  if (event.key === "Escape" && menu.open) {
    menu.open = false
    $("summary", menu).focus()
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step || event.target.matches("input, select, textarea")) return
  if (menu.matches("details") && !menu.open) menu.open = true
  const choices = $$(".pop a, .pop button", menu).concat(
    menu.matches(".pop") ? $$("a, button", menu) : [])
  const next = choices.indexOf(document.activeElement) + step
  choices.at(next % choices.length)?.focus()
  event.preventDefault()
})

// --- Dialogues, and asking before what cannot be undone
// What was searched before is chosen, so that typing replaces it.
function openDialog(dialog) {
  dialog.showModal()
  $("input[type=search]", dialog)?.select()
}
on("click", "[data-dialog]", (event, opener) => {
  const dialog = document.getElementById(opener.dataset.dialog)
  if (!dialog || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  openDialog(dialog)
})
on("click", "[data-close]", (event, button) => button.closest("dialog")?.close())
// A search field would keep the first Escape for emptying itself.
on("keydown", "dialog input[type=search]", (event, field) => {
  if (event.key !== "Escape") return
  event.preventDefault()
  field.closest("dialog").close()
})
on("click", "dialog", (event, dialog) => { if (event.target === dialog) dialog.close() })

on("click", "[data-confirm]", (event, button) => {
  if (button.dataset.confirmed) return
  event.preventDefault()
  event.stopImmediatePropagation()
  const dialog = $("dialog#confirm")
  const go = () => {
    button.dataset.confirmed = "1"
    if (button.form) button.form.append(hidden("confirmed", "1"))
    button.click()
    delete button.dataset.confirmed
  }
  if (!dialog) return void (confirm(button.dataset.confirm) && go())
  $("[data-text]", dialog).textContent = button.dataset.confirm
  $("[data-yes]", dialog).onclick = () => { dialog.close(); go() }
  dialog.showModal()
}, true)

const hidden = (name, value) =>
  Object.assign(document.createElement("input"), { type: "hidden", name, value })

// --- Forms: never sent twice, never lost by accident
const dirty = new Set()
on("input", "form[data-guard]", (event, form) => dirty.add(form))
// A form that was changed by one of its own buttons, and not saved.
$$("form[data-dirty]").forEach((form) => dirty.add(form))
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault()
})
document.addEventListener("submit", (event) => {
  const form = event.target
  // By attribute: form.method would be the field of that name where there is one.
  if (event.defaultPrevented || form.getAttribute("method") === "dialog") return
  const target = event.submitter?.formTarget || form.target
  if (target && target !== "_self") return
  dirty.delete(form)
  // After the browser gathered the fields: a disabled button would not be among them.
  setTimeout(() => $$("button:not([type=button])", form).forEach((button) => {
    if (button.disabled) return
    button.disabled = true
    button.dataset.sent = ""
  }))
  // For answers that leave the page where it is, such as a file to keep.
  setTimeout(release, RELEASE_DELAY)
})
const release = () => $$("[data-sent]").forEach((button) => {
  button.disabled = false
  delete button.dataset.sent
})
addEventListener("pageshow", release)
on("change", "[data-submit]", (event, field) => field.form.requestSubmit())
on("change", "[data-all]", (event, box) =>
  $$("tbody .ck", box.closest("table")).forEach((other) => { other.checked = box.checked }))
on("click", ".eye", (event, button) => {
  const field = document.getElementById(button.getAttribute("aria-controls"))
  const shown = field.type === "password"
  field.type = shown ? "text" : "password"
  button.setAttribute("aria-pressed", shown)
})
