// Every page works without this. With it: an answer is seen to come about without leaving the page, the characters
// left are counted, what happens is announced, a question cannot be sent twice by mistake, and a numbered link opens
// the source it leads to.
import { CharacterCount, ErrorSummary, SkipLink, createAll } from "govuk-frontend";
import "./htmx.js";
import "htmx.org/dist/ext/hx-sse.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

const prepare = (scope) => {
  for (const component of [CharacterCount, SkipLink, ErrorSummary]) createAll(component, undefined, scope);
  for (const item of scope.querySelectorAll("[data-print], [data-copy]")) item.hidden = false;
};
prepare(document);

// Back and forward within what a page pushed change the address and fetch nothing. Whoever goes on before this script
// listens would keep the page before under the address of an answer; so would a page kept whole by the browser, whose
// connection is dead. Both are fetched anew. Addresses of ours hold no character that is written in two ways.
const elsewhere = () => /^[\w\/-]+$/.test(location.pathname) && document.body.dataset.here !== location.pathname;
if (elsewhere()) location.reload();
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const announcer = document.getElementById("announcer");
const announce = (text) => {
  // A live region is read out when it changes, so it must be there, empty, before it is filled.
  if (announcer && text) setTimeout(() => (announcer.textContent = text), 150);
};
announce(announcer?.dataset.announce);

// What the reader is told of a question that is sent, and takes back when the page returns from the browser's history.
const said = (form, text) => {
  const seen = form.querySelector("[data-busy-text]");
  if (seen) seen.textContent = text;
};
document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail?.ctx?.sourceElement;
  if (form?.matches?.("form[data-busy]")) said(form, form.dataset.busy);
});
document.addEventListener("htmx:finally:request", (event) => {
  const form = event.detail?.ctx?.sourceElement;
  if (form?.matches?.("form[data-busy]")) {
    said(form, "");
    if (event.detail.ctx.response?.status === 202) form.dataset.asked = form.elements.question.value;
  }
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach((form) => said(form, "")));

// The answer has come: the form is free for the next question, unless that is being typed already.
const arrived = (article) => {
  document.title = `${article.dataset.title} – Frontline Assistant`;
  for (const form of document.querySelectorAll("form[data-asked]")) {
    const field = form.elements.question;
    if (field.value === form.dataset.asked) {
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (form.elements.whole) form.elements.whole.checked = false; // said of the question that was answered
    delete form.dataset.asked;
  }
};

let seen = null;
document.addEventListener("htmx:after:swap", () => {
  const main = document.getElementById("main-content");
  for (const group of main.querySelectorAll(".govuk-error-summary:not([data-prepared])")) {
    group.dataset.prepared = "";
    createAll(ErrorSummary, undefined, group.parentElement);
  }
  for (const count of main.querySelectorAll(".govuk-character-count:not([data-govuk-character-count-init])")) {
    createAll(CharacterCount, undefined, count.parentElement);
  }
  for (const item of main.querySelectorAll("[data-print], [data-copy]")) item.hidden = false;
  const told = main.querySelector("#answer [data-announce]");
  if (told && told !== seen) {
    announce(told.dataset.announce);
    if (told.matches("article")) arrived(told);
  }
  seen = told;
  openTarget();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print] button")) print();
  const copy = event.target.closest("[data-copy]");
  if (copy && event.target.closest("button")) {
    const field = document.getElementById(copy.dataset.copy);
    field.select();
    navigator.clipboard
      .writeText(field.value)
      .then(() => "Copied", () => "Select the text and copy it with the keyboard")
      .then((text) => (copy.querySelector("[data-copied]").textContent = text));
  }
});

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", openTarget);
openTarget();
