import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { JWK } from 'jose'
import { factsOf, type Mode, type Partition } from '../base/index.ts'
import type { FirstKeys } from '../gate/index.ts'
import { badConfiguration } from './failure.ts'

/** A running server's note for the other commands. Only its owner can read it: it contains keys. */
export interface RunningServer {
  readonly url: string
  readonly pid: number
  /** Where the process has this number; left out by an older server. */
  readonly processSpace?: string
  readonly mode: Mode
  readonly store: string
  readonly account: string
  /** Left out by an older server: `aws`. */
  readonly partition?: Partition
  readonly keys: FirstKeys
  /** Whether `omen why` leaves out the ways out: in the server of a lesson. */
  readonly folded?: boolean
}

interface KeptCredentials {
  readonly account: string
  readonly keys: FirstKeys
}

/** The local issuer's private key, and where it serves or last served. */
export interface KeptIssuer {
  readonly key: JWK
  readonly url?: string
}

/** The region of calls that name none: the one in which the partition's global services are. */
export function defaultRegion({ partition = 'aws' }: { readonly partition?: Partition }): string {
  return factsOf(partition).globalRegion
}

/** The file of the key that a rotation introduces. */
const nextKeyName = 'master.key.next'

/** The folder of one server: database, master key, first credentials, and the note of the running server. */
export class Home {
  readonly folder: string
  constructor(folder: string) {
    this.folder = folder
  }

  /** The home of `--home`, of OMEN_HOME, or `~/.omen`. */
  static at(folder: string | undefined): Home {
    return new Home(folder ?? join(homedir(), '.omen'))
  }

  get database(): string {
    return join(this.folder, 'omen.db')
  }

  /** Saved states of its accounts. */
  get snapshots(): string {
    return join(this.folder, 'snapshots')
  }

  /** The notes of this home's servers. */
  get log(): string {
    return join(this.folder, 'omen.log')
  }

  /** @throws CommandFailure if the folder cannot be made or written */
  prepare(): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
      const probe = join(this.folder, `.probe-${process.pid}`)
      writeFileSync(probe, '', { mode: 0o600 })
      rmSync(probe)
    } catch (error) {
      throw badConfiguration(`the home ${this.folder} cannot be written: ${messageOf(error)}`)
    }
  }

  /**
   * The key that seals stored secrets: from the environment, or from a file that the first start makes. Only the
   * process that holds the database may call this. @param isNew whether the database is empty @throws CommandFailure
   * if the database is not empty and its key is missing
   */
  masterKey(fromEnvironment: string | undefined, isNew: boolean, make: () => Uint8Array): Uint8Array {
    if (fromEnvironment !== undefined) return keyFromHex(fromEnvironment, 'OMEN_MASTER_KEY')
    const file = this.masterKeyFile
    if (existsSync(file)) return keyFromHex(readFileSync(file, 'utf8').trim(), file)
    if (!isNew) {
      throw badConfiguration(`${this.database} is there and its key ${file} is not: nothing was changed`)
    }
    const key = make()
    this.#write('master.key', `${Buffer.from(key).toString('hex')}\n`)
    return key
  }

  /** Keeps a master key that was made elsewhere. */
  writeMasterKey(key: Uint8Array): void {
    this.#write('master.key', `${Buffer.from(key).toString('hex')}\n`)
  }

  /** Returns the key that a rotation introduces, if one is under way. */
  nextMasterKey(): Uint8Array | undefined {
    const file = join(this.folder, nextKeyName)
    return existsSync(file) ? keyFromHex(readFileSync(file, 'utf8').trim(), file) : undefined
  }

  /** Keeps the key that a rotation introduces. */
  writeNextMasterKey(key: Uint8Array): void {
    this.#write(nextKeyName, `${Buffer.from(key).toString('hex')}\n`)
  }

  /** Makes the key that a rotation introduced the master key. */
  takeNextMasterKey(): void {
    renameSync(join(this.folder, nextKeyName), this.masterKeyFile)
  }

  /** Forgets the key of a rotation that was refused. */
  dropNextMasterKey(): void {
    rmSync(join(this.folder, nextKeyName), { force: true })
  }

  get masterKeyFile(): string {
    return join(this.folder, 'master.key')
  }

  readCredentials(): KeptCredentials | undefined {
    return this.#readJson<KeptCredentials>('credentials.json')
  }

  writeCredentials(credentials: KeptCredentials): void {
    this.#write('credentials.json', `${JSON.stringify(credentials, null, 2)}\n`)
  }

  /** The note by which other commands find the server. */
  get serverFile(): string {
    return join(this.folder, 'server.json')
  }

  readServer(): RunningServer | undefined {
    return this.#readJson<RunningServer>('server.json')
  }

  writeServer(server: RunningServer): void {
    this.#write('server.json', `${JSON.stringify(server, null, 2)}\n`)
  }

  /** Removes the note of the running server, if it is this process's. */
  removeServer(): void {
    if (this.readServer()?.pid === process.pid) rmSync(this.serverFile, { force: true })
  }

  readIssuer(): KeptIssuer | undefined {
    return this.#readJson<KeptIssuer>('issuer.json')
  }

  writeIssuer(issuer: KeptIssuer): void {
    this.#write('issuer.json', `${JSON.stringify(issuer, null, 2)}\n`)
  }

  #readJson<T>(name: string): T | undefined {
    const file = join(this.folder, name)
    if (!existsSync(file)) return undefined
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as T // only this class writes the file
    } catch (error) {
      throw badConfiguration(`${file} cannot be read: ${messageOf(error)}`)
    }
  }

  /** Writes the whole file or nothing, readable only for the owner. */
  #write(name: string, text: string): void {
    const file = join(this.folder, name)
    const draft = `${file}.${process.pid}`
    try {
      writeFileSync(draft, text, { mode: 0o600, flush: true })
      chmodSync(draft, 0o600)
      renameSync(draft, file)
    } catch (error) {
      throw badConfiguration(`${file} cannot be written: ${messageOf(error)}`)
    }
  }
}

/** @throws CommandFailure if the text is no key */
export function keyFromHex(text: string, where: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw badConfiguration(`${where} must hold 64 hexadecimal digits`)
  return Buffer.from(text, 'hex')
}

/** The meaning of the system's error codes for a user who names a file. */
const fileProblems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
}

/** An error in words; for a failed fetch, its cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause, message } = error
  const inWords = 'code' in error && 'syscall' in error ? fileProblems[String(error.code)] : undefined
  if (inWords !== undefined) return inWords
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}
