/* Passkeys: offered only where the browser knows them, and a try that came to nothing is said in words.
   What asks the browser is django-allauth's own webauthn.js. */
if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey]").forEach((part) => (part.hidden = false));
  document.querySelectorAll("[data-no-passkey]").forEach((part) => (part.hidden = true));
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelectorAll("[data-passkey-failed]").forEach((part) => (part.hidden = false));
});
