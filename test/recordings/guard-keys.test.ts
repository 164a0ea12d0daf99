import { after } from 'node:test'
import { authorize, type ContextKeys } from '../../packages/server/src/authorization/index.ts'
import { account } from '../guard/house.ts'
import { GuardOfRows, type GuardRow } from './guard-rows.ts'
import { type Row, replay } from './rows.ts'

/** A service that assumes a role. */
interface Assumed {
  readonly service: string
  readonly trust: object
}

/** A role that a service assumes for what it runs. */
interface AssumedRow extends Row {
  readonly assumes: Assumed
  readonly aws: { readonly status: number }
}

/** What a service asks later by itself: in its own name, by a role that it assumes, or with a caller's credentials. */
interface DecidedRow extends Row {
  readonly decides: {
    readonly service?: string
    readonly assumes?: Assumed
    /** What the assumed role may do. */
    readonly identity?: object
    readonly caller?: GuardRow['caller']
    readonly forwardedBy?: string
    readonly action: string
    readonly resource: string
    readonly context?: ContextKeys
    readonly resourcePolicy?: object
  }
  readonly aws: { readonly allowed: boolean }
}

let opened: Promise<GuardOfRows> | undefined

after(async () => (await opened)?.close())

/** What services ask on a caller's behalf and by themselves (behaviours GRD-190 to GRD-227, GRD-300 to GRD-305). */
async function ask(row: GuardRow | AssumedRow | DecidedRow): Promise<string | undefined> {
  opened ??= GuardOfRows.open()
  const guard = await opened
  if ('decides' in row) return decided(row, guard)
  if (!('assumes' in row)) return guard.ask(row)
  const { service, trust } = row.assumes
  const assumed = await guard.trusts(service, trust)
  return assumed === (row.aws.status === 200)
    ? undefined
    : `the trust ${assumed ? 'lets' : 'does not let'} it`
}

async function decided({ decides, aws }: DecidedRow, guard: GuardOfRows): Promise<string | undefined> {
  const { service, assumes, identity, caller, resourcePolicy, ...access } = decides
  const isAssumed = assumes === undefined || (await guard.trusts(assumes.service, assumes.trust))
  const as = caller ?? { role: 'run-by-service', session: 'run', ...(identity && { identity }) }
  const asked = {
    ...access,
    ...(service && { asked: { kind: 'service', account, name: service } as const }),
    ...(resourcePolicy && {
      resourcePolicy: { document: JSON.stringify(resourcePolicy), grant: 'either' } as const,
    }),
  }
  const allowed = isAssumed && authorize([asked], await guard.callOf(as)).allowed
  return allowed === aws.allowed ? undefined : `it is ${allowed ? 'allowed' : 'refused'}`
}

replay<GuardRow>('guard-keys.jsonl', ask)
replay<GuardRow | AssumedRow | DecidedRow>('guard-services.jsonl', ask)
