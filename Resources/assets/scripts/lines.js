// --- The line editor: the same form, sent in the background
let previewTimer = 0
let previewAsked = null
let operating = false

/// Sends the form and puts back what the answer holds of the elements `selector` names, by id.
async function exchange(form, url, extra, selector, signal) {
  const data = new FormData(form)
  for (const name in extra) data.set(name, extra[name])
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
  const body = new URLSearchParams(data)
  const headers = { Accept: "text/html" }
  const answer = await fetch(url, { method: "POST", body, signal, headers })
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  let replaced = 0
  for (const part of $$(selector, form)) {
    const fresh = part.id && page.getElementById(part.id)
    if (!fresh) continue
    part.replaceWith(document.adoptNode(fresh))
    replaced += 1
  }
  return replaced
}

on("input", "form[data-preview]", (event, form) => {
  clearTimeout(previewTimer)
  previewTimer = setTimeout(preview, PREVIEW_DELAY, form)
})

async function preview(form) {
  if (operating) return
  previewAsked?.abort()
  previewAsked = new AbortController()
  // Totals that could not be had now will come with the next keystroke or the next page.
  await exchange(form, form.dataset.preview, {}, "[data-live]", previewAsked.signal).catch(() => {})
}

async function operate(form, extra) {
  if (operating) return
  operating = true
  clearTimeout(previewTimer)
  previewAsked?.abort()
  dirty.add(form)
  try {
    const replaced = await exchange(form, actionOf(form), extra, "[data-region], [data-live]")
    // An answer without our regions is another page (signed out, stale): let the browser show it.
    if (!replaced) return void submitPlainly(form, extra)
    offline(false)
    reveal(form)
    const next = $("#lines [autofocus]", form)
    next?.focus()
    if (next?.matches("input")) next.select()
  } catch {
    // No answer at all: leaving the page now would lose what was typed.
    offline(true)
  } finally {
    operating = false
  }
}

const offline = (is) => { const notice = $("#offline"); if (notice) notice.hidden = !is }
const actionOf = (form) => form.getAttribute("action") || location.href

function submitPlainly(form, extra) {
  dirty.delete(form)
  for (const name in extra) form.append(hidden(name, extra[name]))
  form.submit()
}

on("click", "form[data-preview] [data-region] button[name=op]", (event, button) => {
  event.preventDefault()
  operate(button.form, { op: button.value })
})
// Enter in a field presses the form's first button; outside the lines there is nothing to do.
on("click", "form[data-preview] > button[name=op][value=enter]", (event, button) => {
  event.preventDefault()
  if (document.activeElement?.closest("#lines")) operate(button.form, { op: "enter" })
})

const rowIndex = (row) => $("[name^='lines[']", row)?.name.match(/^lines\[(\d+)\]/)?.[1]

on("keydown", "#lines tbody tr", (event, row) => {
  const press = (op) => $(`button[name=op][value^="${op}:"]:not(:disabled)`, row)?.click()
  const field = event.target
  if (event.key === "Enter" && field.matches("input:not([type=checkbox])")) {
    event.preventDefault()
    operate(field.form, { op: "enter", at: rowIndex(row) })
  } else if (event.key === "d" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault()
    press("dup")
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault()
    press(event.key === "ArrowUp" ? "up" : "down")
  }
})

// --- Lines dragged by their grip; the arrows beside it do the same without a mouse
let dragged = null
on("dragstart", ".grip", (event, grip) => {
  dragged = grip.closest("tr")
  dragged.classList.add("dragged")
  event.dataTransfer.effectAllowed = "move"
  event.dataTransfer.setDragImage(dragged, 20, 20)
})
on("dragover", "#lines tbody tr", (event, row) => {
  if (!dragged) return
  event.preventDefault()
  $$("tr.over").forEach((other) => other.classList.remove("over"))
  row.classList.add("over")
})
on("drop", "#lines tbody tr", (event, row) => {
  if (!dragged || row === dragged) return
  event.preventDefault()
  const { top, height } = row.getBoundingClientRect()
  row[event.clientY < top + height / 2 ? "before" : "after"](dragged)
  $$("[name$='[position]']", row.parentElement).forEach((field, n) => { field.value = n + 1 })
  operate(row.closest("form"), { op: "order" })
})
on("dragend", ".grip", () => {
  $$("tr.dragged, tr.over").forEach((row) => row.classList.remove("dragged", "over"))
  dragged = null
})
