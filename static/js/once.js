/* One act, one sending: while a form is on its way, a second press does nothing and says so.
   The words come from the form's data-sending, or from <body data-sending>. Forms that may be sent again and
   stay on the page (downloads) carry data-repeat. */
const PATIENCE = 30_000; // milliseconds until a sending that went nowhere may be tried again

const wordsFor = (form) => form.dataset.sending || document.body.dataset.sending || "";

const say = (form, button) => {
  if (form.querySelector("[data-once]")) return;
  const line = document.createElement("span");
  line.className = "saved-state";
  line.dataset.once = "";
  line.setAttribute("role", "status");
  (button ?? form.lastElementChild).after(line);
  line.textContent = wordsFor(form);
};

const release = (form) => {
  delete form.dataset.underWay;
  form.querySelectorAll("[data-once]").forEach((line) => line.remove());
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "repeat" in form.dataset) return;
  if ("underWay" in form.dataset) {
    event.preventDefault();
    say(form, event.submitter);
    return;
  }
  form.dataset.underWay = "";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), PATIENCE);
});

/* Coming back by the browser's own button finds every form ready again. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-under-way]").forEach(release);
});
