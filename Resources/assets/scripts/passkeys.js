// --- Passkeys: form[data-passkey] is sent once a device has signed what that address asks for
const passkeysAreKnown = Boolean(window.PublicKeyCredential && navigator.credentials)
if (passkeysAreKnown) {
  $$("[data-passkey-offer]").forEach((e) => { e.hidden = false })
  $$("[data-passkey-absent]").forEach((e) => { e.hidden = true })
}

const fromBase64URL = (text) => Uint8Array.from(
  atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0))
const toBase64URL = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")

const sayOfPasskey = (text) => {
  const place = $("[data-passkey-said]")
  place.textContent = text
  place.hidden = !text
}

/// What is sent of a new passkey, or of a signature by one that the person has chosen.
async function signed(publicKey) {
  publicKey.challenge = fromBase64URL(publicKey.challenge)
  if (!publicKey.user) {
    const { rawId, response } = await navigator.credentials.get({ publicKey })
    return {
      credential: rawId, client_data: response.clientDataJSON, signature: response.signature,
      authenticator_data: response.authenticatorData, user_handle: response.userHandle }
  }
  publicKey.user.id = fromBase64URL(publicKey.user.id)
  for (const known of publicKey.excludeCredentials) known.id = fromBase64URL(known.id)
  const { response } = await navigator.credentials.create({ publicKey })
  return {
    client_data: response.clientDataJSON, authenticator_data: response.getAuthenticatorData() }
}

async function sendWithPasskey(form) {
  const headers = { Accept: "application/json" }
  const body = new URLSearchParams(new FormData(form))
  const answer = await fetch(form.dataset.passkey, { method: "POST", body, headers })
  const asked = await answer.json()
  if (!answer.ok) return sayOfPasskey(asked.message)
  const fields = await signed(asked)
  for (const name in fields) {
    const value = toBase64URL(fields[name] ?? new ArrayBuffer(0))
    if (form.elements[name]) form.elements[name].value = value
    else form.append(hidden(name, value))
  }
  form.submit()
}

// Before the forms' own listener, which would take it for sent.
on("submit", "form[data-passkey]", async (event, form) => {
  event.preventDefault()
  const buttons = [...form.elements].filter(
    (element) => element.matches("button:not([type=button], :disabled)"))
  sayOfPasskey("")
  buttons.forEach((button) => { button.disabled = true })
  const words = { NotAllowedError: form.dataset.cancelled, InvalidStateError: form.dataset.known }
  await sendWithPasskey(form).catch(
    (error) => sayOfPasskey(words[error.name] ?? form.dataset.failed))
  buttons.forEach((button) => { button.disabled = false })
}, true)
