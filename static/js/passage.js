/* Words chosen in the text go into the composer's field, with what stands before and after them. Without it they are
   copied by hand. The text is the element [data-edition]; its notes and counts are not part of it. */
const CONTEXT = 32; // characters before and after, as the site itself keeps them
const edition = document.querySelector("[data-edition]");
const field = document.querySelector("[name=passage]");
const text = (range) => {
  const words = range.cloneContents();
  words.querySelectorAll(".notes, .paragraph-number, sup").forEach((other) => other.remove());
  return words.textContent.replace(/\s+/g, " ");
};
const between = (start, end) => {
  const range = document.createRange();
  range.setStart(...start);
  range.setEnd(...end);
  return text(range);
};
const take = () => {
  const chosen = document.getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return;
  const range = chosen.getRangeAt(0);
  const start = range.startContainer.parentElement?.closest("[data-edition] p");
  if (!start || start !== range.endContainer.parentElement?.closest("[data-edition] p")) return;
  const exact = text(range).trim();
  if (!exact) return;
  field.value = exact;
  document.querySelector("[name=passage_prefix]").value = between([start, 0], [range.startContainer, range.startOffset]).slice(-CONTEXT);
  document.querySelector("[name=passage_suffix]").value = between([range.endContainer, range.endOffset], [start, start.childNodes.length]).slice(0, CONTEXT);
};
if (edition && field) document.addEventListener("selectionchange", take);
