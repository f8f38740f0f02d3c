import { createHash } from 'node:crypto'

// The token is in the fragment of the link, which browsers send nowhere. Opening the page changes nothing, so that
// a mail scanner that follows links does not use them up.
const script = `
const [purpose, token] = location.hash.slice(1).split('=')
const forms = {
  verify_email: ['Confirm your e-mail address', 'verify-email', 'Your address is confirmed. You can sign in now.'],
  reset_password: ['Choose a new password', 'reset-password', 'Your password is changed. You can sign in with it now.'],
  unlock: ['Let this device sign in again', 'unlock', 'Done. You can sign in from here now.'],
}
const form = document.querySelector('form'), status = document.querySelector('[role=status]')
const password = document.querySelector('input'), button = document.querySelector('button')
const [title, path, done] = forms[purpose] ?? []
if (title) {
  document.querySelector('h1').textContent = button.textContent = title
  form.hidden = false
  password.parentElement.hidden = !(password.required = purpose === 'reset_password')
} else {
  status.textContent = 'This link is not complete. Open it exactly as it is in the mail.'
}
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  button.disabled = true
  const body = password.required ? { token, password: password.value } : { token }
  const answer = await fetch(path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  }).catch(() => null)
  button.disabled = false
  form.hidden = answer?.ok ?? false
  status.textContent = answer?.ok ? done : ((await answer?.json().catch(() => null))?.detail ?? 'No answer. Try again.')
})`

const style =
  'body{font:1rem/1.5 system-ui;max-width:26rem;margin:4rem auto;padding:0 1rem}input,button{font:inherit;margin:.5rem 0}'

export const linkPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Sandkeep</title>
<style>${style}</style>
<h1>Sandkeep</h1>
<form hidden>
<label>New password<br><input type="password" autocomplete="new-password" minlength="8"></label>
<p><button></button>
</form>
<p role="status"></p>
<script>${script}</script>
</html>
`

const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export const linkPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    "connect-src 'self'",
    `script-src ${hashSource(script)}`,
    `style-src ${hashSource(style)}`,
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
}
