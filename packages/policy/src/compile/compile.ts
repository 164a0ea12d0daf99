import type { Grant, PolicySet, PolicySource, ResourcePolicy } from '../document/set.ts'
import { Layer } from './layer.ts'

/** The result of `compile`, which `evaluate` reads. Immutable. Compile a set once and reuse it. */
export interface CompiledSet {
  readonly identity: Layer | undefined
  readonly boundary: Layer | undefined
  readonly session: Layer | undefined
  readonly resource: Layer | undefined
  readonly grant: Grant
  readonly scp: readonly Layer[] | undefined
  readonly rcp: readonly Layer[] | undefined
  readonly endpoint: Layer | undefined
}

/**
 * Compiles a set. Each document is compiled once and cached as long as its Policy lives, so composing sets of known
 * documents is cheap.
 */
export function compile(set: PolicySet): CompiledSet {
  return {
    identity: set.identity && new Layer('identity', set.identity),
    boundary: set.boundary && new Layer('boundary', set.boundary),
    session: set.session && new Layer('session', set.session),
    resource: set.resource && new Layer('resource', sourcesOf(set.resource)),
    grant: set.resource?.grant ?? 'either',
    scp: set.scp?.map((level) => new Layer('scp', level)),
    rcp: set.rcp?.map((level) => new Layer('rcp', level)),
    endpoint: set.endpoint && new Layer('endpoint', set.endpoint),
  }
}

function sourcesOf({ source, further = [] }: ResourcePolicy): readonly PolicySource[] {
  return source === undefined ? further : [source, ...further]
}

/**
 * Adds the layers of `more` to those of `base`; a layer that both have is taken from `more`. So a server keeps the
 * caller's side (identity, boundary, SCPs) compiled and adds what each call brings.
 */
export function combine(base: CompiledSet, more: CompiledSet): CompiledSet {
  return {
    identity: more.identity ?? base.identity,
    boundary: more.boundary ?? base.boundary,
    session: more.session ?? base.session,
    resource: more.resource ?? base.resource,
    grant: more.resource === undefined ? base.grant : more.grant,
    scp: more.scp ?? base.scp,
    rcp: more.rcp ?? base.rcp,
    endpoint: more.endpoint ?? base.endpoint,
  }
}
