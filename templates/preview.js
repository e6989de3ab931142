"use strict";
// Asks again and again whether the page has changed, and replaces what has; the reader's place stays.

const every = Number(document.documentElement.dataset.every);
const nonce = document.currentScript.nonce; // the next page has another one
const parts = ["preview-look", "preview-name", "preview-counts", "preview-found", "preview-whole"];
let tag = "", asked = 0, timer;

async function ask() {
  clearTimeout(timer);
  const mine = ++asked;
  let ended = false;
  try {
    const signal = AbortSignal.timeout(30_000);
    const answer = await fetch(location.pathname, { headers: { "If-None-Match": tag }, cache: "no-store", signal });
    const text = await answer.text();
    if (mine !== asked) return; // another answer is on its way, or here
    if (answer.status === 200) {
      renew(new DOMParser().parseFromString(text.replaceAll(/(<(?:script|style) nonce=)"\w+"/g, `$1"${nonce}"`), "text/html"));
      tag = answer.headers.get("ETag");
    }
    ended = answer.status !== 200 && answer.status !== 304;
  } catch {
    ended = true;
  }
  if (mine !== asked) return; // so that two don't ask in turn
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

// The children of an element as another one has them; of those that are equal as many stay as can, in order.
function replace(old, fresh) {
  const had = [...old.children], has = [...fresh.children];
  let end = null;
  while (had.length && has.length && had.at(-1).isEqualNode(has.at(-1))) end = had.pop(), has.pop();
  while (had.length && has.length && had[0].isEqualNode(has[0])) had.shift(), has.shift();
  if (had.length * has.length > 1_000_000) { // a letter has some hundreds
    had.forEach((each) => each.remove());
    has.forEach((each) => old.insertBefore(each, end));
    return;
  }
  const was = had.map((each) => each.outerHTML), is = has.map((each) => each.outerHTML);
  // How many of the rest can stay, from each place in the one and in the other: a longest common subsequence.
  const most = [...was, ""].map(() => new Array(is.length + 1).fill(0));
  for (let i = was.length; i--; ) for (let j = is.length; j--; )
    most[i][j] = was[i] === is[j] ? most[i + 1][j + 1] + 1 : Math.max(most[i + 1][j], most[i][j + 1]);
  let i = 0, j = 0;
  while (i < had.length || j < has.length) {
    if (i < had.length && j < has.length && was[i] === is[j]) i++, j++;
    else if (i < had.length && (j === has.length || most[i + 1][j] >= most[i][j + 1])) had[i++].remove();
    else old.insertBefore(has[j++], had[i] ?? end);
  }
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
