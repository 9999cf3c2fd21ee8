/** What a telephone keeps until it has been delivered: drafts and the send queue, in IndexedDB, so that they outlive the browser. */

export interface Kept {
  field: string;
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

export interface Item {
  key: string;
  owner: string;
  kind: string;
  title: string;
  fields: Record<string, string>;
  files: Kept[];
  made: number;
  state: "waiting" | "refused" | "done";
  sentence: string;
  number: string;
  url: string;
  tries: number;
}

export interface Draft {
  owner: string;
  fields: Record<string, string>;
  files: Kept[];
}

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("field", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "key" });
      asked.result.createObjectStore("drafts", { keyPath: "owner" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** One change or look; resolves when it is on disk, not when it was asked for. */
async function within<T>(store: string, mode: IDBTransactionMode, ask: (held: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const base = await database();
  return new Promise((resolve, reject) => {
    const change = base.transaction(store, mode, { durability: "strict" });
    const asked = ask(change.objectStore(store));
    change.oncomplete = () => resolve(asked.result);
    change.onabort = () => reject(change.error);
    change.onerror = () => reject(change.error);
  });
}

export const put = (item: Item): Promise<unknown> => within("queue", "readwrite", (held) => held.put(item));
export const drop = (key: string): Promise<unknown> => within("queue", "readwrite", (held) => held.delete(key));
export const held = (key: string): Promise<Item | undefined> => within("queue", "readonly", (store) => store.get(key));
export const saveDraft = (draft: Draft): Promise<unknown> => within("drafts", "readwrite", (store) => store.put(draft));
export const draftOf = (owner: string): Promise<Draft | undefined> => within("drafts", "readonly", (store) => store.get(owner));
export const dropDraft = (owner: string): Promise<unknown> => within("drafts", "readwrite", (store) => store.delete(owner));

export async function queue(): Promise<Item[]> {
  const found = await within<Item[]>("queue", "readonly", (store) => store.getAll());
  return found.sort((left, right) => left.made - right.made);
}

/** randomUUID needs https or localhost; a city's inner network may have neither. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function keep(field: string, file: Blob, name: string): Promise<Kept> {
  return { field, name, type: file.type, bytes: await file.arrayBuffer() };
}
