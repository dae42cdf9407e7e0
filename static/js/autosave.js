/* Words that are typed are saved as a draft by themselves. What the site does not have yet is kept in this browser, for
   the person who typed it: over a lost connection, a signed-out session, a closed window. It is brought back and
   forgotten as soon as the site has it. Without this script the buttons save and send.
   A form <form data-keep="name" data-person="…"> holds <p data-keeping data-…="sentence"> to say it; what the site says
   after it got the words stands in <span data-reached="person:name">. */
const PAUSE = 1500; // milliseconds without a key before words are saved
const AGAIN = 5000; // milliseconds until a lost connection is tried again
const LONGEST = 30 * 24 * 3600 * 1000; // milliseconds for which a browser keeps words
const PREFIX = "accord-words:";
const NOT_WORDS = new Set(["csrfmiddlewaretoken", "claim", "do"]);
const SAID = new Set(["body", "proposed_text", "translation_body", "translation_proposed_text"]);

/* Storage may be full, or shut: then nothing is kept here, and saving goes on. */
const shelf = {
  read: (name) => {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + name));
    } catch {
      return null;
    }
  },
  write: (name, value) => {
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      /* The site's own copy is what counts. */
    }
  },
  drop: (name) => {
    try {
      localStorage.removeItem(PREFIX + name);
    } catch {
      /* There is none. */
    }
  },
  tidy: () => {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(PREFIX) && !(shelf.read(key.slice(PREFIX.length))?.at > Date.now() - LONGEST)) {
          localStorage.removeItem(key);
        }
      }
    } catch {
      /* There is none. */
    }
  },
};

const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");

