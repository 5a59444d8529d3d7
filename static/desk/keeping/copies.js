// What stands in each window, kept in this browser: one copy for each person, story and window. It outlives a crash,
// and is taken away when its words are saved and when its person logs out.
const PREFIX = "desk-draft";
const MOVE = "desk-move"; // what is typed on the page of a move, which the server keeps no draft of

export const storyKey = (person, story) => `${PREFIX}:${person}:${story || "new"}:`;

/** The copies whose key begins so, as [{key, tab, seq, base, at, story, fields}]. */
export function copies(start) {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(start)) continue;
      try {
        found.push({ key, ...JSON.parse(localStorage.getItem(key)) });
      } catch {
        localStorage.removeItem(key); // half a copy, which nobody can read
      }
    }
  } catch {
    // A browser that keeps nothing has no copies.
  }
  return found;
}

/** Every copy of a person's, whatever the story. */
export const copiesOf = (person) => copies(`${PREFIX}:${person}:`);

/** The one copy of a person's for a move of a story. */
export const moveKey = (person, story, move) => `${MOVE}:${person}:${story}:${move}`;

/** Every copy of a person's for a move. */
export const moveCopiesOf = (person) => copies(`${MOVE}:${person}:`);

/** Keep a copy; false where the browser has no room or keeps nothing. */
export function put(key, copy) {
  try {
    localStorage.setItem(key, JSON.stringify(copy));
    return true;
  } catch {
    return false;
  }
}

export function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept there.
  }
}

/** The windows of this browser that are open now, by their names; null where the browser does not say. */
export async function openWindows() {
  if (!navigator.locks) return null;
  const { held } = await navigator.locks.query();
  return new Set(held.filter((lock) => lock.name.startsWith(PREFIX)).map((lock) => lock.name.slice(PREFIX.length + 1)));
}

/** Hold a window's name for as long as it is open. */
export function holdWindow(tab) {
  if (navigator.locks) navigator.locks.request(`${PREFIX}:${tab}`, () => new Promise(() => {})).catch(() => {});
}
