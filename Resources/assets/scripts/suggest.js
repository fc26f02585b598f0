// --- Type-ahead lists: <input data-suggest="URL">
let listNumber = 0
const lists = new WeakMap()

function suggestions(input) {
  let list = lists.get(input)
  if (list) return list
  const box = input.dataset.list ? document.getElementById(input.dataset.list)
    : document.createElement("div")
  box.id ||= `suggestions-${++listNumber}`
  if (!input.dataset.list) {
    box.className = "ta"
    input.after(box)
  }
  // The browser's own list would lie over ours.
  input.removeAttribute("list")
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": box.id, autocomplete: "off" }
  for (const name in attributes) input.setAttribute(name, attributes[name])
  list = { box, index: -1, asked: null, timer: 0 }
  lists.set(input, list)
  return list
}

const optionsOf = (list) => $$("[role=option]", list.box)
const isOpen = (input) => input.getAttribute("aria-expanded") === "true"

async function suggest(input) {
  const list = suggestions(input)
  const text = input.value.trim()
  list.asked?.abort()
  if (!text) return hideSuggestions(input)
  list.asked = new AbortController()
  const url = new URL(input.dataset.suggest, location)
  url.searchParams.set("q", text)
  try {
    const answer = await fetch(url, { signal: list.asked.signal, headers: { Accept: "text/html" } })
    if (!answer.ok || answer.redirected) return hideSuggestions(input)
    const found = new DOMParser().parseFromString(await answer.text(), "text/html")
    list.box.replaceChildren(...found.querySelectorAll("[role=listbox]"))
    optionsOf(list).forEach((option, n) => { option.id = `${list.box.id}-${n}` })
    const any = list.box.childElementCount > 0
    input.setAttribute("aria-expanded", any)
    // The server may mark a sure match; in a palette there is no free text to protect from Enter.
    const sure = optionsOf(list).findIndex((o) => o.getAttribute("aria-selected") === "true")
    mark(input, list, input.dataset.list ? Math.max(0, sure) : sure)
  } catch (error) {
    if (error.name !== "AbortError") hideSuggestions(input)
  }
}

function hideSuggestions(input) {
  const list = lists.get(input)
  if (!list) return
  clearTimeout(list.timer)
  list.asked?.abort()
  list.box.replaceChildren()
  list.index = -1
  input.setAttribute("aria-expanded", "false")
  input.removeAttribute("aria-activedescendant")
}

function mark(input, list, index) {
  const options = optionsOf(list)
  list.index = options.length ? Math.max(-1, Math.min(index, options.length - 1)) : -1
  options.forEach((option, n) => option.setAttribute("aria-selected", n === list.index))
  const chosen = options[list.index]
  if (chosen) {
    input.setAttribute("aria-activedescendant", chosen.id)
    chosen.scrollIntoView({ block: "nearest" })
  } else {
    input.removeAttribute("aria-activedescendant")
  }
}

function choose(input, option) {
  hideSuggestions(input)
  if (option.dataset.href) return void location.assign(option.dataset.href)
  input.value = option.dataset.value ?? option.textContent.trim()
  // lines[4][label] fills lines[4][price]; a plain name fills the field of that name.
  const row = input.name.match(/^(.*\[)[^[\]]+\]$/)?.[1]
  for (const [name, value] of Object.entries(JSON.parse(option.dataset.fill || "{}"))) {
    const field = input.form.elements[row ? `${row}${name}]` : name]
    if (field) field.value = value
  }
  input.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "chosen" }))
  const button = input.dataset.then && $(input.dataset.then)
  if (button) button.click()
  else input.closest("tr")?.querySelector("[name$='[quantity]']")?.select()
}

on("input", "[data-suggest]", (event, input) => {
  if (event.detail === "chosen") return
  // What was typed over is no longer what was chosen.
  for (const name of input.dataset.clears?.split(" ") ?? []) input.form.elements[name].value = ""
  const list = suggestions(input)
  clearTimeout(list.timer)
  list.timer = setTimeout(suggest, SUGGEST_DELAY, input)
})
on("keydown", "[data-suggest]", (event, input) => {
  if (!isOpen(input)) return
  const list = lists.get(input)
  const option = optionsOf(list)[list.index]
  if (event.key === "ArrowDown") mark(input, list, list.index + 1)
  else if (event.key === "ArrowUp") mark(input, list, list.index - 1)
  else if (event.key === "Enter" && option) choose(input, option)
  else if (event.key === "Escape" && !input.dataset.list) hideSuggestions(input)
  else {
    if (event.key === "Tab" && !input.dataset.list) hideSuggestions(input)
    return
  }
  event.preventDefault()
  event.stopImmediatePropagation()
}, true)
on("mousedown", ".ta", (event) => event.preventDefault())
on("click", "[role=option]", (event, option) => {
  const box = option.closest("[id]:not([role])")
  const input = box && $(`[aria-controls="${box.id}"]`)
  if (input) choose(input, option)
})
on("focusout", "[data-suggest]", (event, input) => {
  if (!input.dataset.list) hideSuggestions(input)
})
