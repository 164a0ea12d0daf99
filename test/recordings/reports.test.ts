import { after } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { createOmen } from 'omen-iam'
import { services } from '../../packages/server/src/authorization/catalogue/index.ts'
import { faultOf } from '../wire/iam/house.ts'
import { type Row, replay } from './rows.ts'

/** A call, with names in `<…>` for what earlier ones have made. */
interface Asked {
  readonly call: string
  readonly service?: 'iam' | 'organizations'
  /** The user; if absent, the administrator. */
  readonly as?: string
  readonly at?: string
  readonly input: Readonly<Record<string, unknown>>
  /** The name of what it makes: `job:CASE`, `marker:CASE`, or an id of the source. */
  readonly saves?: string
}

interface ReportRow extends Row, Asked {
  readonly at: string
  readonly before?: readonly Asked[]
  /** The job that was under way. */
  readonly while?: string
  /** `Success`, or code and words. */
  readonly answer: string
  /** The job that the answer names again. */
  readonly sameAs?: string
  /** Members of the answer. A number of services may be `all`. */
  readonly shown?: Readonly<Record<string, unknown>>
  /** Whether the answer has no more members, but the time of the job's creation. */
  readonly only?: true
  /** The services at the ends of a long list. */
  readonly list?: { readonly first?: string | readonly string[]; readonly last?: string | readonly string[] }
}

const clients = new Map<string, Client & { destroy(): void }>()
const omen = await createOmen({ port: false })
after(() => {
  for (const client of clients.values()) client.destroy()
  return omen.close()
})
type Client = Record<string, (input: object) => Promise<Record<string, unknown>>> & {
  readonly config: { systemClockOffset: number }
}
const keys = new Map<string, { accessKeyId: string; secretAccessKey: string }>()
const saved = new Map<string, string>()
/** When jobs were made, by their ids. */
const madeAt = new Map<string, number>()

function clientOf(service: 'iam' | 'organizations', user = 'original'): Client {
  const as = keys.get(user) ?? 'admin'
  const name = `${service} ${typeof as === 'string' ? as : as.accessKeyId}`
  const options = { ...omen.clientConfig(as), maxAttempts: 1 }
  const made = service === 'iam' ? new IAM(options) : new Organizations(options)
  // a client has its operations as methods
  const client = clients.get(name) ?? (made as unknown as Client & { destroy(): void })
  clients.set(name, client)
  client.config.systemClockOffset = omen.clock.shift
  return client
}

const { Organization } = (await clientOf('organizations').createOrganization!({ FeatureSet: 'ALL' })) as {
  Organization: { Id: string }
}
const { Roots } = (await clientOf('organizations').listRoots!({})) as { Roots: [{ Id: string }] }
await clientOf('organizations').enablePolicyType!({
  RootId: Roots[0].Id,
  PolicyType: 'SERVICE_CONTROL_POLICY',
})
saved.set('o-aaaaaaaaaa', Organization.Id).set('r-abcd', Roots[0].Id)

/** A text with the values of its names. */
const filled = (text: string) => text.replace(/<([^<>]+)>/g, (whole, name) => saved.get(name) ?? whole)

async function made({ call, service = 'iam', as, input, saves }: Asked): Promise<Record<string, unknown>> {
  const given = JSON.parse(filled(JSON.stringify(input))) as Record<string, unknown>
  if (given.ServiceNamespaces === '<the first 200>')
    given.ServiceNamespaces = [...services().keys()].toSorted().slice(0, 200)
  const now = omen.clock.now()
  const output = await clientOf(service, as)[call[0]!.toLowerCase() + call.slice(1)]!(given)
  if (call === 'CreateAccessKey') {
    const { AccessKeyId, SecretAccessKey } = output.AccessKey as Record<string, string>
    const name = String(given.UserName).replace(/^(?:controls|final|targets)-/, '')
    const user = name !== 'reporter' ? name : keys.has('reporter_one') ? 'reporter_two' : 'reporter_one'
    keys.set(user, { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! })
  }
  const { JobId, Marker } = output as Record<string, string | undefined>
  if (JobId !== undefined && !madeAt.has(JobId)) madeAt.set(JobId, now)
  const { OrganizationalUnit: unit, Policy: policy } = output as {
    OrganizationalUnit?: { Id: string }
    Policy?: { PolicySummary?: { Id: string } }
  }
  const id = JobId ?? Marker ?? unit?.Id ?? policy?.PolicySummary?.Id
  if (saves !== undefined && id !== undefined) saved.set(saves, id)
  return output
}

/** Omen's reports take a second. */
const reportTakes = 1_000

/** How long after a job's beginning it is asked about where AWS has not finished it. */
const soon = 300

function setClock({ at, only, shown, while: other, input }: ReportRow): void {
  const job = other === undefined ? filled(String(input.JobId)) : saved.get(other)
  const began = madeAt.get(job ?? '')
  const then = Date.parse(at)
  if (began === undefined) omen.clock.set(then)
  else if (only || other !== undefined) omen.clock.set(began + soon)
  else omen.clock.set(shown?.JobStatus === 'COMPLETED' ? Math.max(then, began + reportTakes + soon) : then)
}

replay<ReportRow>('reports.jsonl', async (row) => {
  for (const earlier of row.before ?? []) {
    omen.clock.set(Date.parse(earlier.at ?? row.at))
    await made(earlier)
  }
  setClock(row)
  const known = new Set(madeAt.keys())
  const outcome = await made(row).catch((error: unknown) => faultOf(Promise.reject(error)))
  const [fault, output] = typeof outcome === 'string' ? [outcome, {}] : ['Success', outcome]
  // the authorization id at the end is another each time
  const plain = (text: string) => filled(text).replace(/\.? Go to https:.*$/, '')
  const answer = plain(fault.replace(/ \d{3}: /, ': '))
  if (answer !== plain(row.answer)) return `${answer} instead of ${plain(row.answer)}`
  const { JobId } = output as { JobId?: string }
  if (JobId !== undefined && row.sameAs !== undefined && saved.get(row.sameAs) !== JobId) return 'another job'
  if (JobId !== undefined && row.sameAs === undefined && known.has(JobId)) return 'a job that was there'
  return difference(row, output)
})

function difference({ shown = {}, only, list }: ReportRow, output: Record<string, unknown>) {
  for (const [name, wanted] of Object.entries(shown)) {
    const found = output[name]
    const isAlike =
      wanted === 'all'
        ? Number(found) > 300
        : JSON.stringify(sortedBy(found)) === JSON.stringify(sortedBy(wanted))
    if (!isAlike) return `${name} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`
  }
  const more = Object.keys(output).filter((name) => !(name in shown) && output[name] !== undefined)
  const others = more.filter((name) => name !== '$metadata' && name !== 'JobCreationDate')
  if (only && others.length > 0) return `it has ${others.join()}`
  if (list === undefined) return undefined
  const names = (output.AccessDetails as readonly { ServiceNamespace: string }[]).map(
    (each) => each.ServiceNamespace,
  )
  const { first = [], last = [] } = list
  const [head, tail] = [[first].flat(), [last].flat()]
  const ends = [names.slice(0, head.length), names.slice(names.length - tail.length)]
  return JSON.stringify(ends) === JSON.stringify([head, tail])
    ? undefined
    : `the list has ${JSON.stringify(ends)}`
}

/** A value with the members of its objects in order, without instants. */
function sortedBy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedBy)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => !/^(?:CreateDate|\$metadata)$/.test(name))
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sortedBy(v)]),
  )
}
