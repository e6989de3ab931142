"use strict";
// Asks again and again whether the page has changed, and replaces what has; the reader's place stays.

const every = Number(document.documentElement.dataset.every);
const nonce = document.currentScript.nonce; // the page that is read anew has another one
const parts = ["preview-look", "preview-name", "preview-counts", "preview-found", "preview-whole"];
let tag = "", timer;

async function ask() {
  clearTimeout(timer);
  let ended = false;
  try {
    const answer = await fetch(location.pathname, { headers: { "If-None-Match": tag }, cache: "no-store" });
    if (answer.status === 200) {
      const text = (await answer.text()).replaceAll(/nonce="\w+"/g, `nonce="${nonce}"`);
      renew(new DOMParser().parseFromString(text, "text/html"));
      tag = answer.headers.get("ETag");
    }
    ended = answer.status !== 200 && answer.status !== 304;
  } catch {
    ended = true;
  }
  document.getElementById("preview-ended").hidden = !ended;
  timer = setTimeout(ask, document.hidden ? every * 10 : every);
}

function renew(page) {
  const main = document.querySelector("main"), fresh = page.querySelector("main");
  const places = [...main.children].map((child) => [child, child.getBoundingClientRect()]);
  // Chromium leaves an empty attribute unless it was asked for first, and no note would be equal.
  for (const note of main.querySelectorAll(".preview-note")) if (note.hasAttribute("style")) note.removeAttribute("style");
  for (const open of main.querySelectorAll("details[open]")) page.getElementById(open.id)?.setAttribute("open", "");
  document.title = page.title;
  same(document.body, page.body);
  for (const id of parts) {
    const old = document.getElementById(id), part = page.getElementById(id);
    if (old && part && !old.isEqualNode(part)) {
      same(old, part);
      if (old.innerHTML !== part.innerHTML) old.replaceChildren(...part.childNodes);
    }
  }
  same(main, fresh);
  replace(main, fresh);
  lay();
  const kept = places.filter(([child, was]) => was.height && child.isConnected && !child.matches(".preview-note"));
  const seen = kept.find(([child, was]) => was.top >= 0) ?? kept.at(-1);
  if (seen) scrollBy({ top: seen[0].getBoundingClientRect().top - seen[1].top, behavior: "instant" });
}

// The attributes of an element as another one has them.
function same(old, fresh) {
  if (old.id === "preview-look") return; // its nonce isn't shown to scripts
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) if (old.getAttribute(name) !== fresh.getAttribute(name)) old.setAttribute(name, fresh.getAttribute(name));
}

// The children of an element as another one has them; those that are equal stay, in order.
function replace(old, fresh) {
  let next = old.firstElementChild;
  for (const child of [...fresh.children]) {
    let found = next;
    while (found && !found.isEqualNode(child)) found = found.nextElementSibling;
    if (found) {
      while (next !== found) next = gone(next);
      next = next.nextElementSibling;
    } else {
      old.insertBefore(child, next);
    }
  }
  while (next) next = gone(next);
}

function gone(element) {
  const next = element.nextElementSibling;
  element.remove();
  return next;
}

// In the margin, where there is one, each note at the height of its paragraph, or below the note before it.
function lay() {
  const main = document.querySelector("main"), top = main.getBoundingClientRect().top;
  let below = 0;
  for (const note of main.querySelectorAll(".preview-note")) {
    if (getComputedStyle(note).position !== "absolute") continue;
    let beside = note.parentElement.tagName === "LI" ? note.parentElement : note.previousElementSibling;
    while (beside.matches(".preview-note")) beside = beside.previousElementSibling;
    const at = Math.max(beside.getBoundingClientRect().top - top, below);
    note.style.top = `${at}px`;
    below = at + note.offsetHeight + 8;
  }
}

new ResizeObserver(lay).observe(document.querySelector("main"));
document.addEventListener("toggle", lay, true);
document.addEventListener("visibilitychange", () => document.hidden || ask());
lay();
ask();
