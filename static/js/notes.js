/* The notes on a passage: on a phone they open as a sheet over the lower half. Its passage is brought into view above
   it, the focus goes into the sheet, and back to the passage when it shuts. */
const phone = window.matchMedia("(max-width: 68rem)");

const sheet = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  return target?.matches(".notes") ? target : null;
};

let passage = null;

const open = (notes) => {
  passage = document.querySelector(`a.passage[href="#${CSS.escape(notes.id)}"]`);
  if (phone.matches) passage?.scrollIntoView({ block: "start" });
  notes.tabIndex = -1;
  notes.focus({ preventScroll: true });
};

const follow = () => {
  const notes = sheet();
  if (notes) {
    open(notes);
  } else {
    passage?.focus({ preventScroll: true });
    passage = null;
  }
};

window.addEventListener("hashchange", follow);
if (sheet()) follow();

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") sheet()?.querySelector(".close")?.click();
});
