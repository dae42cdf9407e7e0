/* A case is kept while somebody works on it, and left when they leave; what they type outlasts a lost lease.
   Without this script: "Keep it longer" and "Give it back". */
const MINUTE = 60_000;
const lease = document.querySelector("[data-lease]");
const form = document.querySelector("[data-decide]");
const message = form?.querySelector("textarea[name=message]");

/* Words typed and not sent yet stay in this tab, under the address of their case. */
const place = `bench-words:${location.pathname}`;

const kept = sessionStorage.getItem(place);

if (message) {
  // What the server gives back was typed last of all.
  if (kept && !message.value.trim()) {
    message.value = kept;
    message.dispatchEvent(new Event("change", { bubbles: true }));
  }
  message.addEventListener("input", () => {
    if (message.value.trim()) sessionStorage.setItem(place, message.value);
    else sessionStorage.removeItem(place);
  });
} else if (document.querySelector("[data-closed]")) {
  sessionStorage.removeItem(place);
} else if (kept) {
  const shown = document.querySelector("[data-kept]");
  shown.querySelector("span").textContent = kept;
  shown.hidden = false;
}

if (lease) {
  const words = lease.querySelector("[data-lease-words]");
  const token = lease.querySelector("[name=csrfmiddlewaretoken]").value;
  let asked = 0;
  let worked = false;
  let over = false;
  let sending = false;

  const fields = (act) => {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token);
    data.set("do", act);
    return data;
  };

  const say = (sentence) => {
    for (const place of [words, document.querySelector(".case-row[aria-current] .why")]) {
      if (place) place.textContent = sentence;
    }
  };

  const lose = () => {
    over = true;
    words.setAttribute("role", "alert");
    words.textContent = lease.dataset.over;
  };

  const renew = async () => {
    if (over) return;
    asked = Date.now();
    worked = false;
    try {
      const answer = await fetch(lease.dataset.lease, { method: "POST", body: fields("renew") });
      if (answer.status === 409) lose();
      else if (answer.ok) say((await answer.json()).sentence);
    } catch {
      // No connection: the next stroke of work asks again.
      worked = true;
    }
  };

  const work = () => {
    worked = true;
    if (Date.now() - asked >= MINUTE) renew();
  };

  for (const kind of ["keydown", "pointerdown", "input", "scroll"]) {
    document.addEventListener(kind, work, { passive: true });
  }
  setInterval(() => worked && renew(), MINUTE);
  document.addEventListener("submit", () => (sending = true));
  window.addEventListener("pagehide", () => {
    // A form that is being sent says by itself what becomes of the case.
    if (!over && !sending) navigator.sendBeacon(lease.dataset.lease, fields("leave"));
  });
  window.addEventListener("pageshow", (event) => {
    sending = false;
    if (event.persisted) renew();
  });
  renew();
}
