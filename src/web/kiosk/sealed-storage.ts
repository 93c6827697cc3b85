import type { QueueStorage } from '../../client/offline-queue.ts'

/** What is kept of one name: the key may seal and open, and no script can read it out. */
interface Sealed {
  key: CryptoKey
  iv: Uint8Array<ArrayBuffer>
  content: ArrayBuffer
}

const DATABASE = 'perch.kiosk'
const STORE = 'sealed'
const CIPHER = 'AES-GCM'
/** Bytes, as AES-GCM wants them. */
const IV_LENGTH = 12
/** A queue that has nothing in it. */
const EMPTY = '[]'

/**
 * Keeps a kiosk's queue, in which there may be badges until they are sent, sealed in IndexedDB: each time under a new key, and nothing at all, key and content, once the queue is
 * empty. Where a page has no cipher or no database (plain http, private windows) it keeps it in memory until it is closed. docs/kiosk.md says what that holds against, and what not.
 */
export function sealedStorage (): QueueStorage {
  return globalThis.isSecureContext && 'indexedDB' in globalThis ? { get: unseal, set: seal } : memory()
}

async function seal (name: string, text: string): Promise<void> {
  if (text === EMPTY) return await inStore('readwrite', store => store.delete(name)).then(() => {})
  const key = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ['encrypt', 'decrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH))
  const content = await crypto.subtle.encrypt({ name: CIPHER, iv }, key, new TextEncoder().encode(text))
  await inStore('readwrite', store => store.put({ key, iv, content } satisfies Sealed, name))
}

async function unseal (name: string): Promise<string | null> {
  const sealed = await inStore<Sealed | undefined>('readonly', store => store.get(name) as IDBRequest<Sealed | undefined>)
  if (sealed === undefined) return null
  const { key, iv, content } = sealed
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: CIPHER, iv }, key, content))
  } catch {
    // Torn by a power cut, or meddled with: a kiosk that does not start at all is worse than what was in it.
    return null
  }
}

async function inStore<T> (mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened()
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' })
      const request = use(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('the database gave up'))
    })
  } finally {
    database.close()
  }
}

async function opened (): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  return await new Promise((resolve, reject) => {
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('there is no database'))
  })
}

function memory (): QueueStorage {
  const kept = new Map<string, string>()
  return { get: async name => kept.get(name) ?? null, set: async (name, text) => { kept.set(name, text) } }
}
