import pg from 'pg'
import { StoreUnavailable } from '../types.ts'
import type { PgAddress, PgHost } from './address.ts'
import { ConnectionLost, endsConnection, isTimeout, unavailable } from './failure.ts'

/** A statement that is prepared once in each connection. */
export interface Statement {
  readonly name: string
  readonly text: string
}

export type Row = Readonly<Record<string, unknown>>

/**
 * How long a connection may take to open, an answer to come, and a statement to wait for a lock, in milliseconds. At the start of
 * a node, a machine that is busy gets more time if no host has answered. Two batches may be on their way before a change: with
 * its own, it waits three times for a lock that another client holds.
 */
const defaultPatience = { connect: 3_000, answer: 10_000, start: 10_000, lock: 3_000 }

export type Patience = Readonly<typeof defaultPatience>

/** The pauses between attempts to connect again, in milliseconds. */
const pauses = [50, 100, 200, 500, 1_000, 2_000] as const

/** Opens connections to the primary among the hosts of an address. */
export class Connector {
  readonly address: PgAddress
  /** The host that was the primary last. It is tried first. */
  #first = 0
  readonly #patience: Patience

  constructor(address: PgAddress, patience: Partial<Patience> = {}) {
    this.address = address
    this.#patience = { ...defaultPatience, ...patience }
  }

  /** Connects for the start of a node, with more patience. @throws as `connect` does */
  async connectFirst(name: string): Promise<pg.Client> {
    try {
      return await this.connect(name)
    } catch (error) {
      if (!isTimeout(error)) throw error
      return this.connect(name, this.#patience.start)
    }
  }

  /** Connects to the host that accepts writes. @throws the last host's error if none does */
  async connect(name: string, milliseconds = this.#patience.connect): Promise<pg.Client> {
    const { hosts } = this.address
    let failure: unknown
    for (let at = 0; at < hosts.length; at++) {
      const index = (this.#first + at) % hosts.length
      try {
        const client = await this.#try(hosts[index]!, name, milliseconds) // by the remainder
        this.#first = index
        return client
      } catch (error) {
        // a standby says less than a host that refuses: what is in the way of the primary is the reason to report
        if (failure === undefined || !(error instanceof IsStandby)) failure = error
      }
    }
    throw failure
  }

  async #try({ host, port }: PgHost, name: string, milliseconds: number): Promise<pg.Client> {
    const { user, password, database, tls } = this.address
    const client = new pg.Client({
      host,
      port,
      database,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ssl: tls,
      application_name: `omen ${name}`,
      connectionTimeoutMillis: milliseconds,
      query_timeout: this.#patience.answer,
      keepAlive: true,
      pipeline: true,
    })
    client.on('error', () => {}) // every pending query fails with the error
    try {
      await client.connect()
      // Statements are short. Before it knows the tables, PostgreSQL thinks some long, and then compiling takes a second.
      // Connections of a node are idle for long; one that is closed meanwhile would refuse the next call.
      await client.query(
        `SET jit = off; SET idle_session_timeout = 0; SET lock_timeout = ${this.#patience.lock}`,
      )
      const { rows } = await client.query('SELECT pg_is_in_recovery() AS standby')
      if (rows[0].standby === true)
        throw new IsStandby(`${host}:${port} is a standby: the store must be a primary`)
      return client
    } catch (error) {
      client.end().catch(() => {})
      throw error
    }
  }
}

class IsStandby extends Error {}

/**
 * A connection that is opened again when it is lost. Statements are sent at once, without waiting for the answers to
 * those before, and are executed in their order. While there is no connection, statements are refused at once.
 */
export class Link {
  readonly #connector: Connector
  readonly #name: string
  #client: pg.Client | undefined
  #connecting: Promise<void> | undefined
  #lives = 0
  #closed = false
  #failure = 'it is not connected yet'
  #timer: NodeJS.Timeout | undefined
  readonly #prepare: (client: pg.Client) => Promise<void>

  /** `prepare` is executed in each new connection before it is used. */
  constructor(
    connector: Connector,
    name: string,
    prepare: (client: pg.Client) => Promise<void> = async () => {},
  ) {
    this.#connector = connector
    this.#name = name
    this.#prepare = prepare
  }

  /** Counts connections. A statement of an earlier life may have been executed, but none follows it. */
  get life(): number {
    return this.#lives
  }

  get isOpen(): boolean {
    return this.#client !== undefined
  }

  /** Connects for the first time. @throws the reason why it is not possible */
  async open(): Promise<void> {
    this.#use(await this.#connect(true))
  }

  async #connect(isFirst = false): Promise<pg.Client> {
    const client = await (isFirst
      ? this.#connector.connectFirst(this.#name)
      : this.#connector.connect(this.#name))
    try {
      await this.#prepare(client)
      return client
    } catch (error) {
      client.end().catch(() => {})
      throw error
    }
  }

  /**
   * Executes a statement. @throws StoreUnavailable if there is no connection, ConnectionLost if it was lost before the
   * answer, or PostgreSQL's error
   */
  async query<R extends Row>(statement: Statement | string, values?: unknown[]): Promise<readonly R[]> {
    const client = this.#client
    if (client === undefined) throw new StoreUnavailable(`PostgreSQL cannot be reached: ${this.#failure}`)
    try {
      const result = await (typeof statement === 'string'
        ? client.query(statement)
        : client.query({ ...statement, values: values ?? [] }))
      return result.rows as readonly R[] // the caller knows the columns of its statement
    } catch (error) {
      if (!endsConnection(error)) throw error
      this.#lose(client, error)
      throw error instanceof ConnectionLost
        ? error
        : new ConnectionLost(unavailable(error).message, { cause: error })
    }
  }

  /** Waits until there is a connection, at most so many milliseconds. Returns whether there is one. */
  async ready(milliseconds: number): Promise<boolean> {
    for (let left = milliseconds; left > 0 && this.#client === undefined && !this.#closed; left -= step)
      await pause(step)
    return this.#client !== undefined
  }

  /** Opens another connection in place of this one. What is on its way is lost, as with a connection that breaks. */
  renew(reason: string): void {
    if (this.#client !== undefined) this.#lose(this.#client, new Error(reason))
  }

  /** Renews the connection of a life, unless another one has followed, and waits for that some seconds. */
  async follow(life: number, reason: string): Promise<void> {
    if (this.#lives === life) this.renew(reason)
    await this.ready(followMilliseconds)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#connecting
    const client = this.#client
    this.#client = undefined
    await client?.end()
  }

  #use(client: pg.Client): void {
    this.#client = client
    this.#lives++
    client.on('error', (error) => this.#lose(client, error))
    client.on('end', () => this.#lose(client, new Error('the server closed it')))
  }

  #lose(client: pg.Client, error: unknown): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#failure = unavailable(error).message
    client.end().catch(() => {})
    this.#reconnect(0)
  }

  #reconnect(attempt: number): void {
    if (this.#closed) return
    this.#timer = setTimeout(
      () => {
        this.#connecting = this.#connect()
          .then(
            async (client) => {
              if (this.#closed) await client.end()
              else this.#use(client)
            },
            (error) => {
              this.#failure = unavailable(error).message
              this.#reconnect(attempt + 1)
            },
          )
          .finally(() => {
            this.#connecting = undefined
          })
      },
      pauses[Math.min(attempt, pauses.length - 1)],
    )
  }
}

/** How long a statement waits for the connection that follows. */
const followMilliseconds = 2_000

/** How often `ready` looks, in milliseconds. */
const step = 20

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
