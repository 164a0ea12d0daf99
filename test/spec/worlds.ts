/**
 * Random worlds: a request and policies in every layer, over alphabets so small that things meet. A world is always
 * one that the public format of cases can say, so that any of them can be printed and kept as a case.
 */
import fc from 'fast-check'
import type { CasePolicies, CaseRequest, Document, Statement, World } from './case.ts'
import {
  awsPrincipals,
  condition,
  context,
  everyoneDocument,
  HERE,
  identityDocument,
  notPrincipalElement,
  principalElement,
  principals,
  resourceDocument,
  resourcePattern,
  subjects,
  trustDocument,
  user,
  type Wears,
} from './documents.ts'
import { families, pick, texts } from './families.ts'

export const request: fc.Arbitrary<CaseRequest> = fc
  .tuple(
    pick(principals),
    pick([subjects[0], subjects[0], ...subjects]),
    fc.nat(),
    fc.nat(),
    texts,
    context,
    pick([HERE, HERE, HERE, undefined]),
  )
  .map(([principal, subject, action, resource, tail, keys, owner]) => ({
    principal,
    action: subject?.actions[action % subject.actions.length] ?? '',
    resource: (subject?.resources[resource % subject.resources.length] ?? '').replace('#', tail),
    // Left out, it is read from the ARN, or is the caller's own.
    ...(owner === undefined ? {} : { resourceAccount: owner }),
    context: keys,
  }))

/** Where the documents of a world come from. */
export type Documents = {
  readonly identity: fc.Arbitrary<Document>
  readonly resource: fc.Arbitrary<Document>
  readonly trust: fc.Arbitrary<Document>
  readonly everyone: fc.Arbitrary<Document>
}

/** Fresh ones each time: these shrink well. */
export const freshDocuments: Documents = {
  identity: identityDocument,
  resource: resourceDocument,
  trust: trustDocument,
  everyone: everyoneDocument,
}

/** Out of a drawer of `size` documents a kind: a world then costs next to nothing. */
export function drawnDocuments(size: number, seed: number): Documents {
  const drawer = (arbitrary: fc.Arbitrary<Document>, salt: number): fc.Arbitrary<Document> =>
    pick(fc.sample(arbitrary, { numRuns: size, seed: seed * 4 + salt }))
  return {
    identity: drawer(identityDocument, 0),
    resource: drawer(resourceDocument, 1),
    trust: drawer(trustDocument, 2),
    everyone: drawer(everyoneDocument, 3),
  }
}

const sometimes = <T>(
  absent: number,
  present: number,
  arbitrary: fc.Arbitrary<T>,
): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: absent, arbitrary: fc.constant(undefined) }, { weight: present, arbitrary })

/** A grant to one of many that nothing else hinders: so that all the ways of being named are seen to allow. */
const grant = (wears: Wears): fc.Arbitrary<Document> =>
  fc.array(pick(awsPrincipals), { minLength: 1, maxLength: 4 }).map((AWS) => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS },
      Action: '*',
      ...(wears.resource ? { Resource: '*' } : {}),
    },
  }))

/** What most real layers are: everything. Without it no world with five layers would ever be allowed. */
const allowAll: Document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const allowEveryone: Document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
}

export function world(documents: Documents): fc.Arbitrary<World> {
  const some = (arbitrary: fc.Arbitrary<Document>, all: Document): fc.Arbitrary<Document[]> =>
    fc.oneof(
      { weight: 1, arbitrary: fc.constant<Document[]>([all]) },
      { weight: 2, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: arbitrary.map((each): Document[] => [all, each]) },
    )
  const levels = (arbitrary: fc.Arbitrary<Document>, all: Document): fc.Arbitrary<Document[][]> =>
    fc.array(
      fc.oneof(
        { weight: 9, arbitrary: some(arbitrary, all) },
        { weight: 1, arbitrary: fc.constant<Document[]>([]) },
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
  return fc
    .record({
      request,
      identity: sometimes(1, 5, some(documents.identity, allowAll)),
      boundary: sometimes(2, 1, some(documents.identity, allowAll)),
      session: sometimes(2, 1, some(documents.identity, allowAll)),
      resource: sometimes(1, 4, fc.oneof(documents.resource, grant({ principal: true, resource: true }))),
      trust: sometimes(1, 6, fc.oneof(documents.trust, grant({ principal: true, resource: false }))),
      scp: sometimes(3, 1, levels(documents.identity, allowAll)),
      rcp: sometimes(4, 1, levels(documents.everyone, allowEveryone)),
      endpoint: sometimes(4, 1, some(documents.everyone, allowEveryone)),
    })
    .map(({ request: asked, trust, ...layers }) => ({
      request: asked,
      policies: possible(asked, {
        ...layers,
        resource: asked.action.startsWith('sts:') ? trust : layers.resource,
      }),
    }))
}

type Layers = { readonly [name in keyof CasePolicies]?: CasePolicies[name] | undefined }

/** Leaves out what the caller cannot have, and members that are undefined: a case in JSON has none. */
function possible(asked: CaseRequest, layers: Layers): CasePolicies {
  const { principal } = asked
  const kind =
    typeof principal !== 'string' || principal === '*' || principal.includes('-provider/')
      ? 'outsider'
      : (principal.split(':')[5] ?? '')
  const without: (keyof CasePolicies)[] = []
  if (kind === 'outsider' || kind === 'root') without.push('identity', 'boundary')
  if (kind === 'outsider' || kind.startsWith('user/')) without.push('session')
  if (typeof principal !== 'string') without.push('endpoint')
  // Neither listing nor passing a role has a policy of the resource's own.
  if (asked.resource === '*' || asked.action === 'iam:PassRole') without.push('resource', 'rcp')
  const kept = Object.entries(layers).filter(
    ([name, value]) => value !== undefined && !without.some((each) => each === name),
  )
  return Object.fromEntries(kept)
}

/**
 * Worlds of one statement that is about nothing but one thing: whether it applies decides, so that every difference
 * in how a condition, a resource or a principal is read comes out.
 */
export const smallWorlds: Readonly<Record<'condition' | 'resource' | 'principal', fc.Arbitrary<World>>> = {
  condition: small(
    fc
      .oneof(...families.map(condition))
      .map(([name, keys]) => ({ Resource: '*', Condition: { [name]: keys } })),
    'identity',
  ),
  resource: small(
    fc.tuple(resourcePattern, pick(['Resource', 'NotResource'])).map(([value, name]) => ({ [name]: value })),
    'identity',
  ),
  principal: small(
    fc.oneof(
      principalElement.map((Principal) => ({ Resource: '*', Principal })),
      notPrincipalElement.map((NotPrincipal) => ({ Resource: '*', NotPrincipal })),
    ),
    'resource',
  ),
}

function small(
  elements: fc.Arbitrary<Partial<Statement>>,
  layer: 'identity' | 'resource',
): fc.Arbitrary<World> {
  return fc
    .tuple(request, elements, pick(['Allow', 'Deny']), pick(['2012-10-17', '2008-10-17']), fc.boolean())
    .map(([asked, more, Effect, Version, bounded]) => {
      const about: Document = { Version, Statement: { Effect, Action: '*', ...more } }
      const principal = layer === 'identity' ? user : asked.principal
      const limits = bounded && layer === 'resource' ? { boundary: [allowAll], session: [allowAll] } : {}
      return {
        request: { ...asked, principal },
        policies: possible(
          { ...asked, principal },
          layer === 'identity' ? { identity: [about] } : { resource: about, identity: [allowAll], ...limits },
        ),
      }
    })
}
