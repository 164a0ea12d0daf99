/**
 * An abstract world: every layer says one of a few words, and each combination of them can be asked. Small enough to
 * ask all of them, so that a law is not sampled but known.
 */
import type { CasePolicies, CasePrincipal, Document, PrincipalElement, World } from './case.ts'

export type Word = 'absent' | 'silent' | 'allow' | 'deny'
export type ResourceWord = 'absent' | 'silent' | 'itself' | 'role' | 'account' | 'everyone' | 'deny'

/** One letter of each alphabet. */
export type Spelling = {
  readonly caller: CallerName
  readonly subject: SubjectName
  readonly identity: Word
  readonly boundary: Word
  readonly session: Word
  readonly resource: ResourceWord
  readonly scp: Word | 'silentAbove'
  readonly rcp: 'absent' | 'deny'
  readonly endpoint: Word
}

const HERE = '123456789012'
const THERE = '210987654321'

type Caller = {
  readonly principal: CasePrincipal
  readonly account?: string
  /** How a policy names it. */
  readonly itself: PrincipalElement
  readonly role?: string
}

const inAccount = (account: string) => ({
  user: {
    principal: `arn:aws:iam::${account}:user/dev`,
    account,
    itself: `arn:aws:iam::${account}:user/dev`,
  },
  role: {
    principal: `arn:aws:iam::${account}:role/app`,
    account,
    itself: `arn:aws:iam::${account}:role/app`,
    role: `arn:aws:iam::${account}:role/app`,
  },
  session: {
    principal: `arn:aws:sts::${account}:assumed-role/app/run`,
    account,
    itself: `arn:aws:sts::${account}:assumed-role/app/run`,
    role: `arn:aws:iam::${account}:role/app`,
  },
  federated: {
    principal: `arn:aws:sts::${account}:federated-user/bob`,
    account,
    itself: `arn:aws:sts::${account}:federated-user/bob`,
  },
  root: { principal: `arn:aws:iam::${account}:root`, account, itself: `arn:aws:iam::${account}:root` },
})

const here = inAccount(HERE)
const there = inAccount(THERE)
const serviceLinked = `arn:aws:iam::${HERE}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`

export const callers = {
  user: here.user,
  role: here.role,
  session: here.session,
  federated: here.federated,
  root: here.root,
  serviceLinked: { principal: serviceLinked, account: HERE, itself: serviceLinked, role: serviceLinked },
  stranger: there.user,
  strangersSession: there.session,
  strangersFederated: there.federated,
  strangersRoot: there.root,
  service: { principal: { service: 'ecs.amazonaws.com' }, itself: { Service: 'ecs.amazonaws.com' } },
  anonymous: { principal: '*', itself: '*' },
} satisfies Record<string, Caller>

export const subjects = {
  object: { action: 's3:GetObject', resource: 'arn:aws:s3:::a/x' },
  role: { action: 'sts:AssumeRole', resource: `arn:aws:iam::${HERE}:role/deploy` },
  key: { action: 'kms:Decrypt', resource: `arn:aws:kms:eu-west-1:${HERE}:key/1` },
}

export type CallerName = keyof typeof callers
export type SubjectName = keyof typeof subjects

/** Every word that a layer can say, the weakest first. */
export const words = {
  identity: ['deny', 'silent', 'allow'],
  boundary: ['deny', 'silent', 'allow', 'absent'],
  session: ['deny', 'silent', 'allow', 'absent'],
  resource: ['deny', 'absent', 'silent', 'account', 'role', 'itself', 'everyone'],
  scp: ['deny', 'silent', 'silentAbove', 'allow', 'absent'],
  rcp: ['deny', 'absent'],
  endpoint: ['deny', 'silent', 'allow', 'absent'],
} as const satisfies { readonly [layer in keyof CasePolicies]: readonly string[] }

