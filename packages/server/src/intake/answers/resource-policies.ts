import { type JsonNode, parseJson } from '@omen-iam/policy'
import { isPolicyDocument, member, oneOrMany, textOf } from '../../sources/index.ts'
import { documentText, type Fields } from '../fields.ts'
import { type Answer, type AnswerReader, accountOfArn, forms, type Reading } from './answer.ts'

/** get-bucket-policy, get-key-policy, get-resource-policy, get-queue-attributes …, and resource policies as files. */
export const resourcePolicyReaders: readonly AnswerReader[] = [
  {
    namesAccount: false,
    fits: (fields) => isPolicyDocument(fields.node),
    read(answer, reading) {
      take(answer, answer.fields.node, undefined, reading)
    },
  },
  ...(
    [
      ['ResourcePolicy', 'ARN'],
      ['ResourcePolicy', 'ResourceArn'],
      ['Policy', 'ResourceArn'],
      ['policy', 'resourceArn'],
      ['policyText', 'repositoryArn'],
      ['Policy', undefined],
      ['ResourcePolicy', undefined],
    ] as const
  ).map(
    ([name, arn]): AnswerReader => ({
      namesAccount: false,
      fits: (fields) => isDocument(fields, name) && (arn === undefined || fields.has(arn)),
      read(answer, reading) {
        take(answer, member(answer.fields.node, name), arn && answer.fields.text(arn, forms.arn), reading)
      },
    }),
  ),
  ...(['QueueArn', 'TopicArn'] as const).map(
    (arn): AnswerReader => ({
      namesAccount: false,
      fits: (fields) =>
        isDocument(fields.inner('Attributes'), 'Policy') && fields.inner('Attributes').has(arn),
      read(answer, reading) {
        const attributes = answer.fields.inner('Attributes')
        take(answer, member(attributes.node, 'Policy'), attributes.text(arn, forms.arn), reading)
      },
    }),
  ),
]

function isDocument(fields: Fields, name: string): boolean {
  const node = member(fields.node, name)
  if (node === undefined) return false
  if (node.type === 'object') return isPolicyDocument(node)
  return node.type === 'string' && /^\s*(?:\{|%7B)/i.test(node.value)
}

function take(answer: Answer, node: JsonNode | undefined, given: string | undefined, reading: Reading): void {
  const { fields } = answer
  const text = node && documentText(node)
  if (text === undefined) return
  const at = fields.at
  const tree = parseJson(text, 100)
  const arn = given ?? askedArn(answer) ?? (tree.type === 'problem' ? undefined : resourceOf(tree))
  if (arn === undefined) {
    const reason = 'the policy does not show which resource it belongs to'
    reading.draft.notTake({ at, kind: 'resource policy', name: fields.file.name, reason })
    return
  }
  const account = accountOfArn(arn) ?? reading.accountOf(answer)
  reading.draft.add(account.id, account.partition, 'resourcePolicies', { at, arn, document: text })
}

/** The resource that the request names. */
function askedArn({ input, account }: Answer): string | undefined {
  const bucket = input?.text('Bucket', /^[\w.-]{3,63}$/)
  if (bucket !== undefined) return `arn:${account?.partition ?? 'aws'}:s3:::${bucket}`
  return input?.text('ResourceArn', forms.arn)
}

/** The resource that all statements are about: of a bucket's objects the bucket, of a function's versions the function. */
function resourceOf(document: JsonNode): string | undefined {
  const owners = new Set<string>()
  for (const statement of oneOrMany(member(document, 'Statement'))) {
    if (member(statement, 'Principal') === undefined && member(statement, 'NotPrincipal') === undefined)
      return undefined
    for (const each of oneOrMany(member(statement, 'Resource'))) owners.add(ownerOf(textOf(each) ?? ''))
  }
  const [only] = owners
  return owners.size === 1 && only !== undefined && /^arn:[^*?]+$/.test(only) ? only : undefined
}

function ownerOf(arn: string): string {
  const bucket = /^(arn:[a-z-]+:s3:::[^/*?]+)(?:\/.*)?$/.exec(arn)?.[1]
  if (bucket !== undefined) return bucket
  return /^(arn:[a-z-]+:lambda:[^:]*:\d{12}:function:[^:*?]+)/.exec(arn)?.[1] ?? arn
}
