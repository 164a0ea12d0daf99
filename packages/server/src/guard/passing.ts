import { type Call, callerArn } from '../authorization/index.ts'
import { guardLimits } from './limits.ts'

/**
 * The bodies that are on their way to the upstream, each of which holds a connection until it is whole. Who sends slowly
 * must not hold all of them: one principal may hold a quarter, all together three quarters (behaviour GRD-627).
 */
export class PassingBodies {
  readonly #most: number
  readonly #of = new Map<string, number>()
  #all = 0

  constructor(connections: number = guardLimits.connections) {
    this.#most = connections
  }

  /** Returns what ends the body's turn; undefined if there is no room for another one of this principal. */
  begin(principal: string): (() => void) | undefined {
    const held = this.#of.get(principal) ?? 0
    if (held >= this.#most / 4 || this.#all >= (this.#most * 3) / 4) return undefined
    this.#of.set(principal, held + 1)
    this.#all++
    let ended = false
    return () => {
      if (ended) return
      ended = true
      this.#all--
      const left = (this.#of.get(principal) ?? 1) - 1
      if (left === 0) this.#of.delete(principal)
      else this.#of.set(principal, left)
    }
  }
}

/** Whose body it is: sessions of a role count together. */
export function holderOf(call: Call): string {
  const { caller, account } = call
  if (caller.kind === 'role') return caller.roleArn
  return callerArn(call) ?? `${account.id} ${caller.kind} ${call.origin.sourceIp}`
}
