// Every page works without this. With it: the characters left are counted, an error is announced, a question under
// way is announced and cannot be sent twice by mistake, and a numbered link opens the source it leads to.
import { CharacterCount, ErrorSummary, SkipLink, createAll } from "govuk-frontend";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
createAll(CharacterCount);
createAll(SkipLink);
createAll(ErrorSummary);

const announcer = document.getElementById("announcer");
const announce = (text) => {
  // A live region is read out when it changes, so it must be there, empty, before it is filled.
  if (announcer && text) setTimeout(() => (announcer.textContent = text), 150);
};
announce(announcer?.dataset.announce);

for (const form of document.querySelectorAll("form[data-busy]")) {
  let under_way = false;
  form.addEventListener("submit", (event) => {
    if (under_way) {
      event.preventDefault();
      return;
    }
    under_way = true;
    const seen = form.querySelector("[data-busy-text]");
    if (seen) seen.textContent = form.dataset.busy;
  });
  // A page that comes back from the browser's history may be sent again.
  addEventListener("pageshow", () => {
    under_way = false;
    const seen = form.querySelector("[data-busy-text]");
    if (seen) seen.textContent = "";
  });
}

const openTarget = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
addEventListener("hashchange", openTarget);
openTarget();