const keeping = (form) => {
  const line = form.querySelector("[data-keeping]");
  const said = line.querySelector("[data-said]");
  const signIn = line.querySelector("[data-sign-in]");
  const bringBack = line.querySelector("[data-bring-back]");
  const discard = line.querySelector("[data-discard]");
  let shelved = `${form.dataset.person}:${form.dataset.keep}`;
  let saved = null; // the words that the site has
  let sending = null; // what is under way, or has to be sent again as it was: { body, words }
  let running = null; // the promise of what is under way
  let timer = 0;
  // Whose words go on is for the person to say: nothing is saved by itself until then.
  let conflict = "conflict" in form.dataset;

  const fields = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_WORDS.has(name)));
  const words = () => {
    const { edition: _edition, ...others } = fields();
    return JSON.stringify(others);
  };
  // A form that came back holds words that the site has not kept.
  const untouched = "answered" in form.dataset ? null : words();
  // A comment keeps its institution: of several, one has to be chosen before anything is saved for it.
  const institutions = form.elements.institution?.nodeName === "SELECT" ? form.elements.institution : null;
  let several = institutions?.options.length > 1;
  const worthIt = () => {
    const now = fields();
    return [...SAID].some((name) => now[name]?.trim() && !(name === "proposed_text" && now[name] === now.proposal_start));
  };

  const say = (sentence, { attention = true, door = false, offer = false, drop = false } = {}) => {
    said.textContent = sentence;
    line.classList.toggle("notice", attention);
    line.classList.toggle("near", attention);
    signIn.hidden = !door;
    bringBack.hidden = !offer;
    discard.hidden = !drop;
  };

  const keep = () => {
    if (words() === saved || words() === untouched) shelf.drop(shelved);
    else shelf.write(shelved, { at: Date.now(), fields: fields() });
  };

  const fill = (kept) => {
    for (const [name, value] of Object.entries(kept)) {
      if (name === "institution" && !institutions) continue;
      const field = form.elements[name];
      if (!field) continue;
      field.value = value;
    }
    for (const part of form.querySelectorAll("details")) {
      part.open ||= [...part.querySelectorAll("textarea, select")].some((each) => each.value);
    }
    form.elements.proposed_text?.dispatchEvent(new Event("input", { bubbles: true }));
  };

  /* Someone signed in anew, in another window: this page's token is of the session before. */
  const freshToken = async () => {
    const answer = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form[data-keep] [name=csrfmiddlewaretoken]")?.value;
    const same = page.querySelector("form[data-keep]")?.dataset.person === form.dataset.person;
    if (!token || !same) return false;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => (each.value = token));
    sending.body.set("csrfmiddlewaretoken", token);
    return true;
  };

  const post = async ({ retried = false } = {}) => {
    const answer = await fetch(form.action, { method: "POST", body: sending.body, redirect: "manual", headers: { Accept: "application/json" } });
    if (answer.type === "opaqueredirect") return { out: true };
    if (answer.status === 403 && !retried) return (await freshToken()) ? post({ retried: true }) : { out: true };
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    return { ok: answer.ok, status: answer.status, told };
  };

  const settled = ({ url, key, edition, sentence }) => {
    form.action = url;
    form.elements.edition.value = edition;
    if (institutions) [...institutions.options].filter((each) => !each.selected).forEach((each) => each.remove());
    shelf.drop(shelved);
    shelved = `${form.dataset.person}:${key}`;
    saved = sending.words;
    sending = null;
    if ("ownPage" in form.dataset) history.replaceState(history.state, "", url);
    // Whoever has to sign in comes back to the draft: there its words are brought back.
    const door = new URL(signIn.href);
    door.searchParams.set("next", url);
    signIn.href = door;
    form.querySelector("[data-saved-before]")?.remove();
    say(sentence, { attention: false });
    keep();
  };

  /* "saved", or why it is not: "offline", "out", "refused". What was sent and not answered is sent again as it was, so
     that it is done once; what was typed since follows it. */
  const save = async () => {
    if (!sending) {
      const body = new FormData(form);
      body.set("do", "autosave");
      body.set("claim", newKey());
      sending = { body, words: words() };
    }
    try {
      const { out, ok, status, told } = await post();
      if (out) {
        say(line.dataset.signedOut, { door: true });
        return "out";
      }
      if (ok) {
        settled(told);
        return "saved";
      }
      if (status >= 500 || status === 429) throw new TypeError("no answer");
      sending = null;
      conflict = told.code === "edited-meanwhile";
      say(conflict ? line.dataset.meanwhile : `${line.dataset.not} ${told.sentence ?? ""}`);
      return "refused";
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(line.dataset.offline);
      clearTimeout(timer);
      timer = setTimeout(flush, AGAIN);
      return "offline";
    }
  };

  const nothingNew = () => !sending && (words() === saved || (words() === untouched && saved === null) || !worthIt());

  const flush = async () => {
    clearTimeout(timer);
    while (running) await running;
    if (several || conflict || nothingNew()) return "saved";
    running = save();
    const outcome = await running.finally(() => (running = null));
    // What was sent again was older than what stands there.
    return outcome === "saved" ? flush() : outcome;
  };

  const typed = () => {
    keep();
    clearTimeout(timer);
    if (several) say(line.dataset.here, { attention: false });
    else if (!conflict) timer = setTimeout(flush, PAUSE);
  };

  institutions?.addEventListener("change", () => (several = false));
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  window.addEventListener("online", () => flush());
  window.addEventListener("focus", () => !signIn.hidden && flush());
  document.addEventListener("visibilitychange", () => document.hidden && timer && flush());
  document.querySelector("[data-drop]")?.addEventListener("click", () => shelf.drop(shelved));

  /* Sending goes on from the draft; where nothing can be reached, it waits, and the page stays. */
  let ready = false;
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (ready || event.defaultPrevented || button?.hasAttribute("hx-post")) return;
    if (several || conflict) {
      // Brought back if the site never got them.
      shelf.write(shelved, { at: Date.now(), fields: fields(), sent: true });
      return;
    }
    event.preventDefault();
    const outcome = await flush();
    if (outcome === "offline" || outcome === "out") return;
    // A form can't be sent while the event of its sending is still on its way to others.
    await new Promise((done) => setTimeout(done));
    ready = true;
    form.requestSubmit(button);
    ready = false;
  });

  if ("answered" in form.dataset) {
    keep();
    return;
  }
  const kept = shelf.read(shelved);
  if (!kept) return;
  const { edition: _edition, ...others } = kept.fields;
  if (JSON.stringify(others) === untouched) {
    shelf.drop(shelved);
    return;
  }
  discard.addEventListener("click", () => {
    shelf.drop(shelved);
    location.reload();
  });
  bringBack.addEventListener("click", () => {
    fill(kept.fields);
    say(line.dataset.back, { drop: true });
    typed();
  });
  if (kept.sent) {
    say(line.dataset.offered, { offer: true, drop: true });
  } else {
    fill(kept.fields);
    say(line.dataset.back, { drop: true });
    timer = setTimeout(flush, PAUSE);
  }
};

shelf.tidy();
document.querySelectorAll("[data-reached]").forEach((each) => shelf.drop(each.dataset.reached));
document.querySelectorAll("form[data-keep]").forEach(keeping);
/* What is being sent from the page where it was looked over is offered again only if it never arrived. */
document.querySelectorAll("form[data-looked-over]").forEach((form) => {
  form.addEventListener("submit", () => {
    const name = `${form.dataset.person}:${form.dataset.lookedOver}`;
    const kept = shelf.read(name);
    if (kept) shelf.write(name, { ...kept, sent: true });
  });
});
