import assert from 'node:assert/strict'
import { after } from 'node:test'
import type { IAM } from '@aws-sdk/client-iam'
import type { Organizations } from '@aws-sdk/client-organizations'
import { settings } from '../../packages/server/src/directory/index.ts'
import { clientCredentials, openOrganizationServer, policy } from '../wire/organizations-house.ts'
import { type Row, recordedRows, replay } from './rows.ts'

type Caller = 'management' | 'management-role' | 'member'
/** A call that comes before a row: by the management account's administrator, unless a caller is named. */
type Step = readonly [operation: string, input: object, saves?: string] | readonly [Caller, string, object]

interface OrganizationsRow extends Row {
  readonly as: Caller
  /** The session policy of the caller. */
  readonly session?: object
  readonly operation: string
  readonly input: object
  /** `Success`, or the exception. */
  readonly code: string
  readonly message?: string
  readonly reason?: string
  /** Members of the answer; others are not compared. */
  readonly output?: unknown
  /** A call whose answer shows what was kept. */
  readonly after?: readonly [operation: string, input: object, output: unknown]
  readonly before?: readonly Step[]
  /** The name under which later rows know what was made. */
  readonly saves?: string
  /** LastUpdatedTimestamp is later than in the answer before. */
  readonly newTime?: true
}

const managementAccount = '111111111111'
const file = 'organizations.jsonl'
const minute = 60_000

/** Asks the rows of one capture: an organization with one member, and what the capture made in it. */
class Scene {
  readonly #server: Awaited<ReturnType<typeof openOrganizationServer>>
  /** Ids by their names in the rows. */
  readonly #ids: Map<string, string>
  readonly #clients = new Map<string, { readonly organizations: Organizations; readonly iam: IAM }>()
  #lastUpdate = 0
  #made = 0

  private constructor(server: Awaited<ReturnType<typeof openOrganizationServer>>, ids: Map<string, string>) {
    this.#server = server
    this.#ids = ids
  }

