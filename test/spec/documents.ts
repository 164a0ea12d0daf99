/** Random statements and documents, over alphabets so small that things meet. */
import fc from 'fast-check'
import type {
  CasePrincipal,
  CaseRequest,
  Document,
  OneOrMany,
  PrincipalElement,
  Scalar,
  Statement,
} from './case.ts'
import { type Family, families, pick, templated } from './families.ts'

export const HERE = '123456789012'
const THERE = '210987654321'
export const user = `arn:aws:iam::${HERE}:user/dev`
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
const tokenProvider = `arn:aws:iam::${HERE}:oidc-provider/token.example.com`
const assertionProvider = `arn:aws:iam::${HERE}:saml-provider/idp`

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
  tokenProvider,
  assertionProvider,
  '*',
]

/** What is asked about: an object, a role to assume, a key, or nothing in particular. */
export const subjects: readonly {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}[] = [
  {
    actions: ['s3:GetObject', 's3:PutObject', 'S3:getobject'],
    resources: ['arn:aws:s3:::a/x', 'arn:aws:s3:::a/b/x', 'arn:aws:s3:::a/#'],
  },
  {
    actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:AssumeRoleWithWebIdentity'],
    resources: [
      `arn:aws:iam::${HERE}:role/app`,
      `arn:aws:iam::${HERE}:role/b`,
      `arn:aws:iam::${THERE}:role/app`,
    ],
  },
  {
    actions: ['kms:Decrypt'],
    resources: [`arn:aws:kms:eu-west-1:${HERE}:key/1`, `arn:aws:kms:eu-west-1:${THERE}:key/1`],
  },
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
  's?:GetObject',
  's*',
  's3:*t*t*',
  'iam:passrole',
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
  'arn:aws:s3',
  'arn:aws:s3:',
  'arn:aws:kms:eu-west-1',
  `arn:aws:iam::${HERE}`,
  "arn:aws:s3::${example:none, ''}:a/*",
  'arn:aws:kms:eu-*-1',
  'arn:aws:kms:${example:s}:*:key/?',
  "arn:aws:s3:::${example:none,'a'}/*",
  'arn:aws:s3:::a/${example:s*',
  'arn:aws:*',
  `arn:aws:iam::${HERE}:role/*`,
  `arn:aws:iam::*:role/\${example:s}`,
  `arn:aws:kms:*:${HERE}:key/?`,
]
/** Half of them well thought out, the others by chance. */
export const resourcePattern = fc.oneof(
  { weight: 5, arbitrary: pick(resources) },
  { weight: 1, arbitrary: templated.map((tail) => `arn:aws:s3:::a/${tail}`) },
  {
    weight: 1,
    arbitrary: fc
      .array(pick(['arn:aws:', 's3', ':', '*', '?', 'a/x']), { maxLength: 6 })
      .map((all) => all.join('')),
  },
)
export const awsPrincipals = [
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

export const condition = (
  family: Family,
): fc.Arbitrary<readonly [string, Record<string, OneOrMany<Scalar>>]> =>
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

export const context: fc.Arbitrary<NonNullable<CaseRequest['context']>> = fc
  .tuple(...families.filter(({ bare }) => !bare).map(contextEntry))
  .map((entries) => Object.fromEntries(entries.flat()))

export const principalElement: fc.Arbitrary<PrincipalElement> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<PrincipalElement>('*') },
  { weight: 6, arbitrary: oneOrMany(pick(awsPrincipals)).map((AWS): PrincipalElement => ({ AWS })) },
  {
    weight: 1,
    arbitrary: oneOrMany(pick([service, 's3.amazonaws.com'])).map(
      (Service): PrincipalElement => ({ Service }),
    ),
  },
  {
    weight: 1,
    arbitrary: oneOrMany(pick([tokenProvider, assertionProvider, 'accounts.google.com'])).map(
      (Federated): PrincipalElement => ({ Federated }),
    ),
  },
  { weight: 1, arbitrary: pick(awsPrincipals).map((AWS): PrincipalElement => ({ AWS, Service: service })) },
)

/** For a NotPrincipal: lists that may exempt a principal. */
export const notPrincipalElement: fc.Arbitrary<PrincipalElement> = fc.oneof(
  fc
    .subarray([session, role, user, root, federated], { minLength: 1 })
    .map((AWS): PrincipalElement => ({ AWS })),
  pick<PrincipalElement>([
    { AWS: [stranger, THERE] },
    { Service: service },
    { Federated: tokenProvider },
    { AWS: '*' },
  ]),
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
  // A policy of a resource need not name it.
  const resource: fc.Arbitrary<Partial<Statement>> = wears.resource
    ? fc.oneof(
        { weight: wears.principal ? 1 : 0, arbitrary: fc.constant({}) },
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

export const everyoneDocument: fc.Arbitrary<Document> = resourceDocument.map((each) => ({
  ...each,
  Statement: [each.Statement].flat().map(({ NotPrincipal: _, ...rest }) => ({ ...rest, Principal: '*' })),
}))
