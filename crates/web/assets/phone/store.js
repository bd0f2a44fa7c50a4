// What the phone keeps until the server has given a receipt: commands, photographs, drafts. In IndexedDB, sealed with a
// key that no script can read out, and marked with whose it is: another person on the same phone neither sees nor sends it.

const NAME = "shouwang-phone";
const VERSION = 1;
/** Entries of one person at most; the oldest delivered ones go first. */
const KEPT_AT_MOST = 60;

let opening = null;

function open() {
  if (opening) return opening;
  opening = new Promise((resolve, reject) => {
    if (!window.indexedDB) return reject(new Error("no IndexedDB"));
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("queue", { keyPath: "id" });
      database.createObjectStore("draft", { keyPath: "id" });
      database.createObjectStore("key", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opening.catch(() => {
    opening = null;
  });
  return opening;
}

function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function table(name, mode) {
  const database = await open();
  return database.transaction(name, mode).objectStore(name);
}

/** The key, made once for this phone. Only a secure page has one; without it entries are kept as they are. */
async function key() {
  if (!window.crypto || !crypto.subtle) return null;
  const known = await ask((await table("key", "readonly")).get("seal"));
  if (known) return known.key;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await ask((await table("key", "readwrite")).put({ id: "seal", key: made }));
  return made;
}

/** Seals a body of plain values and at most one Blob under the name `blob`. */
async function seal(body) {
  const sealing = await key();
  const { blob, ...plain } = body;
  if (!sealing) return { plain, blob: blob || null };
  const one = async (bytes) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, sealing, bytes) };
  };
  return {
    sealed: await one(new TextEncoder().encode(JSON.stringify(plain))),
    sealedBlob: blob ? await one(await blob.arrayBuffer()) : null,
    kind: blob ? blob.type : "",
  };
}

async function unseal(kept) {
  if (kept.plain) return kept.blob ? { ...kept.plain, blob: kept.blob } : kept.plain;
  const sealing = await key();
  const one = (part) => crypto.subtle.decrypt({ name: "AES-GCM", iv: part.iv }, sealing, part.bytes);
  const body = JSON.parse(new TextDecoder().decode(await one(kept.sealed)));
  if (kept.sealedBlob) body.blob = new Blob([await one(kept.sealedBlob)], { type: kept.kind });
  return body;
}

/** Whose phone it is now: the account in the form token, which says no name. */
export function owner() {
  return (document.body.dataset.formToken || "-").split(".")[0];
}

/** Keeps `entry` (plain fields that lists show) with its sealed `body`. */
export async function keep(name, entry, body) {
  const sealed = await seal(body);
  await ask((await table(name, "readwrite")).put({ ...entry, owner: owner(), body: sealed }));
}

/** Changes the plain fields of an entry. */
export async function mark(name, id, fields) {
  const store = await table(name, "readwrite");
  const entry = await ask(store.get(id));
  if (entry) await ask(store.put({ ...entry, ...fields }));
}

/** The entries of this person, oldest first, without their bodies opened. */
export async function list(name) {
  const all = await ask((await table(name, "readonly")).getAll());
  return all.filter((entry) => entry.owner === owner()).sort((one, other) => one.at - other.at);
}

export async function get(name, id) {
  const entry = await ask((await table(name, "readonly")).get(id));
  return entry && entry.owner === owner() ? entry : null;
}

export async function bodyOf(entry) {
  return unseal(entry.body);
}

export async function drop(name, id) {
  await ask((await table(name, "readwrite")).delete(id));
}

/** What was delivered loses its body at once, and goes when there is too much of it. */
export async function prune() {
  const delivered = (await list("queue")).filter((entry) => entry.state === "done");
  const surplus = delivered.slice(0, Math.max(0, delivered.length - KEPT_AT_MOST));
  for (const entry of surplus) await drop("queue", entry.id);
}

/** A UUID, version 4. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
