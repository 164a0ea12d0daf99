import {
  type AccessRequest,
  authorize,
  budgetFor,
  type Call,
  type Judged,
  type Verdict,
} from '../authorization/index.ts'
import { fault } from '../base/index.ts'
import { type IdentifiedCall, unpackedBody } from './catalogue/index.ts'
import type { Remainder } from './deletion.ts'
import { membersOf, objectIn } from './resource/answers.ts'

interface BatchAsking {
  readonly found: IdentifiedCall
  readonly requests: readonly AccessRequest[]
  readonly call: Call
}

/** A batch whose service answers for each member. */
interface Batch {
  /** The list in the input. */
  readonly members: string
  answer(upstreams: object, members: readonly unknown[], because: ReadonlyMap<number, Because>): object
}

interface Because {
  readonly message: string
  readonly resource: string
}

const batches: Readonly<Record<string, Batch>> = {
  'dynamodb:BatchExecuteStatement': {
    members: 'Statements',
    answer(upstreams, members, because) {
      const { Responses } = membersOf(upstreams)
      const given: unknown[] = Array.isArray(Responses) ? Responses : []
      // an upstream may answer for what it was not asked
      const left = given.length === members.length ? given.filter((_, i) => !because.has(i)) : [...given]
      const all = members.map((_, index) => {
        const refused = because.get(index)
        if (refused === undefined) return left.shift() ?? {}
        const TableName = /:table\/([^/]+)/.exec(refused.resource)?.[1]
        return { Error: { Code: 'AccessDenied', Message: refused.message }, TableName }
      })
      return { ...upstreams, Responses: all }
    },
  },
  'secretsmanager:BatchGetSecretValue': {
    members: 'SecretIdList',
    answer(upstreams, members, because) {
      const { SecretValues, Errors } = membersOf(upstreams)
      const refused = [...because].map(([index, { message, resource }]) => ({
        SecretId: members[index],
        ErrorCode: 'AccessDeniedException',
        Message: message,
        resource,
      }))
      const isRefused = (value: unknown) => refused.some(({ resource }) => resource === membersOf(value).ARN)
      return {
        ...upstreams,
        SecretValues: (Array.isArray(SecretValues) ? SecretValues : []).filter((value) => !isRefused(value)),
        Errors: [
          ...(Array.isArray(Errors) ? Errors : []),
          ...refused.map(({ resource: _, ...error }) => error),
        ],
      }
    },
  },
}

/** A batch that is refused whole, with a reason for each member. */
const transaction = 'dynamodb:ExecuteTransaction'

/**
 * Decides on each member of a batch separately, where the service answers so (behaviour GRD-226). @param reason why a
 * denied member is refused @returns undefined if all members are allowed, or the refusal is the whole
 * call's
 */
export function batchOf(
  { found, requests, call }: BatchAsking,
  reason: (denied: Judged) => string,
): Remainder | undefined {
  const name = `${found.service.id}:${found.operation}`
  const batch = Object.hasOwn(batches, name) ? batches[name] : undefined
  if ((batch === undefined && name !== transaction) || !found.protocol.startsWith('awsJson')) return undefined
  const budget = budgetFor(requests.length)
  const because = new Map<number, Because>()
  const asked: AccessRequest[] = []
  let verdict: Verdict | undefined
  for (const access of requests) {
    const one = authorize([access], call, budget)
    const message = one.denied && reason(one.denied)
    if (message === undefined) {
      asked.push(access)
      continue
    }
    if (access.part === undefined) return undefined
    if (!because.has(access.part))
      because.set(access.part, { message, resource: access.partOf ?? access.resource })
    if (verdict === undefined || verdict.allowed) verdict = one
  }
  if (verdict === undefined) return undefined
  const input = objectIn(Buffer.from(unpackedBody(found) ?? found.request.body).toString('utf8')) ?? {}
  const left = {
    asked: asked.filter(({ part }) => part === undefined || !because.has(part)),
    verdict,
    headers: {},
  }
  const type = found.request.headers['content-type'] ?? 'application/x-amz-json-1.0'
  if (batch === undefined) {
    const statements = input.TransactStatements
    const reasons = (Array.isArray(statements) ? statements : []).map((_, index) => {
      const refused = because.get(index)
      return refused === undefined ? { Code: 'None' } : { Code: 'AccessDenied', Message: refused.message }
    })
    const codes = reasons.map(({ Code }) => Code).join(', ')
    const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`
    const refused = fault('TransactionCanceledException', message, 400, { CancellationReasons: reasons })
    return { ...left, type, body: undefined, answer: () => '', fault: refused }
  }
  const given = input[batch.members]
  const members: readonly unknown[] = Array.isArray(given) ? given : []
  const kept = members.filter((_, index) => !because.has(index))
  const body =
    kept.length === 0 ? undefined : Buffer.from(JSON.stringify({ ...input, [batch.members]: kept }))
  return {
    ...left,
    type,
    body,
    answer(upstreams) {
      const answered = kept.length === 0 ? {} : objectIn(upstreams)
      // nothing can be added to what is no JSON
      return answered === undefined ? upstreams : JSON.stringify(batch.answer(answered, members, because))
    },
  }
}
