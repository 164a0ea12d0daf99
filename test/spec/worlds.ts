/**
 * Random worlds: a request and policies in every layer, over alphabets so small that things meet. A world is always
 * one that the public format of cases can say, so that any of them can be printed and kept as a case.
 */
import fc from 'fast-check'
import type {
  CasePolicies,
  CasePrincipal,
  CaseRequest,
  Document,
  OneOrMany,
  PrincipalElement,
  Scalar,
  Statement,
  World,
} from './case.ts'
import { type Family, families, pick, templated, texts } from './families.ts'

const HERE = '123456789012'
const THERE = '210987654321'
const user = `arn:aws:iam::${HERE}:user/dev`
const role = `arn:aws:iam::${HERE}:role/app`
const session = `arn:aws:sts::${HERE}:assumed-role/app/run`
const federated = `arn:aws:sts::${HERE}:federated-user/bob`
const root = `arn:aws:iam::${HERE}:root`
const serviceLinked = `arn:aws:iam::${HERE}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`
const stranger = `arn:aws:iam::${THERE}:user/dev`
const strangersSession = `arn:aws:sts::${THERE}:assumed-role/app/run`
const strangersRole = `arn:aws:iam::${THERE}:role/app`
const strangersFederated = `arn:aws:sts::${THERE}:federated-user/bob`
const strangersRoot = `arn:aws:iam::${THERE}:root`
const foreigner = `arn:aws-cn:iam::${HERE}:user/dev`
const service = 'ecs.amazonaws.com'

export const principals: readonly CasePrincipal[] = [
  user,
  role,
  session,
  federated,
  root,
  serviceLinked,
  stranger,
  strangersRole,
  strangersSession,
  strangersFederated,
  strangersRoot,
  foreigner,
  { service },
  '*',
]

/** What is asked about: an object, a role to assume, a key, or nothing in particular. */
const subjects: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[] = [
  {
    actions: ['s3:GetObject', 's3:PutObject', 'S3:getobject'],
    resources: ['arn:aws:s3:::a/x', 'arn:aws:s3:::a/b/x', 'arn:aws:s3:::a/#'],
  },
  {
    actions: ['sts:AssumeRole', 'sts:TagSession'],
    resources: [`arn:aws:iam::${HERE}:role/app`, `arn:aws:iam::${HERE}:role/b`],
  },
  { actions: ['kms:Decrypt'], resources: [`arn:aws:kms:eu-west-1:${HERE}:key/1`] },
  { actions: ['s3:ListAllMyBuckets', 'kms:ListKeys'], resources: ['*'] },
  { actions: ['iam:PassRole'], resources: [`arn:aws:iam::${HERE}:role/app`] },
]

const actions = [
  '*',
  '*',
  '*',
  's3:*',
  's3:Get*',
  's3:GetObject',
  's3:?utObject',
  'S3:GETOBJECT',
  'kms:*',
  'sts:*',
  'sts:AssumeRole',
  'iam:Pass*',
  '*:*Object',
]
const resources = [
  '*',
  '*',
  '*',
  'arn:aws:s3:::a/*',
  'arn:aws:s3:::a/x',
  'arn:aws:s3:::?/x',
  'arn:aws:s3:::${example:s}/x',
  "arn:aws:s3:::${example:none, 'a'}/*",
  'arn:aws:s3:::a/${example:s}${*}',
  'arn:aws:s3:*',
  'arn:aws:*',
  `arn:aws:iam::${HERE}:role/*`,
  `arn:aws:iam::*:role/\${example:s}`,
  `arn:aws:kms:*:${HERE}:key/?`,
]
/** Half of them well thought out, the others by chance. */
const resourcePattern = fc.oneof(
  { weight: 5, arbitrary: pick(resources) },
  { weight: 1, arbitrary: templated.map((tail) => `arn:aws:s3:::a/${tail}`) },
  {
    weight: 1,
    arbitrary: fc
      .array(pick(['arn:aws:', 's3', ':', '*', '?', 'a/x']), { maxLength: 6 })
      .map((all) => all.join('')),
  },
)
const awsPrincipals = [
  '*',
  HERE,
  THERE,
  root,
  strangersRoot,
  user,
  role,
  session,
  federated,
  stranger,
  strangersRole,
  strangersSession,
  serviceLinked,
  foreigner,
  `arn:aws:iam::${HERE}:user/*`,
  'AIDACKCEVSQ6C2EXAMPLE',
]

const oneOrMany = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<OneOrMany<T>> =>
  fc.oneof(
    { weight: 3, arbitrary: one },
    { weight: 1, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }) },
  )

const operator = ({ operators, bare }: Family): fc.Arbitrary<string> =>
  bare
    ? pick(operators)
    : fc
        .tuple(
          pick(['', '', '', 'ForAllValues:', 'ForAnyValue:']),
          pick(operators),
          pick(['', '', 'IfExists']),
        )
        .map((parts) => parts.join(''))

const condition = (family: Family): fc.Arbitrary<readonly [string, Record<string, OneOrMany<Scalar>>]> =>
  fc
    .tuple(operator(family), pick([family.key, family.key.toUpperCase()]), oneOrMany(family.wanted))
    .map(([name, key, values]) => [name, { [key]: values }])

