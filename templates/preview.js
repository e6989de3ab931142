"use strict";
// Asks again and again whether the page has changed, and replaces what has; the reader's place stays.

const every = Number(document.documentElement.dataset.every);
const nonce = document.currentScript.nonce; // the next page has another one
const parts = ["preview-look", "preview-name", "preview-counts", "preview-whole"];
const ranges = new Map(); // the very words of each note, where they were found
let tag = "", asked = 0, timer;
let active = null, step = 0; // the note that is shown whole, and the number of the finding that was so last

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
  const hadError = main.querySelector(".is-error"), said = active?.textContent;
  active?.classList.remove("is-active");
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
  underline();
  const all = findings(), error = !hadError && all.find((note) => note.matches(".is-error"));
  const again = active?.isConnected ? active : all.find((note) => note.textContent === said);
  choose(error || again || all[Math.min(step, all.length - 1)]);
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

// What check found, as notes in the order of the page.
function findings() {
  return [...document.querySelectorAll(".preview-finding")];
}

// What a note is about: a paragraph, a list item or, if it is about the whole, the note itself.
function beside(note) {
  if (note.parentElement.tagName === "LI") return note.parentElement;
  let found = note;
  while (found?.matches(".preview-note")) found = found.previousElementSibling;
  return found ?? note;
}

// Shows a note whole, and says in the bar which one it is; `seek`: brings its words into view.
function choose(note, seek = false) {
  active?.classList.remove("is-active");
  active = note ?? null;
  active?.classList.add("is-active");
  const all = findings(), at = all.indexOf(active), link = document.getElementById("preview-at");
  if (!link) return; // the list has no findings
  document.getElementById("preview-found").hidden = !all.length;
  if (at >= 0) {
    step = at;
    const place = active.querySelector("[data-place]").textContent;
    const words = `${at + 1} of ${all.length}, ${place}: ${active.querySelector("p").lastChild.textContent.trim()}`;
    link.href = `#${active.id}`;
    if (link.textContent !== words) link.textContent = words;
  }
  if (CSS.highlights) CSS.highlights.set("is-active", new Highlight(...[ranges.get(active)].filter(Boolean)));
  lay();
  if (active && seek) beside(active).scrollIntoView({ block: "center", behavior: "instant" });
}

// Finds the very words of each finding in its paragraph: of words that stand there twice, each its own.
function underline() {
  ranges.clear();
  const kinds = { "is-error": [], "is-warning": [] }, last = new Map();
  for (const note of findings()) {
    const block = beside(note), words = note.dataset.words, key = `${words} ${note.querySelector("strong").textContent}`;
    if (!words || block === note) continue;
    const known = last.get(block) ?? last.set(block, new Map()).get(block);
    const [range, end] = find(block, words, known.get(key) ?? 0);
    if (!range) continue;
    known.set(key, end);
    ranges.set(note, range);
    for (const kind in kinds) if (note.classList.contains(kind)) kinds[kind].push(range);
  }
  if (CSS.highlights) for (const kind in kinds) CSS.highlights.set(kind, new Highlight(...kinds[kind]));
}

// Some words in an element's text, from a place on, and where they end; nothing if they aren't there.
function find(block, words, from) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), nodes = [];
  let text = "";
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(".preview-note, .screen")) {
    nodes.push([walker.currentNode, text.length]);
    text += walker.currentNode.data;
  }
  const at = text.indexOf(words, from), range = new Range();
  if (at < 0) return [null, from];
  const [first, before] = nodes.findLast(([, start]) => start <= at);
  const [end, until] = nodes.findLast(([, start]) => start < at + words.length);
  range.setStart(first, at - before);
  range.setEnd(end, at + words.length - until);
  return [range, at + words.length];
}

// In the margin, where there is one, each note at the height of its words. Notes that would overlap
// stand one below the other round the middle of their places, but the active one at its own.
function lay() {
  const main = document.querySelector("main"), top = main.getBoundingClientRect().top, gap = 4;
  const inMargin = [...main.querySelectorAll(".preview-note")].filter((note) => getComputedStyle(note).position === "absolute");
  const places = inMargin.map((note) => ({
    note, tall: note.offsetHeight + gap, want: (ranges.get(note) ?? beside(note)).getBoundingClientRect().top - top,
  }));
  const stacks = [];
  for (const { note, tall, want } of places.sort((one, other) => one.want - other.want)) {
    const weight = note === active ? 1e6 : 1;
    let stack = { notes: [[note, tall]], tall, weight, sum: weight * want };
    for (let above; (above = stacks.at(-1)) && above.sum / above.weight + above.tall > stack.sum / stack.weight; stacks.pop())
      stack = {
        notes: [...above.notes, ...stack.notes], tall: above.tall + stack.tall,
        weight: above.weight + stack.weight, sum: above.sum + stack.sum - stack.weight * above.tall,
      };
    stacks.push(stack);
  }
  let below = 0;
  for (const { notes, sum, weight } of stacks) {
    below = Math.max(below, sum / weight);
    for (const [note, tall] of notes) {
      note.style.top = `${below}px`;
      below += tall;
    }
  }
}

// Goes a number of findings on, round at the ends.
function go(steps) {
  const all = findings();
  if (all.length) choose(all[(step + steps + all.length) % all.length], true);
}

document.addEventListener("click", async (event) => {
  const place = event.target.closest("[data-place]"), note = event.target.closest(".preview-note");
  const button = event.target.closest("[data-step]");
  if (button) go(Number(button.dataset.step));
  else if (event.target.closest("#preview-at")) event.preventDefault(), go(0);
  else if (note && note !== active) choose(note);
  if (place) {
    const words = place.textContent;
    const done = await navigator.clipboard.writeText(place.dataset.place).then(() => "copied", () => place.dataset.place);
    place.textContent = done;
    setTimeout(() => (place.textContent = words), 1500);
  }
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  go(event.key === "ArrowUp" ? -1 : 1);
});
document.documentElement.classList.add("is-live");
new ResizeObserver(lay).observe(document.querySelector("main"));
document.addEventListener("toggle", lay, true);
document.addEventListener("visibilitychange", () => document.hidden || ask());
underline();
// It opens at the first finding, but where one was is where one is after loading it again.
const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate" && !location.hash;
choose(document.querySelector("main .preview-finding:is(.is-error, .is-warning)") ?? findings()[0], isNew);
ask();
