// Names of experts, stories and pictures: asked for together, remembered, never stored in the text.
import { get } from "./page.js";

const known = new Map(); // "expert:12" → {id, label, sub, thumb, warning…}; null where there is none
const wanted = { expert: new Set(), article: new Set(), image: new Set() };
const waiting = new Set();
let timer = 0;

/** Search one kind ("expert", "article", "image"): {results, may_add}. */
export async function search(kind, words, except = "") {
  const answer = await get(`lookup/${kind}/`, { q: words, except });
  for (const found of answer.results) remember(kind, found);
  return answer;
}

export function remember(kind, found) {
  known.set(`${kind}:${found.id}`, found);
  tell();
}

/** What is known of a row: an object; null where there is no such row; undefined while it is being asked for. */
export function recall(kind, id) {
  const key = `${kind}:${id}`;
  if (known.has(key)) return known.get(key);
  wanted[kind].add(String(id));
  timer = timer || setTimeout(fetchWanted, 0);
  return undefined;
}

/** Call back whenever something new is known; returns how to stop. */
export function whenKnown(callback) {
  waiting.add(callback);
  return () => waiting.delete(callback);
}

function tell() {
  for (const callback of waiting) callback();
}

async function fetchWanted() {
  timer = 0;
  for (const [kind, ids] of Object.entries(wanted)) {
    while (ids.size) {
      const some = [...ids].slice(0, 50);
      for (const id of some) ids.delete(id);
      try {
        const { results } = await get(`lookup/${kind}/`, { id: some.join(",") });
        for (const id of some) known.set(`${kind}:${id}`, null);
        for (const found of results) known.set(`${kind}:${found.id}`, found);
      } catch (refusal) {
        // Not "missing": nobody should remove a card because the connection failed.
        for (const id of some) known.set(`${kind}:${id}`, { id, label: `${kind} no. ${id}`, sub: refusal.message });
      }
    }
  }
  tell();
}