const conditionBlock: fc.Arbitrary<NonNullable<Statement['Condition']>> = fc
  .array(fc.oneof(...families.map(condition)), { minLength: 1, maxLength: 2 })
  .map((entries) => Object.fromEntries(entries))

/** A key of the context: missing, with one value, or with some. */
const contextEntry = ({
  key,
  seen,
}: Family): fc.Arbitrary<readonly (readonly [string, OneOrMany<string>])[]> =>
  fc
    .tuple(
      pick([key, key, key.toUpperCase()]),
      fc.oneof<fc.WeightedArbitrary<OneOrMany<string> | undefined>[]>(
        { weight: 2, arbitrary: fc.constant(undefined) },
        { weight: 4, arbitrary: seen },
        { weight: 2, arbitrary: fc.array(seen, { maxLength: 3 }) },
      ),
    )
    .map(([name, value]) => (value === undefined ? [] : [[name, value]]))

const context: fc.Arbitrary<NonNullable<CaseRequest['context']>> = fc
  .tuple(...families.filter(({ bare }) => !bare).map(contextEntry))
  .map((entries) => Object.fromEntries(entries.flat()))

const principalElement: fc.Arbitrary<PrincipalElement> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<PrincipalElement>('*') },
  { weight: 6, arbitrary: oneOrMany(pick(awsPrincipals)).map((AWS): PrincipalElement => ({ AWS })) },
  {
    weight: 1,
    arbitrary: oneOrMany(pick([service, 's3.amazonaws.com'])).map(
      (Service): PrincipalElement => ({ Service }),
    ),
  },
  { weight: 1, arbitrary: pick(awsPrincipals).map((AWS): PrincipalElement => ({ AWS, Service: service })) },
)

/** For a NotPrincipal: lists that may spare somebody. */
const notPrincipalElement: fc.Arbitrary<PrincipalElement> = fc.oneof(
  fc
    .subarray([session, role, user, root, federated], { minLength: 1 })
    .map((AWS): PrincipalElement => ({ AWS })),
  pick<PrincipalElement>([{ AWS: [stranger, THERE] }, { Service: service }, { AWS: '*' }]),
)

/** Which elements the statements of a layer have besides Effect, Action and Condition. */
export type Wears = { readonly principal: boolean; readonly resource: boolean }

export function statement(wears: Wears): fc.Arbitrary<Statement> {
  const principal: fc.Arbitrary<Partial<Statement>> = wears.principal
    ? fc.oneof(
        { weight: 8, arbitrary: principalElement.map((Principal) => ({ Principal })) },
        { weight: 1, arbitrary: notPrincipalElement.map((NotPrincipal) => ({ NotPrincipal })) },
      )
    : fc.constant({})
  const resource: fc.Arbitrary<Partial<Statement>> = wears.resource
    ? fc.oneof(
        { weight: 4, arbitrary: oneOrMany(resourcePattern).map((Resource) => ({ Resource })) },
        { weight: 1, arbitrary: oneOrMany(resourcePattern).map((NotResource) => ({ NotResource })) },
      )
    : fc.constant({})
  return fc
    .tuple(
      pick(['Allow', 'Allow', 'Allow', 'Deny']),
      principal,
      fc.oneof(
        { weight: 4, arbitrary: oneOrMany(pick(actions)).map((Action) => ({ Action })) },
        { weight: 1, arbitrary: oneOrMany(pick(actions)).map((NotAction) => ({ NotAction })) },
      ),
      resource,
      fc.oneof(
        { weight: 3, arbitrary: fc.constant({}) },
        { weight: 2, arbitrary: conditionBlock.map((Condition) => ({ Condition })) },
      ),
    )
    .map(([Effect, ...parts]) => Object.assign({ Effect }, ...parts) as Statement) // The parts are its elements.
}

export function document(wears: Wears): fc.Arbitrary<Document> {
  return fc
    .tuple(
      pick(['2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17', undefined]),
      fc.array(statement(wears), { minLength: 1, maxLength: 3 }),
    )
    .map(([Version, Statement]) => (Version === undefined ? { Statement } : { Version, Statement }))
}

export const identityDocument = document({ principal: false, resource: true })
export const resourceDocument = document({ principal: true, resource: true })
export const trustDocument = document({ principal: true, resource: false })

export const request: fc.Arbitrary<CaseRequest> = fc
  .tuple(pick(principals), pick([subjects[0], subjects[0], ...subjects]), fc.nat(), fc.nat(), texts, context)
  .map(([principal, subject, action, resource, tail, keys]) => ({
    principal,
    action: subject?.actions[action % subject.actions.length] ?? '',
    resource: (subject?.resources[resource % subject.resources.length] ?? '').replace('#', tail),
    resourceAccount: HERE,
    context: keys,
  }))

const everyoneDocument: fc.Arbitrary<Document> = resourceDocument.map((each) => ({
  ...each,
  Statement: [each.Statement].flat().map(({ NotPrincipal: _, ...rest }) => ({ ...rest, Principal: '*' })),
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

/** Out of a drawer of `size` documents a kind: a world then costs next to nothing, and worlds still never repeat. */
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
    typeof principal !== 'string' || principal === '*' ? 'outsider' : (principal.split(':')[5] ?? '')
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
