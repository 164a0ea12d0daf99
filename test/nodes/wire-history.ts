import { CloudTrail, type Event } from '@aws-sdk/client-cloudtrail'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { until } from '../store/fixture.ts'
import { type Dialogue, pythonDialogue } from '../support/index.ts'
import { chance } from './chance.ts'
import { notLinearizable, type RegisterCall } from './checker.ts'
import { deliveredEvents } from './delivered.ts'
import type { RealCluster } from './real-cluster.ts'
import { account } from './twins.ts'
import { type Heard, policy, WireClients } from './wire-calls.ts'
import { detachGuardrails, guardrails, memberSession, oneCode, revocations } from './wire-work.ts'

export interface WireHistory {
  readonly cluster: RealCluster
  readonly seed: number
  /** The ID of a member account. */
  readonly member: string
  /** Makes things fail. The clients call until it resolves. */
  readonly faults: () => Promise<void>
  /** Milliseconds between the calls of a client, about. */
  readonly pause?: number
}

export interface WireOutcome {
  /** Which promises were broken: none if all were kept. */
  readonly problems: readonly string[]
  readonly calls: number
  /** Events of acknowledged calls, which were looked up and found in files. */
  readonly delivered: number
  /** Acknowledged changes and hand-outs of credentials. */
  readonly changes: number
  /** Calls that were refused for want of a permission. */
  readonly denials: number
  /** Calls of which the client does not know what became of them. */
  readonly unknown: number
}

const trust = policy({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' })

/**
 * Lets clients call any node while things fail, and checks what they heard. If a promise was broken, the last problem names a
 * file that says what happened when.
 */
export async function wireHistory(given: WireHistory): Promise<WireOutcome> {
  const { journal } = given.cluster
  const kept = () => `what happened: ${journal.keep(`seed-${given.seed}`)}`
  journal.clear()
  try {
    const outcome = await historyOf(given)
    const { problems } = outcome
    return problems.length === 0 ? outcome : { ...outcome, problems: [...problems, kept()] }
  } catch (error) {
    journal.note(`ERROR ${(error as Error).stack}`)
    throw new Error(kept(), { cause: error })
  }
}

async function historyOf(given: WireHistory): Promise<WireOutcome> {
  const { cluster, seed, faults, member, pause = 150 } = given
  const clients = new WireClients(cluster, chance(seed), { tag: `${seed}`, pause })
  const registers = new Registers(clients)
  const roles = new Roles(clients)
  const [assumed, denied] = [new Set<string>(), new Set<string>()]
  const began = new Date(Date.now() - 1_000)
  await registers.create()
  await detachGuardrails(clients, member)
  const session = await memberSession(clients, member)
  using boto = registers.openBoto()
  const working = Promise.all([
    registers.client(),
    registers.client(),
    registers.client(boto),
    roles.client(),
    assumptions(clients, registers.names[0]!, assumed),
    revocations(clients, denied),
    guardrails(clients, member, session),
    oneCode(clients),
  ])
  try {
    await Promise.race([faults(), working])
  } finally {
    clients.isOver = true
  }
  await cluster.ready()
  await working
  const { problems } = clients
  problems.push(...notLinearizable(registers.history), ...roles.problems())
  const found = new Set<string>()
  for (const node of cluster.nodes)
    for (const [operation, parameter, of] of [
      ['UpdateRole', 'description', registers.kept],
      ['CreateRole', 'roleName', roles.kept],
      ['AssumeRole', 'roleSessionName', assumed],
      ['CreateGroup', undefined, denied],
    ] as const) {
      const all = await eventsOf(node.patientClient(CloudTrail), operation, began, parameter)
      const events = new Map([...all].filter(([name]) => parameter === undefined || clients.isOwn(name)))
      problems.push(...eventProblems(node.name, events, of))
      for (const name of of) for (const id of events.get(name) ?? []) found.add(id)
    }
  problems.push(...(await deliveryProblems(cluster.trailFolder, found)))
  await roles.remove()
  return { problems, delivered: found.size, ...clients.counts }
}

/** Events in several files, which an earlier history reported. */
const repeated = new Set<string>()

/** Each event is in exactly one file of the trail, moments after it can be looked up. */
async function deliveryProblems(folder: string, events: ReadonlySet<string>): Promise<readonly string[]> {
  let files = deliveredEvents(folder)
  await until(async () => {
    files = deliveredEvents(folder)
    return [...events].every((id) => files.has(id))
  }, 15_000).catch(() => {})
  const problems: string[] = []
  for (const id of events) if (!files.has(id)) problems.push(`event ${id} is in no file`)
  for (const [id, own] of files)
    if (own.length > 1 && !repeated.has(id)) {
      repeated.add(id)
      problems.push(`event ${id} is in ${own.length} files: ${own.join(', ')}`)
    }
  return problems
}

/** Roles whose descriptions are written and read. */
class Registers {
  readonly names: readonly string[]
  readonly history: RegisterCall[] = []
  readonly kept = new Set<string>()
  readonly #clients: WireClients
  #now = 0

  constructor(clients: WireClients) {
    this.#clients = clients
    this.names = [clients.name('register'), clients.name('register')]
  }

  async create(): Promise<void> {
    for (const RoleName of this.names)
      await this.#clients.surely(
        (node) => node.client(IAM).createRole({ RoleName, AssumeRolePolicyDocument: trust }),
        'EntityAlreadyExists',
      )
  }

  /** Writes and reads, by the SDK or by boto3. */
  async client(boto?: Dialogue): Promise<void> {
    const clients = this.#clients
    while (!clients.isOver) {
      const RoleName = this.names[Math.floor(clients.random() * 2)]!
      const written = clients.random() < 0.5 ? clients.name('v') : undefined
      let start = 0
      const heard = await clients.ask(
        async (node) => {
          start = this.#now++
          if (boto !== undefined) return botoCall(boto, node, RoleName, written)
          const iam = node.client(IAM)
          if (written === undefined) return (await iam.getRole({ RoleName })).Role?.Description
          await iam.updateRole({ RoleName, Description: written })
          return undefined
        },
        `${written === undefined ? 'getRole' : 'updateRole'} ${RoleName} ${written ?? ''} ${boto ? 'boto3' : ''}`,
      )
      this.#note(RoleName, written, start, heard)
    }
  }

  #note(
    register: string,
    written: string | undefined,
    start: number,
    heard: Heard<string | undefined>,
  ): void {
    const end = 'answer' in heard ? this.#now++ : Number.POSITIVE_INFINITY
    if ('refusal' in heard) this.#clients.problem(`a register was refused: ${heard.refusal}`)
    if (written === undefined) {
      if ('answer' in heard) this.history.push({ kind: 'read', register, value: heard.answer, start, end })
      return
    }
    this.history.push({ kind: 'write', register, value: written, start, end })
    if ('answer' in heard) this.kept.add(written)
  }

  openBoto(): Dialogue {
    const { accessKeyId, secretAccessKey } = this.#clients.any().keys.admin
    return pythonDialogue({ endpoint: '', credentials: { accessKeyId, secretAccessKey } }, botoProgram)
  }
}

