/* Words chosen in the text go into the composer's fields, with what stands before and after them: by mouse or finger,
   or by keys alone. The words to propose begin with them, as long as nobody changed those. Without it the words are
   copied by hand. The text is the element [data-edition]; its notes and counts are not part of it. */
const CONTEXT = 64; // characters before and after
const OTHERS = ".notes, .paragraph-number, sup";
const edition = document.querySelector("[data-edition]");
const form = document.querySelector("form[data-keep]");
const field = (name) => form.elements[name];

/* The text of one paragraph as the site has it: its text nodes one after the other, and a break for each <br>. */
const pieces = (paragraph) => {
  const found = [];
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(OTHERS)) continue;
    if (node.nodeType === Node.TEXT_NODE) found.push({ node, text: node.data });
    // The filter that makes paragraphs leaves the line's own end after some breaks.
    else if (node.nodeName === "BR" && !node.nextSibling?.data?.startsWith("\n")) found.push({ node: null, text: "\n" });
  }
  return found;
};

const whole = (paragraph) => pieces(paragraph).map(({ text }) => text).join("");

const offsetOf = (paragraph, container, offset) => {
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(container, offset);
  let length = 0;
  for (const { node, text } of pieces(paragraph)) {
    if (node === container) return length + offset;
    if (node && before.comparePoint(node, 0) > 0) break;
    length += text.length;
  }
  return length;
};

const rangeOf = (paragraph, start, end) => {
  const range = document.createRange();
  let at = 0;
  for (const { node, text } of pieces(paragraph)) {
    if (node && start >= at && start < at + text.length) range.setStart(node, start - at);
    if (node && end > at && end <= at + text.length) range.setEnd(node, end - at);
    at += text.length;
  }
  return range;
};

const tell = (...names) => names.forEach((name) => field(name)?.dispatchEvent(new Event("input", { bubbles: true })));

const put = (paragraph, start, end) => {
  const text = whole(paragraph);
  const exact = text.slice(start, end);
  const untouched = field("proposed_text").value === field("proposal_start").value;
  field("passage").value = exact;
  field("passage_prefix").value = text.slice(Math.max(0, start - CONTEXT), start);
  field("passage_suffix").value = text.slice(end, end + CONTEXT);
  if (untouched) field("proposed_text").value = exact;
  field("proposal_start").value = exact;
  tell("passage");
  field("passage").scrollIntoView({ block: "center" });
  field("body").focus({ preventScroll: true });
};

/* By mouse or finger: what is selected within one paragraph can be taken by the button beside it. */
const chosen = () => {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const { startContainer } = range;
  const element = startContainer.nodeType === Node.ELEMENT_NODE ? startContainer : startContainer.parentElement;
  const paragraph = element?.closest("[data-edition] p");
  if (!paragraph || paragraph.closest(OTHERS)) return null;
  // A triple click ends before the first word of what follows.
  const ends = paragraph.contains(range.endContainer);
  let start = offsetOf(paragraph, range.startContainer, range.startOffset);
  let end = ends ? offsetOf(paragraph, range.endContainer, range.endOffset) : whole(paragraph).length;
  const words = whole(paragraph).slice(start, end);
  start += words.length - words.trimStart().length;
  end -= words.length - words.trimEnd().length;
  return start < end ? { paragraph, start, end, range } : null;
};

const here = () => {
  const made = document.querySelector("template[data-here]").content.firstElementChild.cloneNode(true);
  made.hidden = true;
  edition.append(made);
  let now = null;
  let byKeys = false;
  const follow = () => {
    now = byKeys ? null : chosen();
    made.hidden = !now;
    if (!now) return;
    const lines = now.range.getClientRects();
    const last = lines[lines.length - 1] ?? now.range.getBoundingClientRect();
    const frame = edition.getBoundingClientRect();
    const most = frame.width - made.offsetWidth;
    made.style.top = `${last.bottom - frame.top + 6}px`;
    made.style.left = `${Math.max(0, Math.min(last.left - frame.left, most))}px`;
  };
  document.addEventListener("selectionchange", follow);
  // A press on the button must not take the selection away before it is read.
  made.addEventListener("pointerdown", (event) => event.preventDefault());
  made.addEventListener("click", () => {
    if (!now) return;
    put(now.paragraph, now.start, now.end);
    document.getSelection().removeAllRanges();
  });
  return (on) => {
    byKeys = on;
    follow();
  };
};

/* By keys: one word is chosen from the start, arrows go on from it, Shift and an arrow take in more. */
const wordsOf = (paragraph) => {
  const language = paragraph.closest("[lang]")?.lang || undefined;
  const segments = [...new Intl.Segmenter(language, { granularity: "word" }).segment(whole(paragraph))];
  return segments
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index, segment }) => ({ start: index, end: index + segment.length }));
};

const byKeys = (setByKeys) => {
  const paragraphs = [...edition.querySelectorAll("p")].filter((each) => !each.closest(OTHERS) && whole(each).trim());
  const opener = form.querySelector("[data-by-keys]");
  const told = document.querySelector("template[data-keys]").content.firstElementChild.cloneNode(true);
  let at = 0;
  let words = [];
  let from = 0;
  let to = 0;

  const show = () => {
    const [start, end] = [words[Math.min(from, to)].start, words[Math.max(from, to)].end];
    const range = rangeOf(paragraphs[at], start, end);
    const selection = document.getSelection();
    selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    told.querySelector("[data-chosen]").textContent = whole(paragraphs[at]).slice(start, end);
    range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  };

  const go = (index) => {
    if (index < 0 || index >= paragraphs.length) return;
    at = index;
    words = wordsOf(paragraphs[at]);
    from = to = 0;
    paragraphs[at].before(told);
    show();
  };

  const leave = () => {
    edition.removeEventListener("keydown", press);
    edition.removeEventListener("blur", leave);
    ["tabindex", "role", "aria-label"].forEach((name) => edition.removeAttribute(name));
    told.remove();
    document.getSelection().removeAllRanges();
    setByKeys(false);
  };

  const move = (by, more) => {
    const next = to + by;
    if (next < 0 || next >= words.length) return;
    to = next;
    if (!more) from = to;
    show();
  };

  const press = (event) => {
    const forward = getComputedStyle(paragraphs[at]).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const acts = {
      [forward]: () => move(1, event.shiftKey),
      [backward]: () => move(-1, event.shiftKey),
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => move(-to, event.shiftKey),
      End: () => move(words.length - 1 - to, event.shiftKey),
      Escape: () => {
        leave();
        opener.focus();
      },
      Enter: () => {
        const [start, end] = [words[Math.min(from, to)].start, words[Math.max(from, to)].end];
        const paragraph = paragraphs[at];
        leave();
        put(paragraph, start, end);
      },
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  };

  opener.addEventListener("click", () => {
    setByKeys(true);
    edition.tabIndex = -1;
    // The arrows are ours here, not those of a screen reader's own way through the page.
    edition.setAttribute("role", "application");
    edition.setAttribute("aria-label", told.firstElementChild.textContent);
    edition.focus({ preventScroll: true });
    edition.addEventListener("keydown", press);
    edition.addEventListener("blur", leave);
    go(0);
  });
};

if (edition && form && field("passage")) {
  const setByKeys = here();
  if (window.Intl?.Segmenter) {
    form.querySelector("[data-choosing]").hidden = false;
    byKeys(setByKeys);
  }
}
