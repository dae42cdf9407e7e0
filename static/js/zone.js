/* The same moment in the reader's own zone, beside the one that counts.
   <span data-moment="2026-09-30T10:00:00Z" data-zone="Asia/Shanghai" data-words="which is {time} for you" hidden>
   Stays hidden where the reader's clock shows the same. */
// The pages write "3 August" in English; "en" alone would make it "August 3".
const page = document.documentElement.lang;
const language = page === "en" ? "en-GB" : page || undefined;

const shown = (moment, zone, options) =>
  new Intl.DateTimeFormat(language, { ...options, timeZone: zone }).format(moment);

const day = { year: "numeric", month: "numeric", day: "numeric" };
const hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

const tell = (place) => {
  const moment = new Date(place.dataset.moment);
  const zone = place.dataset.zone || "UTC";
  if (Number.isNaN(moment.getTime())) return;
  const sameDay = shown(moment, zone, day) === shown(moment, undefined, day);
  if (sameDay && shown(moment, zone, hour) === shown(moment, undefined, hour)) return;
  const words = sameDay ? hour : { day: "numeric", month: "long", ...hour };
  place.textContent = place.dataset.words.replace("{time}", shown(moment, undefined, words));
  place.hidden = false;
};

document.querySelectorAll("[data-moment]").forEach((place) => {
  try {
    tell(place);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
});
