/* The moderators' bench by hand on the keyboard: keys for the queue and the decision, words suggested for the author,
   the button named after what is chosen. Everything here works without this script as well.
   Beside it: bench-lease.js keeps the case while somebody works on it. */
const OFF = "bench-keys-off";
const form = document.querySelector("[data-decide]");
const keys = document.querySelector("[data-keys]");

/* A decision: its button, the clause in full, the words for the author as long as nobody changed them. */
if (form) {
  const message = form.querySelector("textarea[name=message]");
  const clause = form.querySelector("select[name=clause]");
  const send = form.querySelector("[data-send]");
  const hint = form.querySelector("#clause-words");
  const plainHint = hint?.textContent;
  let suggested = "";

  const suggestion = () => {
    const words = form.querySelector("input[name=action]:checked")?.dataset.suggestion ?? "";
    const chosen = clause?.selectedOptions[0];
    if (!words || !chosen?.value) return "";
    return words
      .replaceAll("{reference}", form.dataset.reference)
      .replaceAll("{number}", chosen.value)
      .replaceAll("{title}", chosen.dataset.title);
  };

  const follow = () => {
    const choice = form.querySelector("input[name=action]:checked");
    if (send && choice) send.textContent = choice.dataset.button;
    if (hint) hint.textContent = clause.selectedOptions[0]?.dataset.words || plainHint;
    if (!message || (message.value.trim() && message.value !== suggested)) return;
    suggested = suggestion();
    message.value = suggested;
  };

  form.addEventListener("change", follow);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && send) {
      event.preventDefault();
      form.requestSubmit(send);
    }
  });
  form.querySelector("[data-clauses]")?.remove();
  follow();
}

/* Single keys act only while nobody types, and can be turned off (WCAG 2.1.4). */
const typing = (target) => target.closest("textarea, select, input:not([type=radio]), [contenteditable]");

const step = (by) => {
  const rows = [...document.querySelectorAll(".case-row")];
  const place = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[place < 0 ? (by > 0 ? 0 : rows.length - 1) : place + by];
  if (next) location.assign(next.href);
};

/* The clause is chosen by its number, where it has one digit. */
const choose = (number) => {
  const clause = form?.querySelector("select[name=clause]");
  if (!clause || ![...clause.options].some((option) => option.value === number)) return false;
  clause.value = number;
  clause.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
};

const press = (letter) => {
  if (/^\d$/.test(letter) && choose(letter)) return undefined;
  if (letter === "j") return step(1);
  if (letter === "k") return step(-1);
  if (letter === "?") {
    keys.open = !keys.open;
    return undefined;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(letter)}"]`);
  target?.focus();
  target?.click();
  return undefined;
};

if (keys) {
  const on = keys.querySelector("[data-keys-on]");
  keys.hidden = false;
  on.checked = !localStorage.getItem(OFF);
  on.addEventListener("change", () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  document.addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    press(event.key.toLowerCase());
  });
}
