// --- Numbers that change while the page is looked at: [data-counter], told by [data-events]
const events = document.body.dataset.events
let listening
// Pages behind others do not listen: each connection counts, here and there.
const listen = () => {
  if (!events || !window.EventSource) return
  if (document.hidden) {
    listening?.close()
    listening = undefined
  } else if (!listening) {
    listening = new EventSource(events)
    listening.addEventListener("counters", (event) => count(JSON.parse(event.data)))
  }
}
const count = ({ counters, said }) => {
  for (const [name, { text, urgent }] of Object.entries(counters)) {
    for (const badge of $$(`[data-counter="${CSS.escape(name)}"]`)) {
      badge.textContent = text
      badge.hidden = text === "0"
      badge.classList.toggle("hot", urgent)
    }
  }
  const place = $("#said")
  if (place && said) place.textContent = said
}
document.addEventListener("visibilitychange", listen)
// A page that the browser put aside must not keep a connection; brought back, it listens again.
addEventListener("pagehide", () => {
  listening?.close()
  listening = undefined
})
addEventListener("pageshow", listen)
