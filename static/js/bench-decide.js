/* Deciding: words selected in the text are added to those that are redacted; what a decision needs opens with it. */
const form = document.querySelector("[data-decide]");
const mark = form?.querySelector("[data-mark]");

if (mark) {
  const quotes = form.querySelector("textarea[name=quotes]");
  let selected = "";
  mark.hidden = false;
  /* A press on the button would end the selection: what was selected last in the text is kept. */
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const place = selection?.anchorNode?.parentElement?.closest(".quoted");
    if (place && selection.toString().trim()) selected = selection.toString().trim();
  });
  mark.addEventListener("click", () => {
    const lines = selected.split(/\n+/).filter(Boolean);
    if (!lines.length) return;
    quotes.value = [quotes.value.trimEnd(), ...lines].filter(Boolean).join("\n");
    selected = "";
    quotes.focus();
  });
}

form?.addEventListener("change", (event) => {
  if (event.target.name !== "action") return;
  const part = form.querySelector(`[data-when="${CSS.escape(event.target.value)}"]`);
  if (part?.dataset.when === "redact") part.open = true;
});