  static async open(): Promise<Scene> {
    const server = await openOrganizationServer({ account: managementAccount })
    const { management, omen } = server
    const own = omen.omen.deps.directory.loaded(managementAccount as never)
    assert.ok(own)
    own.table(settings).put({ ...own.settings, name: 'Management', email: 'management@example.test' })
    const { organizations } = management
    const { Organization: organization } = await organizations.createOrganization({})
    const root = await server.rootId()
    await organizations.enablePolicyType({ RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' })
    await organizations.enableAWSServiceAccess({ ServicePrincipal: 'account.amazonaws.com' })
    const { CreateAccountStatus: asked } = await organizations.createAccount({
      AccountName: 'Member',
      Email: 'member@example.test',
    })
    const { CreateAccountStatus: made } = await organizations.describeCreateAccountStatus({
      CreateAccountRequestId: asked?.Id,
    })
    const member = made?.AccountId ?? ''
    const parent = await server.makeUnit(root, 'parent')
    const { Policy: scp } = await organizations.createPolicy({
      Name: 'owned',
      Description: 'Owned authority probe',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    })
    for (const { iam } of [management, await server.enter(member)]) {
      const trust = { Effect: 'Allow', Principal: { AWS: managementAccount }, Action: 'sts:AssumeRole' }
      await iam.createRole({ RoleName: 'owned', AssumeRolePolicyDocument: policy(trust) })
      await iam.putRolePolicy({
        RoleName: 'owned',
        PolicyName: 'all',
        PolicyDocument: policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
      })
    }
    const organizationId = organization?.Id ?? ''
    return new Scene(
      server,
      new Map([
        ['management', managementAccount],
        ['member', member],
        ['organization', organizationId],
        ['bare-organization', organizationId.slice(2)],
        ['root', root],
        ['unit', await server.makeUnit(root, 'unit')],
        ['parent', parent],
        ['child', await server.makeUnit(parent, 'child')],
        ['policy', scp?.PolicySummary?.Id ?? ''],
      ]),
    )
  }

  close(): Promise<void> {
    return this.#server.omen.close()
  }

  /** Returns how the answer to a row differs. */
  async ask(row: OrganizationsRow): Promise<string | undefined> {
    if (row.differs !== undefined) return row.differs
    for (const step of row.before ?? []) {
      const [caller, operation, input] = isBy(step) ? step : (['management', step[0], step[1]] as const)
      const { code, output } = await this.#call(caller, operation, input)
      if (!isBy(step) && step[2] !== undefined) this.#save(step[2], output)
      if (code !== 'Success' && !isBy(step)) return `before: ${operation} is ${code}`
      this.#server.omen.clock.advance(minute / 60)
    }
    const heard = await this.#call(row.as, row.operation, row.input, row.session)
    if (row.saves !== undefined) this.#save(row.saves, heard.output)
    const { code, message, reason, output } = this.#shown(row)
    for (const [name, wanted] of Object.entries({ code, message, reason })) {
      const got = heard[name as 'code' | 'message' | 'reason']
      if (wanted !== undefined && got !== wanted) return `${name}: ${got} instead of ${wanted}`
    }
    if (row.newTime === true) {
      const time = timeOf(heard.output)
      if (time <= this.#lastUpdate) return 'LastUpdatedTimestamp is not later'
    }
    this.#lastUpdate = timeOf(heard.output) || this.#lastUpdate
    const difference = output === undefined ? undefined : differenceOf(heard.output, output, '')
    if (difference !== undefined || row.after === undefined) return difference
    const [operation, input, kept] = row.after
    const { output: after } = await this.#call('management', operation, input)
    return differenceOf(after, this.#filled(kept), 'after: ')
  }

  async #call(caller: Caller, operation: string, input: object, session?: object) {
    const { organizations, iam } = await this.#client(caller, session)
    const client = operation === 'GetRole' ? iam : organizations
    const name = operation.charAt(0).toLowerCase() + operation.slice(1)
    const send = Reflect.get(client, name) as (input: object) => Promise<object> // the clients have a method for each
    const named = operation === 'CreatePolicy' ? { Name: `owned-${++this.#made}`, Description: '' } : {}
    try {
      const output: unknown = await send.call(client, this.#filled({ ...named, ...input }))
      return { code: 'Success', message: undefined, reason: undefined, output: readable(output) }
    } catch (error) {
      assert.ok(error instanceof Error)
      const reason = 'Reason' in error ? String(error.Reason) : undefined
      return { code: error.name, message: error.message, reason, output: {} }
    }
  }

  async #client(caller: Caller, session: object | undefined) {
    const { management, hand } = this.#server
    if (caller === 'management') return management
    const id = `${caller} ${JSON.stringify(session)}`
    const known = this.#clients.get(id)
    if (known !== undefined) return known
    const { Credentials: given } = await management.sts.assumeRole({
      RoleArn: this.#filled(`arn:aws:iam::<${caller === 'member' ? 'member' : 'management'}>:role/owned`),
      RoleSessionName: 'owned',
      ...(session !== undefined && { Policy: JSON.stringify(this.#filled(session)) }),
    })
    const client = hand(clientCredentials(given))
    this.#clients.set(id, client)
    return client
  }

  #save(name: string, output: unknown): void {
    const id = /"Id":"((?:p|rp|h)-[a-z0-9]{8,})"/.exec(JSON.stringify(output))?.[1]
    if (id !== undefined) this.#ids.set(name.slice(1, -1), id)
  }

  /** Returns a row with the ids of this scene, and long texts written out. */
  #shown(row: OrganizationsRow): OrganizationsRow {
    return this.#filled(row)
  }

  #filled<T>(value: T): T {
    const text = JSON.stringify(value)
      .replace(/<([a-z0-9-]+)>/g, (whole, name: string) => this.#ids.get(name) ?? whole)
      .replace(/(.)\{(\d{3,})\}/g, (_whole, each: string, times: string) => each.repeat(Number(times)))
    return JSON.parse(text) as T // the same members
  }
}

function isBy(step: Step): step is readonly [Caller, string, object] {
  return typeof step[1] === 'string'
}

function timeOf(output: unknown): number {
  const text = /"LastUpdatedTimestamp":"([^"]+)"/.exec(JSON.stringify(output) ?? '')?.[1]
  return text === undefined ? 0 : Date.parse(text)
}

/** Returns an answer with the document of an effective policy read. */
function readable(output: unknown): unknown {
  const { $metadata: _, ...members } = output as Readonly<Record<string, unknown>> // every answer is an object
  return JSON.parse(JSON.stringify(members), (key, value: unknown) =>
    key === 'PolicyContent' && typeof value === 'string'
      ? (JSON.parse(value) as unknown)
      : key === 'AssumeRolePolicyDocument' && typeof value === 'string'
        ? (JSON.parse(decodeURIComponent(value)) as unknown)
        : value,
  )
}

/** Whatever has an order of AWS's own is compared as a set. */
const unordered = /\.(?:EffectivePolicyValidationErrors|ContributingPolicies|Tags)$/
/** Members that must be equal as a whole: nothing may be there beyond what was recorded. */
const exact = /\.(?:PolicyContent|PolicySummary|PolicyTypes|Parties)$/

/** Returns the first place where an answer does not have what was recorded. */
function differenceOf(got: unknown, wanted: unknown, place: string, whole = false): string | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got) || got.length !== wanted.length) return differs(got, wanted, place)
    const order = (list: readonly unknown[]) =>
      unordered.test(place) ? list.toSorted((a, b) => (sorted(a) < sorted(b) ? -1 : 1)) : list
    const [left, right] = [order(got), order(wanted)]
    for (const [index, each] of right.entries()) {
      const difference = differenceOf(left[index], each, unordered.test(place) ? place : `${place}.${index}`)
      if (difference !== undefined) return difference
    }
    return undefined
  }
  if (typeof wanted !== 'object' || wanted === null)
    return got === wanted ? undefined : differs(got, wanted, place)
  if (typeof got !== 'object' || got === null) return differs(got, wanted, place)
  const members = got as Readonly<Record<string, unknown>>
  const isExact = whole || (exact.test(place) && (!('Id' in members) || 'Id' in wanted))
  for (const [name, each] of Object.entries(wanted)) {
    const difference =
      name === 'has'
        ? (each as readonly string[]).find((member) => members[member] === undefined)
        : differenceOf(members[name], each, `${place}.${name}`, isExact)
    if (difference !== undefined) return difference
  }
  const more = isExact ? Object.keys(members).find((name) => !Object.hasOwn(wanted, name)) : undefined
  return more === undefined ? undefined : `${place}.${more} is there`
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

function differs(got: unknown, wanted: unknown, place: string): string {
  return `${place}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`
}

const scenes = new Map<string, Promise<Scene>>()
after(async () => {
  for (const scene of new Set(scenes.values())) await (await scene).close()
})

/** Captures that only ask whether a document is taken share one organization. */
const alone = new Set(
  recordedRows<OrganizationsRow>(file)
    .filter(({ operation, before, saves }) => operation !== 'CreatePolicy' || before || saves)
    .map(sceneName),
)

replay<OrganizationsRow>(file, async (row) => {
  const name = alone.has(sceneName(row)) ? sceneName(row) : 'documents'
  let scene = scenes.get(name)
  if (scene === undefined) {
    scene = Scene.open()
    scenes.set(name, scene)
  }
  return (await scene).ask(row)
})

function sceneName({ id }: Row): string {
  return id.slice(0, id.indexOf('/'))
}
