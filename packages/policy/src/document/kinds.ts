import type { PolicyKind } from './policy.ts'

/** The elements that a kind of document may and must contain. */
export interface KindRules {
  readonly principal: 'required' | 'forbidden'
  readonly notPrincipal: boolean
  readonly resource: 'required' | 'optional' | 'forbidden'
  /** Only RCPs: the only principal is everyone. */
  readonly everyoneOnly: boolean
  /** Sid is `[0-9A-Za-z]*`; resource policies take more. */
  readonly plainSid: boolean
  /** Resources are checked for the form of an ARN. */
  readonly arnResources: boolean
  /** The AWS service whose messages refuse the document. */
  readonly texts: 'iam' | 'trust' | 'service' | 'organizations'
}

const identity: KindRules = {
  principal: 'forbidden',
  notPrincipal: false,
  resource: 'required',
  everyoneOnly: false,
  plainSid: true,
  arnResources: true,
  texts: 'iam',
}

const resource: KindRules = {
  principal: 'required',
  notPrincipal: true,
  resource: 'optional',
  everyoneOnly: false,
  plainSid: false,
  arnResources: false,
  texts: 'service',
}

/** One row for each kind (behaviours POL-017, POL-036, POL-037, POL-071 and POL-081). */
export const kinds: Readonly<Record<PolicyKind, KindRules>> = {
  identity: identity,
  trust: { ...resource, notPrincipal: false, resource: 'forbidden', plainSid: true, texts: 'trust' },
  resource: resource,
  key: resource,
  scp: { ...identity, texts: 'organizations' },
  rcp: { ...identity, principal: 'required', everyoneOnly: true, texts: 'organizations' },
  session: identity,
  boundary: identity,
  endpoint: resource,
}

/** The kinds that give nothing by themselves: they limit what others give. */
export const limitingKinds: ReadonlySet<PolicyKind> = new Set([
  'scp',
  'rcp',
  'boundary',
  'session',
  'endpoint',
])

/** Every kind of policy. */
export const policyKinds = Object.keys(kinds) as readonly PolicyKind[] // a record of them, and of nothing else
