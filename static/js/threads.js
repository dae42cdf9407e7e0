/* Parts of a discussion that come when asked for. Replies open under their comment, and shut again; when a list goes
   on, the focus goes to the first of what came. Without a script, each is a link to a page. */
const shutter = (link, replies) => {
  link.setAttribute("aria-expanded", String(!replies.hidden));
};

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[data-replies][aria-expanded]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const replies = link.closest(".comment").querySelector(":scope > .replies");
    event.preventDefault();
    event.stopImmediatePropagation();
    replies.hidden = !replies.hidden;
    shutter(link, replies);
  },
  true,
);

let before = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const target = event.detail.target;
  before = target.matches(".list-end, .fold") ? target.previousElementSibling : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const asked = event.detail.requestConfig?.elt;
  if (asked?.matches("a[data-replies]")) {
    shutter(asked, event.detail.target);
  } else if (before) {
    before.nextElementSibling?.querySelector("a")?.focus();
    before = null;
  }
});