/** Layers that a kind of caller cannot have are absent in all of its worlds. */
function wordsOf<L extends keyof typeof words>(
  layer: L,
  caller: CallerName,
): readonly (typeof words)[L][number][] {
  const { principal, account } = callers[caller] as Caller
  const user = typeof principal === 'string' && principal.includes(':user/')
  const root = caller === 'root' || caller === 'strangersRoot'
  const without =
    (layer === 'session' && (user || account === undefined)) ||
    ((layer === 'boundary' || layer === 'identity') && (root || account === undefined)) ||
    (layer === 'endpoint' && caller === 'service')
  // `absent` and `silent` are the same of identity policies.
  return without
    ? words[layer].slice(layer === 'identity' ? 1 : 3, layer === 'identity' ? 2 : 4)
    : words[layer]
}

/** All spellings there are. */
export function* spellings(): Generator<Spelling> {
  // The keys are those of the tables above.
  for (const caller of Object.keys(callers) as CallerName[]) {
    for (const subject of Object.keys(subjects) as SubjectName[]) {
      for (const identity of wordsOf('identity', caller))
        for (const boundary of wordsOf('boundary', caller))
          for (const session of wordsOf('session', caller))
            for (const resource of words.resource)
              for (const scp of words.scp)
                for (const rcp of words.rcp)
                  for (const endpoint of wordsOf('endpoint', caller))
                    yield { caller, subject, identity, boundary, session, resource, scp, rcp, endpoint }
    }
  }
}

const plain: Readonly<Record<'allow' | 'silent' | 'deny', Document>> = {
  allow: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  silent: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'ec2:*', Resource: '*' } },
  deny: { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } },
}

const named = new Map<string, Document>()

/** A statement for everything with a Principal; the same document for the same words, so that it is read once. */
function about(effect: 'Allow' | 'Deny', principal: PrincipalElement, action = '*'): Document {
  const known = named.get(JSON.stringify([effect, principal, action]))
  if (known !== undefined) return known
  const Principal = typeof principal === 'string' && principal !== '*' ? { AWS: principal } : principal
  const document: Document = {
    Version: '2012-10-17',
    Statement: { Effect: effect, Principal, Action: action, Resource: '*' },
  }
  named.set(JSON.stringify([effect, principal, action]), document)
  return document
}

function resourceDocument(word: ResourceWord, caller: Caller): Document | undefined {
  switch (word) {
    case 'absent':
      return undefined
    case 'silent':
      return about('Allow', '*', 'ec2:*')
    case 'itself':
      return about('Allow', caller.itself)
    case 'role':
      return about('Allow', caller.role ?? `arn:aws:iam::${HERE}:role/other`)
    case 'account':
      return about('Allow', caller.account ?? HERE)
    case 'everyone':
      return about('Allow', '*')
    case 'deny':
      return about('Deny', '*')
  }
}

const plainLayer = (word: Word): { readonly list?: readonly Document[] } =>
  word === 'absent' ? {} : { list: [plain[word]] }

/** The meaning of a spelling. */
export function spell(spelling: Spelling): World {
  const caller: Caller = callers[spelling.caller]
  const identity = plainLayer(spelling.identity).list
  const boundary = plainLayer(spelling.boundary).list
  const session = plainLayer(spelling.session).list
  const resource = resourceDocument(spelling.resource, caller)
  const level = spelling.scp === 'silentAbove' ? plain.allow : plainLayer(spelling.scp).list?.[0]
  const above = spelling.scp === 'silentAbove' ? plain.silent : plain.allow
  const endpoint = {
    absent: undefined,
    silent: about('Allow', '*', 'ec2:*'),
    allow: about('Allow', '*'),
    deny: about('Deny', '*'),
  }[spelling.endpoint]
  return {
    request: { principal: caller.principal, ...subjects[spelling.subject], resourceAccount: HERE },
    policies: {
      ...(identity && { identity }),
      ...(boundary && { boundary }),
      ...(session && { session }),
      ...(resource && { resource }),
      ...(level && { scp: [[above], [level]] }),
      ...(spelling.rcp === 'deny' && { rcp: [[about('Deny', '*')]] }),
      ...(endpoint && { endpoint: [endpoint] }),
    },
  }
}
