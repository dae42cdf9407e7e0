/* Buttons that copy the words of an element: data-copy names it, data-copied is what is said then. Without a
   clipboard (or a script) there is no such button: the words can be selected. */
const said = (button) => {
  let line = button.parentElement.querySelector("[data-copied-line]");
  if (!line) {
    line = document.createElement("span");
    line.className = "saved-state";
    line.dataset.copiedLine = "";
    line.setAttribute("role", "status");
    button.after(line);
  }
  return line;
};

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    said(button).textContent = button.dataset.copied;
  });
}
