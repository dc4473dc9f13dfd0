// The drawing survives a reload: it is kept in the browser's own database, one record a prompt, saved shortly after each
// change and at once when the page goes out of sight.
const NAME = "paint-off", TABLE = "drawings";
const PAUSE = 300;                       // ms after a change
const LET_GO = 1500;                     // ms that a reloaded page may take to let go of its drawing

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// A store with get, put, delete and list; rejects where the browser has none (some private windows).
export async function openStore(factory = globalThis.indexedDB) {
  const opening = factory.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  const database = await done(opening);
  const table = (mode) => database.transaction(TABLE, mode).objectStore(TABLE);
  return {
    get: (key) => done(table("readonly").get(key)),
    put: (key, value) => done(table("readwrite").put(value, key)),
    delete: (key) => done(table("readwrite").delete(key)),
    list: async () => {
      const drawings = table("readonly");
      const [keys, records] = await Promise.all([done(drawings.getAllKeys()), done(drawings.getAll())]);
      return keys.map((key, i) => [key, records[i]]);
    },
  };
}

// Where nothing can be kept the page works all the same, until it is closed.
export function forgetfulStore() {
  const records = new Map();
  return {
    get: async (key) => records.get(key),
    put: async (key, value) => { records.set(key, structuredClone(value)); },
    delete: async (key) => { records.delete(key); },
    list: async () => [...records],
  };
}

// Whether this tab may keep the drawing: only one of those with the same key may, or they would overwrite each other.
// A page that is just being reloaded lets go a moment later, hence a while of waiting; but only where somebody does hold
// it, for a slow machine may take long to say that nobody does.
export async function claim(key, locks = globalThis.navigator?.locks, patience = () => AbortSignal.timeout(LET_GO)) {
  if (!locks) return true;
  const ask = (options) => new Promise((resolve) => {
    const held = (lock) => { resolve(lock !== null); return lock && new Promise(() => {}); };
    locks.request(`drawing ${key}`, options, held).catch(() => resolve(false));
  });
  return await ask({ ifAvailable: true }) || ask({ signal: patience() });
}

export class Keeper {
  #timer = null;
  #record = null;                        // makes the record to save, while there is something unsaved
  #work = Promise.resolve();             // writes happen one after the other

  constructor(store, key, wait = (work) => setTimeout(work, PAUSE), stop = (timer) => clearTimeout(timer), slate = globalThis.localStorage) {
    Object.assign(this, { store, key, wait, stop, slate, mark: `${NAME} ${key}` });
  }

  async load() {
    const left = this.slate?.getItem(this.mark);
    if (left) {
      await this.store.put(this.key, JSON.parse(left));
      this.slate.removeItem(this.mark);
    }
    return this.store.get(this.key);
  }

  // The page goes. A database does not always finish in time then, so what is unsaved is noted where writing is done at once.
  leave() {
    if (this.#record) {
      try { this.slate?.setItem(this.mark, JSON.stringify(this.#record())); } catch { /* no room: the database may make it */ }
    }
    return this.now();
  }

  // Saves what `record()` gives, soon.
  later(record) {
    this.#record = record;
    this.#timer ??= this.wait(() => this.now());
  }

  // Saves at once what is still unsaved.
  now() {
    this.stop(this.#timer);
    this.#timer = null;
    if (!this.#record) return this.#work;
    const record = this.#record();
    this.#record = null;
    return this.#then(async () => {
      await this.store.put(this.key, record);
      this.slate?.removeItem(this.mark);
    });
  }

  // Forgets the record, and what was still to be saved.
  forget() {
    this.stop(this.#timer);
    this.#timer = this.#record = null;
    this.slate?.removeItem(this.mark);
    return this.#then(() => this.store.delete(this.key));
  }

  // A full disk must not stop the drawing; the next save tries again.
  #then(write) {
    this.#work = this.#work.then(write).catch((error) => console.warn("The drawing could not be kept.", error));
    return this.#work;
  }
}