/** One try of boto3. Its failures look like those of the SDK. */
async function botoCall(
  boto: Dialogue,
  { url }: { readonly url: string },
  name: string,
  written: string | undefined,
): Promise<string | undefined> {
  const said = JSON.parse(await boto.ask(JSON.stringify({ url, name, written }))) as {
    value?: string
    error?: string
    status?: number
    lost?: string
  } // botoProgram wrote it
  const { value, error, status, lost } = said
  if (lost !== undefined) throw Object.assign(new Error(lost), { name: 'TimeoutError' })
  if (error !== undefined)
    throw Object.assign(new Error(error), { name: error, $metadata: { httpStatusCode: status } })
  return value ?? undefined
}

const botoProgram = `
import sys, json, boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
config = Config(retries={'total_max_attempts': 1}, read_timeout=2.5, connect_timeout=1)
session, clients = boto3.Session(region_name='us-east-1'), {}
for line in sys.stdin:
    asked = json.loads(line)
    url, name, written = asked['url'], asked['name'], asked.get('written')
    if url not in clients:
        clients[url] = session.client('iam', endpoint_url=url, config=config)
    said = {}
    try:
        if written is None:
            said = {'value': clients[url].get_role(RoleName=name)['Role'].get('Description')}
        else:
            clients[url].update_role(RoleName=name, Description=written)
    except ClientError as error:
        said = {'error': error.response['Error']['Code'], 'status': error.response['ResponseMetadata']['HTTPStatusCode']}
    except BotoCoreError as error:
        said = {'lost': repr(error)}
    print(json.dumps(said), flush=True)
`

