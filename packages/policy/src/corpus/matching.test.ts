import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import type { Statement } from '../document/policy.ts'
import { relationOf } from '../evaluate/accounts.ts'
import { applicableLayers, hasFullAccess } from '../evaluate/binds.ts'
import { requiredLayers } from '../evaluate/needs.ts'
import { allow, ownAccount, policyOf, requestOf, root, session, user } from '../fixture.ts'
import { compileAction, lowerAction } from '../match/action.ts'
import { isAccountId, isDigits, matchArn, splitArnPattern } from '../match/arn.ts'
import { matcherOf } from '../match/glob.ts'
import { compilePrincipal, isSpared, mayBeNamed, naming } from '../match/principal.ts'
import { resourceParts } from '../match/resource.ts'
import { fill, isMalformed, parseTemplate } from '../match/template.ts'
import { wildcardMatcher } from '../match/wildcards.ts'
import { Context } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'
import { principalContext } from '../request/principal-context.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a line hands in is of the type that its function takes, or the test fails
type Any = any

const federated = {
  type: 'federatedUser',
  arn: `arn:aws:sts::${ownAccount}:federated-user/team/bob`,
  account: ownAccount,
  parent: user,
} as Principal
const canonicalId = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'
const callers: Readonly<Record<string, Principal>> = {
  user,
  owner: { ...user, canonicalId } as Principal,
  session,
  linked: { ...session, serviceLinked: true } as Principal,
  nameless: { ...session, roleId: undefined } as unknown as Principal,
  root,
  rootOwner: { ...root, canonicalId } as Principal,
  federated,
  federatedRoot: { ...federated, parent: root } as Principal,
  stranger: { type: 'user', arn: 'arn:aws:iam::210987654321:user/ann', account: '210987654321' },
  china: { type: 'user', arn: `arn:aws-cn:iam::${ownAccount}:user/dev`, account: ownAccount },
  web: { type: 'webIdentity', provider: 'accounts.google.com' },
  saml: { type: 'saml', provider: `arn:aws:iam::${ownAccount}:saml-provider/idp` },
  service: { type: 'service', names: ['sns.amazonaws.com', 'sns.eu-west-1.amazonaws.com'] },
  unnamed: { type: 'service', names: [] },
  anonymous: { type: 'anonymous' },
}
const filled = new Context({ 'aws:username': 'dev', 'my:list': ['a'], 'my:star': '*' })
const wild = { wildcards: true, variables: true }

function ofEach(of: (caller: Principal) => unknown): unknown {
  return Object.fromEntries(Object.entries(callers).map(([name, caller]) => [name, of(caller)]))
}

function elementOf(element: object): Statement {
  return policyOf('resource', allow({ ...element })).statements[0]!
}

/** What a line names, with the values that follow it in JSON. */
const called: Readonly<Record<string, (...values: readonly Any[]) => unknown>> = {
  /** By caller: how strongly an element names it (or whether it spares it, without and with a boundary), and whether it may. */
  names: (element) => {
    const compiled = compilePrincipal(elementOf(element).principal!)
    return ofEach((caller) =>
      compiled.negated
        ? [isSpared(compiled, caller, false), isSpared(compiled, caller, true)]
        : [naming(compiled, caller), mayBeNamed(compiled, caller)],
    )
  },
  applicableLayers: () => ofEach(applicableLayers),
  hasFullAccess: () => ofEach(hasFullAccess),
  principalContext: () => ofEach(principalContext),
  relationOf: (resource, resourceAccount) =>
    ofEach((principal) => relationOf(requestOf({ principal, resource, resourceAccount }))),
  requiredLayers: (who, action) =>
    ['same', 'cross', 'otherPartition', 'outsider'].map((relation) =>
      ['either', 'explicit', 'trust'].map((grant) =>
        [0, 1, 2, 3].map((named) =>
          Object.entries(
            requiredLayers(
              requestOf({ principal: callers[who]!, action }),
              relation as Any,
              named as Any,
              grant as Any,
            ),
          )
            .flatMap(([layer, isNeeded]) => (isNeeded ? [layer] : []))
            .join('+'),
        ),
      ),
    ),
  resource: (version, kind, Effect, element, text, ...resources) => {
    const policy = policyOf(kind, { ...allow(), Effect, Resource: undefined, [element]: text })
    const parts = resourceParts(text, { version, kind }, policy.statements[0]!)
    return [parts, ...resources.map((resource: string) => matcherOf(parts)(resource, filled))]
  },
  template: (text) => {
    const parts = parseTemplate(text, wild)
    return [parts, isMalformed(parts), fill(parts, filled)]
  },
  plainTemplate: (text) => parseTemplate(text, { wildcards: true, variables: false }),
  variablesOnly: (text) => parseTemplate(text, { wildcards: false, variables: true }),
  arn: (pattern, ...values) => {
    const segments = splitArnPattern(parseTemplate(pattern, wild))
    return [
      segments,
      ...values.map((value: string) => segments && matchArn(segments.map(matcherOf), value, filled)),
    ]
  },
  glob: (pattern, ...values) =>
    values.map((value: string) => matcherOf(parseTemplate(pattern, wild))(value, filled)),
  wildcards: (pattern, options, ...values) => values.map(wildcardMatcher(pattern, options)),
  action: (pattern, ...values) =>
    values.map((value: string) => compileAction(pattern)(lowerAction(value), filled)),
  isDigits,
  isAccountId,
  lowerAction,
}

test('POL-021, POL-034, POL-083, POL-087, POL-088, POL-096, POL-120, POL-185 what matches, and whom it names', () => {
  checkCorpus(join(import.meta.dirname, 'matching.txt'), (line) => {
    const [name = '', ...rest] = line.split(' ')
    const values: readonly unknown[] = JSON.parse(`[${rest.join(' ')}]`)
    const result = called[name]!(...values)
    if (typeof result !== 'object' || result === null || Array.isArray(result))
      return [JSON.stringify(result) ?? 'undefined']
    return Object.entries(result).map(
      ([caller, value]) => `${caller} ${JSON.stringify(value) ?? 'undefined'}`,
    )
  })
})
