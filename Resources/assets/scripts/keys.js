// --- Keys
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]")
  const command = event.ctrlKey || event.metaKey
  if (command && event.key === "k") {
    event.preventDefault()
    const palette = $("dialog#palette")
    if (palette) palette.open || openDialog(palette)
    else $("[data-search]")?.focus()
  } else if (command && (event.key === "s" || event.key === "Enter")) {
    const form = event.target.closest("form[method=post]") ?? $("form[data-main], form[data-guard]")
    if (!form) return
    event.preventDefault()
    form.requestSubmit($(".bar .btn[value=save], .bar .btn.p, .btn.p", form))
  } else if (!typing && !command && !event.altKey && !$("dialog[open]")) {
    plainKey(event)
  }
})

function plainKey(event) {
  const keyed = $(`[data-key="${CSS.escape(event.key)}"]`)
  if (event.key === "/") ($("[data-search]") ?? $("[data-dialog=palette]"))?.focus()
  else if (event.key === "?") $("dialog#shortcuts")?.showModal()
  else if (keyed?.matches("details")) {
    keyed.open = true
    $(".pop a, .pop button", keyed)?.focus()
  } else if (keyed) keyed.click()
  else return
  event.preventDefault()
}
