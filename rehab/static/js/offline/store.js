/**
 * The phone's own database: small promises over IndexedDB. No page and no rule here.
 *
 * `outbox`: records not yet received by the server. `logged`: what was logged here lately, to show and to correct.
 * `kept`: single things by key (the plan, a half-finished session).
 */

const NAME = "stride";
const VERSION = 1;
/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/** @returns {Promise<IDBDatabase>} */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("outbox", { keyPath: "id" });
      db.createObjectStore("logged", { keyPath: "id" });
      db.createObjectStore("kept", { keyPath: "key" });
    };
    request.onsuccess = () => {
      const db = request.result;
      // Another tab may clear or upgrade the database: let go, and open anew at the next need.
      const forget = () => { opened = undefined; };
      db.onversionchange = () => { db.close(); forget(); };
      db.onclose = forget;
      resolve(db);
    };
    request.onerror = () => { opened = undefined; reject(request.error); };
    request.onblocked = () => reject(new Error("the phone's store is busy in another tab"));
  });
  return opened;
}

/**
 * One transaction: `work` makes requests at once; resolves with the result of the request it returns, once all is on disk.
 * @template T
 * @param {string | string[]} stores
 * @param {IDBTransactionMode} mode
 * @param {(store: (name: string) => IDBObjectStore) => IDBRequest<T> | void} work
 * @returns {Promise<T>}
 */
async function within(stores, mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(stores, mode, mode === "readwrite" ? { durability: "strict" } : {});
    const request = work((name) => transaction.objectStore(name));
    transaction.oncomplete = () => resolve(/** @type {T} */ (request ? request.result : undefined));
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error ?? new Error("the phone's store is full"));
  });
}

/** @param {string} name */
export const all = (name) => within(name, "readonly", (store) => store(name).getAll());

/** @param {string} name @param {string} key */
export const get = (name, key) => within(name, "readonly", (store) => store(name).get(key));

/** Everything at once or nothing: `puts` by store name. @param {Record<string, object[]>} puts */
export const put = (puts) => within(Object.keys(puts), "readwrite", (store) => {
  for (const [name, values] of Object.entries(puts)) for (const value of values) store(name).put(value);
});

/** @param {string} name @param {string[]} keys */
export const remove = (name, keys) => within(name, "readwrite", (store) => {
  for (const key of keys) store(name).delete(key);
});

/** Delete rows that still say the same in the given fields. @param {string} name @param {any[]} rows @param {string[]} fields */
export const removeSame = (name, rows, fields) => within(name, "readwrite", (store) => {
  for (const row of rows) {
    const request = store(name).get(row.id);
    request.onsuccess = () => {
      if (request.result && fields.every((field) => request.result[field] === row[field])) store(name).delete(row.id);
    };
  }
});

/** Change a row only if it is still there. @param {string} name @param {string} key @param {object} changes */
export const change = (name, key, changes) => within(name, "readwrite", (store) => {
  const request = store(name).get(key);
  request.onsuccess = () => { if (request.result) store(name).put({ ...request.result, ...changes }); };
});

/** Forget everything, at sign-out. */
export const clear = () => within(["outbox", "logged", "kept"], "readwrite", (store) => {
  for (const name of ["outbox", "logged", "kept"]) store(name).clear();
});
