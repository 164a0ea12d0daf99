import { type AccountId, type Partition, parseAccountId, parseArn, parsePartition } from '../../base/index.ts'
import type { SourcePlace } from '../../image/index.ts'
import type { Draft } from '../draft.ts'
import type { Fields } from '../fields.ts'

/** An account that an answer speaks of. */
export interface AnswerAccount {
  readonly id: AccountId
  readonly partition: Partition
}

/** One answer of an AWS API, and its request as far as it is known. */
export interface Answer {
  readonly fields: Fields
  /** The parameters of the request, if the file contains them. */
  readonly input: Fields | undefined
  /** The account of the request, if the file contains it. */
  readonly account: AnswerAccount | undefined
  /** Service and operation, if the file contains them: `lambda list-functions`. */
  readonly call?: string | undefined
  readonly region?: string | undefined
}

/** The target of answers that are read. */
export interface Reading {
  readonly draft: Draft
  /** The account of an answer whose entities have no ARN. @throws IntakeProblem if it is unknown */
  accountOf(answer: Answer): AnswerAccount
}

/** How the answers of some operations are recognised and read. */
export interface AnswerReader {
  /** Whether an answer is of this kind, by its members. */
  fits(fields: Fields, answer: Answer): boolean
  /** Whether the account follows from the ARNs in the answer itself. */
  readonly namesAccount: boolean
  /** Whether it is read after all others, which may say whose it is. */
  readonly isLate?: true
  read(answer: Answer, reading: Reading): void
}

/** The parts of an IAM ARN: account, partition, and what follows the account. */
export interface OwnArn extends AnswerAccount {
  readonly resource: string
}

const iamArns = /^arn:(aws[a-z-]*):(?:iam|sts)::(\d{12}):(.+)$/

/**
 * The parts of an entity's own ARN; undefined for entities that AWS owns. @throws IntakeProblem if it is not an ARN of
 * IAM
 */
export function ownArn(fields: Fields, name = 'Arn'): OwnArn | undefined {
  const text = fields.needs(name, /^arn:[!-~]+$/)
  if (/^arn:[a-z-]+:iam::aws:/.test(text)) return undefined
  const [, partitionText = '', id = '', resource = ''] = iamArns.exec(text) ?? []
  const partition = parsePartition(partitionText)
  const account = parseAccountId(id)
  if (partition === undefined || account === undefined)
    throw fields.problem(`${name} ${JSON.stringify(text)} is not an ARN of IAM`)
  return { id: account, partition, resource }
}

/** The account of an ARN of any service. */
export function accountOfArn(text: string): AnswerAccount | undefined {
  const arn = parseArn(text)
  const id = arn && parseAccountId(arn.account)
  const partition = arn && parsePartition(arn.partition)
  return id === undefined || partition === undefined ? undefined : { id, partition }
}

/** The forms that AWS gives to names, paths and ids. */
export const forms = {
  name: /^[\w+=,.@-]{1,128}$/,
  path: /^\/(?:[!-~]{1,510}\/)?$/,
  id: /^[A-Z0-9]{16,128}$/,
  /** Emulators have ids of another form, which are not kept. */
  anyId: /^[A-Za-z0-9]{16,128}$/,
  arn: /^arn:[!-~]+$/,
} as const

/** The common parts of named entities: name, id, path and date, and the account in the ARN. */
export function named(fields: Fields, kind: string, prefix: string) {
  const at: SourcePlace = fields.at
  const arn = ownArn(fields)
  // emulators leave out the name of a policy: its ARN ends with it (behaviour TPL-39)
  const name =
    fields.text(`${kind}Name`, forms.name) ??
    arn?.resource.slice(arn.resource.lastIndexOf('/') + 1) ??
    fields.needs(`${kind}Name`, forms.name)
  const path = fields.text('Path', forms.path) ?? pathIn(arn?.resource)
  if (arn !== undefined && arn.resource !== `${prefix}${path}${name}`)
    throw fields.problem(
      `the ARN ends with ${JSON.stringify(arn.resource)}, which is not ${prefix}${path}${name}`,
    )
  const given = fields.text(`${kind}Id`, forms.anyId)
  const id = given !== undefined && forms.id.test(given) ? given : undefined
  const createdAt = fields.instant('CreateDate')
  return {
    arn,
    thing: {
      at,
      name,
      path,
      ...(id === undefined ? {} : { id }),
      ...(createdAt === undefined ? {} : { createdAt }),
    },
  }
}

function pathIn(resource: string | undefined): string {
  return /^[a-z-]+(\/(?:.*\/)?)[^/]+$/.exec(resource ?? '')?.[1] ?? '/'
}
