import type { Policy } from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'
import { type TagsRead, tagsRead } from '../relevance/tags-read.ts'
import type { Deferred } from '../use/search-parts.ts'
import { comparedTag } from '../world/tag-pairs.ts'
import type { Principal } from '../world/world.ts'
import type { Sides } from './sides.ts'

type Pairs = TagsRead['principal']

/** Tags of a principal that uses wait for. */
export interface WantedTags {
  readonly principal: Principal
  readonly pairs: Pairs
}

/** The tags that uses which are not proven wait for, in any state; in the order in which they came. */
export class Wanted {
  readonly all: WantedTags[] = []
  readonly #sides: Sides
  readonly #known = new Set<string>()

  constructor(sides: Sides) {
    this.#sides = sides
  }

  /** Adds those of a use that is not proven. */
  add(entry: Deferred): void {
    this.#ofCaller(entry)
    const { actor, own } = entry
    const { target } = own.use.binding
    const { shared } = this.#sides.ofActor(actor)
    if (target !== undefined) this.#want(target, shared.classes.tags.resource)
  }

  /** A trust policy may let the caller in once the caller has a tag. */
  #ofCaller({ actor: { variant }, own }: Deferred): void {
    const { target } = own.use.binding
    const { principal, outside } = variant
    if (outside !== undefined || target?.type !== 'role' || target.trust === undefined) return
    const { policy } = target.trust
    const { shared } = this.#sides.of(target.account)
    const compared = comparedTag.test(policy.text) ? shared.reading.comparedTags : []
    // A tag of the caller may become one of the session, which other policies ask for.
    const named = keysInVariables(policy)
    const passed =
      named.size === 0 ? [] : shared.reading.tagsWanted.filter(([key]) => named.has(key.toLowerCase()))
    this.#want(principal, [...callerTags(policy), ...compared, ...passed])
  }

  #want(principal: Principal, pairs: Pairs): void {
    const more = pairs.filter(([key, value]) => {
      const name = `${principal.arn}${principal.made ?? ''}\n${key}=${value}`
      if (this.#known.has(name)) return false
      this.#known.add(name)
      return true
    })
    if (more.length > 0) this.all.push({ principal, pairs: more })
  }
}

/** The keys of tags of the caller that policy variables name, in lower case. */
function keysInVariables({ text }: Policy): ReadonlySet<string> {
  const found = text.matchAll(/\$\{aws:PrincipalTag\/([^,}]{1,128})/gi)
  return new Set([...found].map(([, key = '']) => key.toLowerCase()))
}

/** The tags of the caller that conditions of a policy name. */
const callerTags = perObject((policy: Policy): Pairs => tagsRead([policy]).principal)
