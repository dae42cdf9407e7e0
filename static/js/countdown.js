/* The time that is left on the last day, counted on minute by minute in the words of the page.
   <span data-until="2026-09-30T10:00:00Z" data-words="Time left: {time}." data-closed="Closed.">Time left: 2 hr 0 min.</span> */
const language = document.documentElement.lang || undefined;
const MINUTE = 60_000;

const number = (value, unit) =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", numberingSystem: "latn" }).format(value);

const clock = (left) => {
  const minutes = Math.floor(left / MINUTE);
  const hours = Math.floor(minutes / 60);
  const units = hours ? [number(hours, "hour")] : [];
  return [...units, number(minutes % 60, "minute")].join(" ");
};

const count = (place) => {
  const left = new Date(place.dataset.until).getTime() - Date.now();
  if (Number.isNaN(left)) return;
  place.textContent = left > 0 ? place.dataset.words.replace("{time}", clock(left)) : place.dataset.closed;
  if (left > 0) setTimeout(() => count(place), (left % MINUTE) + 1);
};

document.querySelectorAll("[data-until]").forEach(count);