/** A set that only grows: roles that are created and listed. */
class Roles {
  readonly kept = new Set<string>()
  readonly #clients: WireClients
  readonly #created: { readonly name: string; readonly start: number; readonly end: number }[] = []
  readonly #lists: { readonly names: ReadonlySet<string>; readonly start: number; readonly end: number }[] =
    []
  #now = 0

  constructor(clients: WireClients) {
    this.#clients = clients
  }

  async client(): Promise<void> {
    const clients = this.#clients
    while (!clients.isOver) {
      const RoleName = clients.name('set')
      let start = 0
      if (clients.random() < 0.6) {
        const made = await clients.ask((node) => {
          start = this.#now++
          return node.client(IAM).createRole({ RoleName, AssumeRolePolicyDocument: trust })
        }, `createRole ${RoleName}`)
        if ('refusal' in made) clients.problem(`CreateRole was refused: ${made.refusal}`)
        if (!('answer' in made)) continue
        this.#created.push({ name: RoleName, start, end: this.#now++ })
        this.kept.add(RoleName)
        continue
      }
      const heard = await clients.ask((node) => {
        start = this.#now++
        return node.client(IAM).listRoles({ MaxItems: 1_000 })
      })
      if ('refusal' in heard) clients.problem(`ListRoles was refused: ${heard.refusal}`)
      if (!('answer' in heard)) continue
      const names = new Set((heard.answer.Roles ?? []).map((role) => role.RoleName!))
      this.#lists.push({ names, start, end: this.#now++ })
    }
  }

  /** Removes all of them: the next history needs the room that the quota leaves. */
  async remove(): Promise<void> {
    const iam = this.#clients.any().patientClient(IAM)
    const { Roles: left = [] } = await iam.listRoles({ MaxItems: 1_000 })
    for (const { RoleName } of left)
      if (RoleName!.startsWith('set-') && this.#clients.isOwn(RoleName!)) await iam.deleteRole({ RoleName })
  }

  problems(): readonly string[] {
    const problems: string[] = []
    for (const { name, start, end } of this.#created)
      for (const list of this.#lists) {
        if (end < list.start && !list.names.has(name)) problems.push(`${name} is missing in a later list`)
        if (list.end < start && list.names.has(name))
          problems.push(`${name} was listed before it was created`)
      }
    return problems
  }
}

/** Sessions are handed out: each has an event. */
async function assumptions(clients: WireClients, role: string, assumed: Set<string>): Promise<void> {
  while (!clients.isOver) {
    const RoleSessionName = clients.name('session')
    const RoleArn = `arn:aws:iam::${account}:role/${role}`
    const heard = await clients.ask((node) => node.client(STS).assumeRole({ RoleArn, RoleSessionName }))
    if ('refusal' in heard) clients.problem(`AssumeRole was refused: ${heard.refusal}`)
    if ('answer' in heard) assumed.add(RoleSessionName)
  }
}

/** Returns the IDs of the events of an operation: those that succeeded by a parameter, or those that were denied by request ID. */
async function eventsOf(
  trail: CloudTrail,
  operation: string,
  StartTime: Date,
  parameter?: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (let NextToken: string | undefined; ; ) {
    const page = await trail.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: operation }],
      StartTime,
      MaxResults: 50,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    for (const event of page.Events ?? []) {
      const { errorCode, requestParameters, requestID } = JSON.parse((event as Event).CloudTrailEvent!)
      if (errorCode !== (parameter === undefined ? 'AccessDenied' : undefined)) continue
      const name = parameter === undefined ? requestID : requestParameters?.[parameter]
      if (name !== undefined) found.set(name, [...(found.get(name) ?? []), event.EventId!])
    }
    NextToken = page.NextToken
    if (NextToken === undefined) return found
  }
}

/** Each of some has exactly one event, and anything else at most one: a client may not have heard that it was done. */
function eventProblems(
  node: string,
  events: ReadonlyMap<string, readonly string[]>,
  of: ReadonlySet<string>,
): readonly string[] {
  const problems: string[] = []
  for (const name of of) if (!events.has(name)) problems.push(`${name} has no event at ${node}`)
  for (const [name, { length }] of events)
    if (length > 1) problems.push(`${name} has ${length} events at ${node}`)
  return problems
}
