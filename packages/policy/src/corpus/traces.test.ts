import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { compile } from '../compile/compile.ts'
import type { PolicyKind } from '../document/policy.ts'
import type { Grant } from '../document/set.ts'
import { trace } from '../evaluate/trace.ts'
import {
  layerOf,
  ownAccount,
  policyOf,
  requestOf,
  root,
  type StatementInput,
  session,
  sourceOf,
  user,
} from '../fixture.ts'
import type { ContextInput } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'
import { principalContext } from '../request/principal-context.ts'

type Statements = readonly StatementInput[]

/** A line: who asks for what, and the statements of each layer (of SCPs and RCPs: of each level). */
interface Case {
  readonly who: string
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, ContextInput>>
  readonly grant?: Grant
  readonly identity?: Statements
  readonly boundary?: Statements
  readonly session?: Statements
  readonly own?: Statements
  readonly endpoint?: Statements
  readonly scp?: readonly Statements[]
  readonly rcp?: readonly Statements[]
}

const callers: Readonly<Record<string, Principal>> = {
  user,
  session,
  root,
  linked: { ...session, type: 'roleSession', serviceLinked: true } as Principal,
  federated: {
    type: 'federatedUser',
    arn: `arn:aws:sts::${ownAccount}:federated-user/bob`,
    account: ownAccount,
    parent: user,
  } as Principal,
  stranger: { type: 'user', arn: 'arn:aws:iam::210987654321:user/ann', account: '210987654321' },
  service: { type: 'service', names: ['sns.amazonaws.com'] },
  anonymous: { type: 'anonymous' },
}

/** Statements by their index, and positions by their offsets. What is absent from a trace is no member of it. */
function short(key: string, value: unknown): unknown {
  assert.ok(value !== undefined || key === 'seen' || key === 'level' || key === 'grantedTo', key)
  if (key === 'policy' || key === 'source') return undefined
  if (key === 'statement') return (value as { index: number }).index
  if (key === 'span')
    return Object.values(value as Record<string, { offset: number }>)
      .map(({ offset }) => offset)
      .join('-')
  return value
}

test('the trace of each case of traces.txt', () => {
  checkCorpus(join(import.meta.dirname, 'traces.txt'), (line) => {
    const { who, action, resource, context, grant, ...layers }: Case = JSON.parse(line)
    const principal = callers[who]!
    const levels = (kind: PolicyKind, list: readonly Statements[] | undefined) =>
      list?.map((statements) => layerOf(kind, ...statements))
    const flat = (kind: PolicyKind, list: Statements | undefined) => list && layerOf(kind, ...list)
    const set = compile({
      identity: flat('identity', layers.identity),
      boundary: flat('boundary', layers.boundary),
      session: flat('session', layers.session),
      endpoint: flat('endpoint', layers.endpoint),
      scp: levels('scp', layers.scp),
      rcp: levels('rcp', layers.rcp),
      resource: layers.own && {
        source: sourceOf(policyOf('resource', ...layers.own)),
        ...(grant === undefined ? {} : { grant }),
      },
    })
    const request = requestOf({
      principal,
      action,
      resource,
      context: Object.fromEntries(
        Object.entries({ ...principalContext(principal), ...context }).filter(
          ([, value]) => value !== undefined,
        ),
      ) as Record<string, ContextInput>,
    })
    const { decision, layers: traced } = trace(request, set)
    for (const layer of traced)
      for (const name of ['level', 'grantedTo'] as const)
        assert.ok(!(name in layer) || layer[name] !== undefined, name)
    return [decision, ...traced].map((each) => JSON.stringify(each, short))
  })
})
