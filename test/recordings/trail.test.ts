import { after } from 'node:test'
import { createOmen } from 'omen-iam'
import { roles } from '../../packages/server/src/directory/index.ts'
import { account } from '../guard/house.ts'
import { differs, type EventfulRow, type RecordedEvent, withEvents } from './events.ts'
import { GuardOfRows } from './guard-rows.ts'
import { type Answered, type Asked, type Keys, send } from './queries.ts'
import { type Row, replay } from './rows.ts'

interface Step extends Asked {
  readonly as?: string
  /** The name of the credentials that the call answers with. */
  readonly gives?: string
}

/** A call of an API that Omen serves; rows of one set share a server and keep their order. */
interface Served extends Row, Asked {
  readonly as?: string
  readonly first?: readonly Step[]
  readonly code: string
  readonly message?: string
  readonly output?: object
  /** How many events a look-up finds. */
  readonly count?: number
  readonly event?: RecordedEvent
  /** The types of the resources by which a look-up finds the event. */
  readonly found?: readonly string[]
}

/** A service that assumes a role, and the call of its session if there is one. */
interface ByService extends Row {
  readonly service: string
  readonly role: string
  readonly session: string
  readonly seconds: number
  readonly instance?: string
  readonly call?: string
  readonly event: RecordedEvent
}

/** Rows prove among others CTR-17 to CTR-22, TRL-94 to TRL-102 and TRL-110. */
type TrailRow = EventfulRow | Served | ByService

const guard = await GuardOfRows.open()
let omen = await createOmen({ port: false, account })
let set = ''
let keys = new Map<string, Keys>()
after(async () => {
  await omen.close()
  await guard.close()
})

replay<TrailRow>('trail.jsonl', async (row) => {
  if ('caller' in row) {
    return withEvents(row, guard)
  }
  await begin(row.id.split('/')[0]!)
  return 'service' in row ? byService(row) : served(row)
})

/** Each set of rows has a server's first state. */
async function begin(own: string): Promise<void> {
  if (own === set) return
  set = own
  await omen.close()
  omen = await createOmen({ port: false, account })
  omen.clock.set(Date.parse('2026-09-24T12:00:00Z'))
  keys = new Map([['admin', omen.keys.admin]])
}

async function served(row: Served): Promise<string | undefined> {
  for (const { as = 'admin', gives, ...step } of row.first ?? []) {
    const { code, message, output } = await ask(as, step)
    if (code !== 'Success') return `before it ${step.call}: ${code} ${message}`
    const { AccessKey, Credentials } = output as Record<string, Record<string, string> | undefined>
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? AccessKey ?? {}
    const given = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
    if (gives !== undefined)
      keys.set(gives, { ...given, ...(SessionToken && { sessionToken: SessionToken }) })
  }
  const { code, message, output } = await ask(row.as ?? 'admin', row)
  if (code !== row.code) return `${code} “${message}” in place of ${row.code}`
  if (row.message !== undefined && message !== row.message) return `“${message}” in place of “${row.message}”`
  if (row.count !== undefined && (output.Events as readonly unknown[]).length !== row.count)
    return `${(output.Events as readonly unknown[]).length} events in place of ${row.count}`
  const [, operation = ''] = row.call.split(':')
  return (
    (row.output && differs(row.output, output)) ?? (row.event && inTrail(operation, row.event, row.found))
  )
}

async function ask(as: string, asked: Asked): Promise<Answered> {
  const text = JSON.stringify(asked).replace(/<key of (\w+)>/g, (_, name) => keys.get(name)!.accessKeyId)
  return send(omen, keys.get(as)!, JSON.parse(text) as Asked)
}

async function byService(row: ByService): Promise<string | undefined> {
  const { deps } = omen.omen
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: row.service }, Action: 'sts:AssumeRole' }],
  }
  const input = { RoleName: row.role, AssumeRolePolicyDocument: JSON.stringify(trust) }
  await ask('admin', { call: 'iam:CreateRole', input })
  const owner = (await deps.directory.find(account))!
  const role = [...owner.table(roles).values()].find(({ name }) => name === row.role)!
  const credentials = await deps.assumeForService({
    account: owner,
    role,
    service: row.service,
    sessionName: row.session,
    lifetimeSeconds: row.seconds,
    ...(row.instance && {
      serviceKeys: { 'ec2:SourceInstanceARN': row.instance, 'ec2:RoleDelivery': '2.0' },
    }),
  })
  if (credentials === undefined) return 'the role does not let the service in'
  if (row.call === undefined) return inTrail('AssumeRole', row.event)
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  keys.set('service', { accessKeyId, secretAccessKey: String(secretAccessKey), sessionToken })
  await ask('service', { call: row.call, input: {} })
  return inTrail(row.call.split(':')[1]!, row.event)
}

/** How the newest event of a name differs. */
async function inTrail(
  name: string,
  wanted: RecordedEvent,
  found?: readonly string[],
): Promise<string | undefined> {
  const attribute = { key: 'EventName' as const, value: name }
  const { events } = await omen.omen.deps.recorder.lookUp({ account, attribute, limit: 1 })
  const [event] = events
  if (event === undefined) return `no event ${name}`
  const types = event.resources.map(({ type }) => type)
  if (found !== undefined && types.toSorted().join() !== found.toSorted().join())
    return `it is found by ${types.join()} in place of ${found.join()}`
  return differs(wanted, JSON.parse(event.json) as Record<string, unknown>)
}
