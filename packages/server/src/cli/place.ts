import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { type Option as CommandOption, Option } from 'commander'
import { systemRandom } from '../base/index.ts'
import type { FirstKeys } from '../gate/index.ts'
import { isPgUrl, openPgStore, type Store, StoreDamaged } from '../store/index.ts'
import { badConfiguration, badSyntax } from './failure.ts'
import { Home, keyFromHex, messageOf } from './home.ts'
import { homeOfMemory, openStore } from './serving-home.ts'
import { version } from './version.ts'

/** The options that say where a server keeps its state. */
export interface PlaceOptions {
  readonly home?: string
  readonly memory?: boolean
  readonly store?: string
  readonly nodeName?: string
}

/** Where a server keeps its state: in a home, in a database that it shares with other nodes, or nowhere. */
export interface Place {
  /** The folder with the note by which other commands find the server, and with the state if it is kept there. */
  readonly home: Home
  /** Whether the home keeps the state. */
  readonly isHome: boolean
  /** Where the state is, in words for the terminal; undefined if nothing is kept. */
  readonly keeps: string | undefined
  readonly open: () => Promise<Store>
  readonly masterKey: (store: Store) => Promise<Uint8Array>
  /** The key that a rotation introduces, if there is one. */
  readonly otherMasterKeys: readonly Uint8Array[]
  /** The first keys that the operator chose for a new store; undefined if they are left to chance. */
  readonly firstKeys: FirstKeys | undefined
  /** The line for a master key that is not the store's. */
  readonly wrongKey: string
  /** Removes the note. */
  readonly leave: () => void
}

/** `--store`, for every command that opens a store of many nodes. */
export function storeOption(): CommandOption {
  return new Option(
    '--store <url>',
    'a database for many nodes: postgres://host/database; needs OMEN_MASTER_KEY',
  ).env('OMEN_STORE')
}

/**
 * Returns where a server keeps its state.
 * @param isWorker whether the process that started this one has the home and its note
 * @throws CommandFailure if the options or the home cannot be used
 */
export async function placeOf(options: PlaceOptions, isWorker = false): Promise<Place> {
  const { store: url, memory = false } = options
  const { OMEN_MASTER_KEY } = process.env
  if (url !== undefined && memory) throw badSyntax('--store and --memory exclude each other')
  if (url !== undefined) {
    checkStoreUrl(url)
    const key = sharedMasterKey()
    const { home, leave } = isWorker
      ? { home: Home.at(options.home), leave: () => {} }
      : await homeOfMemory(options.home)
    const open = () => openShared(url, options.nodeName)
    return {
      home,
      isHome: false,
      keeps: 'its database',
      open,
      masterKey: async () => key,
      otherMasterKeys: keysOf(nextMasterKey()),
      firstKeys: chosenFirstKeys(),
      wrongKey: 'the master key is not the one of this database: nothing was changed',
      leave,
    }
  }
  const make = () => systemRandom.bytes(32)
  if (memory) {
    const { home, leave } = await homeOfMemory(options.home)
    const masterKey = async () => make()
    const open = () => openStore(undefined)
    const wrongKey = 'the master key is not the one of this memory'
    const otherMasterKeys = [] as const
    return {
      home,
      isHome: false,
      keeps: undefined,
      open,
      masterKey,
      otherMasterKeys,
      firstKeys: chosenFirstKeys(),
      wrongKey,
      leave,
    }
  }
  const home = Home.at(options.home)
  home.prepare()
  return {
    home,
    isHome: true,
    keeps: home.folder,
    open: () => openStore(home),
    otherMasterKeys: keysOf(nextMasterKey() ?? home.nextMasterKey()),
    masterKey: async (store) => home.masterKey(OMEN_MASTER_KEY, (await store.accounts()).length === 0, make),
    firstKeys: chosenFirstKeys(),
    wrongKey: `${OMEN_MASTER_KEY === undefined ? home.masterKeyFile : 'OMEN_MASTER_KEY'} does not hold the key of ${home.database}: nothing was changed`,
    leave: () => home.removeServer(),
  }
}

/** Opens a shared store. @throws CommandFailure, in one line, if it cannot be opened */
export async function openShared(url: string, nodeName: string | undefined): Promise<Store> {
  try {
    const name = nodeName ?? hostname()
    return await openPgStore({ url, environment: process.env, nodeName: name, version: version() })
  } catch (error) {
    throw error instanceof StoreDamaged ? badConfiguration(error.message) : error
  }
}

/** @throws CommandFailure if a text is no address of a store of many nodes */
export function checkStoreUrl(url: string): void {
  if (!isPgUrl(url)) throw badSyntax('--store takes an address such as postgres://user@host/database')
}

/** Returns the master key of a shared store, which no home keeps. @throws CommandFailure if there is none */
export function sharedMasterKey(): Uint8Array {
  const key = keyFrom('OMEN_MASTER_KEY')
  if (key !== undefined) return key
  throw badConfiguration(
    'a shared store needs OMEN_MASTER_KEY or OMEN_MASTER_KEY_FILE: 64 hexadecimal digits, the same for every node (openssl rand -hex 32)',
  )
}

/** Returns the key that a rotation introduces; undefined if none is given. @throws CommandFailure */
export function nextMasterKey(): Uint8Array | undefined {
  return keyFrom('OMEN_MASTER_KEY_NEXT')
}

/** Returns the key of a variable, or of the file that the variable with `_FILE` names. @throws CommandFailure */
function keyFrom(variable: 'OMEN_MASTER_KEY' | 'OMEN_MASTER_KEY_NEXT'): Uint8Array | undefined {
  const { [variable]: text, [`${variable}_FILE`]: file } = process.env
  if (text !== undefined) return keyFromHex(text, variable)
  if (file === undefined) return undefined
  let kept: string
  try {
    kept = readFileSync(file, 'utf8')
  } catch (error) {
    throw badConfiguration(`${variable}_FILE cannot be used: ${messageOf(error)}`)
  }
  return keyFromHex(kept.trim(), file)
}

function keysOf(key: Uint8Array | undefined): readonly Uint8Array[] {
  return key === undefined ? [] : [key]
}

/** Returns the keys of OMEN_FIRST_KEYS, if it is set. @throws CommandFailure if it holds something else */
export function chosenFirstKeys(): FirstKeys | undefined {
  const { OMEN_FIRST_KEYS } = process.env
  if (OMEN_FIRST_KEYS === undefined) return undefined
  const wrong = badConfiguration(
    'OMEN_FIRST_KEYS must be JSON: {"root": {"accessKeyId": "AKIA…", "secretAccessKey": "…"}, "admin": {…}}',
  )
  try {
    const keys = JSON.parse(OMEN_FIRST_KEYS) as FirstKeys // checked in the next line
    const isWhole = [keys.root, keys.admin].every(
      ({ accessKeyId, secretAccessKey }) =>
        /^AKIA[A-Z2-7]{16}$/.test(accessKeyId) && /^[A-Za-z0-9+/]{40}$/.test(secretAccessKey),
    )
    if (isWhole && keys.root.accessKeyId !== keys.admin.accessKeyId) return keys
  } catch {
    // the failure names no part of the value: it is secret
  }
  throw wrong
}
