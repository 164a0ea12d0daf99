import { setTimeout as sleep } from 'node:timers/promises'
import { policyText } from '../kit/index.ts'
import type { RealCluster } from './real-cluster.ts'
import type { RealNode } from './real-node.ts'

/** What a client hears of a call: an answer, a refusal, or nothing that says what became of it. */
export type Heard<T> =
  | { readonly answer: T }
  | { readonly refusal: string; readonly requestId: string }
  | { readonly unknown: string }

/** Failures of connections, as Node names them. */
const lost = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET'])

/** Makes one call. @throws what is no answer of a node, and no failure of a connection */
export async function hear<T>(call: () => Promise<T>): Promise<Heard<T>> {
  try {
    return { answer: await call() }
  } catch (error) {
    const { name, code, message, $metadata } = error as {
      name: string
      code?: string
      message: string
      $metadata?: { httpStatusCode?: number; requestId?: string }
    }
    const status = $metadata?.httpStatusCode
    if (status === 503 && name.startsWith('ServiceUnavailable')) return { unknown: message }
    if (status !== undefined && status < 500) return { refusal: name, requestId: $metadata?.requestId ?? '' }
    if (status === undefined && (name === 'TimeoutError' || lost.has(code ?? ''))) return { unknown: message }
    throw error
  }
}

/** What the clients of one history share. */
export class WireClients {
  readonly cluster: RealCluster
  readonly random: () => number
  /** What was wrong with answers. */
  readonly problems: string[] = []
  /** `changes`: acknowledged changes and hand-outs of credentials. */
  readonly counts = { calls: 0, unknown: 0, changes: 0, denials: 0 }
  /** Ends the clients when their current work is done. */
  isOver = false
  #names = 0
  readonly #tag: string
  readonly #pause: number

  /** @param tag distinguishes the names of this history @param pause milliseconds between calls of a client, about */
  constructor(cluster: RealCluster, random: () => number, { tag, pause }: { tag: string; pause: number }) {
    this.cluster = cluster
    this.random = random
    this.#tag = tag
    this.#pause = pause
  }

  /** A name that no other call uses. */
  name(kind: string): string {
    return `${kind}-${this.#tag}-${this.#names++}`
  }

  /** Whether a name is of this history. Register values and names alike have its tag. */
  isOwn(name: string): boolean {
    return name.split('-').at(-2) === this.#tag
  }

  any(): RealNode {
    return this.cluster.any(this.random)
  }

  /** Notes that an answer was wrong. */
  problem(text: string): void {
    this.problems.push(text)
    this.cluster.journal.note(`PROBLEM ${text}`)
  }

  /** Makes a call at any node, after a pause. `about` is for the journal: the operation, and more if that helps. */
  async ask<T>(call: (node: RealNode) => Promise<T>, about?: string): Promise<Heard<T>> {
    await sleep(this.#pause * (0.5 + this.random()))
    return this.askNow(this.any(), call, about)
  }

  async askNow<T>(
    node: RealNode,
    call: (node: RealNode) => Promise<T>,
    about = operationOf(call),
  ): Promise<Heard<T>> {
    const { name } = node
    const began = performance.now()
    this.counts.calls++
    const heard = await hear(() => call(node))
    if ('unknown' in heard) this.counts.unknown++
    if ('answer' in heard && !/^(?:get|list|describe|lookup)/.test(about)) this.counts.changes++
    if ('refusal' in heard && heard.refusal.startsWith('AccessDenied')) this.counts.denials++
    const took = Math.round(performance.now() - began)
    this.cluster.journal.note(`${name} ${about} (${took} ms): ${shown(heard)}`, began)
    return heard
  }

  /** Makes a call until a node has acknowledged it. `done`: the refusal of a call that was executed before. */
  async surely<T>(call: (node: RealNode) => Promise<T>, done?: string): Promise<T | undefined> {
    for (;;) {
      const heard = await this.ask(call)
      if ('answer' in heard) return heard.answer
      if ('refusal' in heard && heard.refusal.startsWith(done ?? '-')) return undefined
      if ('refusal' in heard) throw new Error(`a call was refused: ${heard.refusal}`)
    }
  }

  /** Asks all nodes that run, at once. */
  everywhere<T>(call: (node: RealNode) => Promise<T>): Promise<readonly (readonly [RealNode, Heard<T>])[]> {
    const up = this.cluster.nodes.filter(({ isUp }) => isUp)
    return Promise.all(up.map(async (node) => [node, await this.askNow(node, call)] as const))
  }

  /** Notes a problem for each node that answers otherwise than expected. What is unknown is no answer. */
  async expectEverywhere(
    what: string,
    expected: 'an answer' | 'AccessDenied',
    call: (node: RealNode) => Promise<unknown>,
  ): Promise<void> {
    for (const [node, heard] of await this.everywhere(call)) {
      if ('unknown' in heard) continue
      const got = 'answer' in heard ? 'an answer' : heard.refusal
      if (!got.startsWith(expected)) this.problem(`${what}: ${node.name} says ${got}, not ${expected}`)
    }
  }
}

/** The name of the SDK's method that a function calls. */
function operationOf(call: (node: RealNode) => unknown): string {
  return /client\([^()]*\)\s*\.(\w+)\(/i.exec(String(call))?.[1] ?? 'call'
}

/** The beginning of what was heard, in a line. */
function shown(heard: Heard<unknown>): string {
  const { $metadata, ...rest } = { ...heard, $metadata: undefined }
  return JSON.stringify(rest, (key, value) => (key === '$metadata' ? value?.requestId : value)).slice(0, 300)
}

/** A policy with one statement. */
export function policy(statement: object): string {
  return policyText(statement)
}
