import { trustPolicy } from '../kit/index.ts'
import { chance } from './chance.ts'
import { notLinearizable, type RegisterCall } from './checker.ts'
import { account, type Node, type Nodes } from './twins.ts'

export interface History {
  readonly seed: number
  /** Opens the servers. */
  readonly open: (random: () => number) => Promise<Nodes>
  /** Calls of each of four clients. */
  readonly calls?: number
  /** Whether something is made to fail: calls may then end with ServiceUnavailable. */
  readonly faults?: boolean
  /** Begins the faults, when the clients are about to begin. */
  readonly disturb?: () => void
  /** Ends the faults when the clients have ended, before what they did is looked at. */
  readonly calm?: () => Promise<void>
}

/** Makes a history of calls to any node. Returns which promises were broken: none if all were kept. */
export async function historyOf({
  seed,
  open,
  calls = 20,
  faults = false,
  disturb = () => {},
  calm = async () => {},
}: History): Promise<readonly string[]> {
  const random = chance(seed)
  const { nodes, close } = await open(random)
  const problems: string[] = []
  const failed = (what: string, error: unknown) => {
    const isUnavailable = error instanceof Error && error.name === 'ServiceUnavailable'
    if (!faults || !isUnavailable) problems.push(`${what}: ${error}`)
  }
  try {
    let now = 0
    const iams = nodes.map((node) => node.iam())
    const anyIam = () => iams[Math.floor(random() * iams.length)]!
    const trust = trustPolicy({ AWS: '*' })
    const registers = ['r0', 'r1']
    for (const RoleName of registers) await iams[0]!.createRole({ RoleName, AssumeRolePolicyDocument: trust })
    const history: RegisterCall[] = []
    const changes = new Map<string, 'kept' | 'unknown'>()
    const created: { name: string; start: number; end: number }[] = []
    const lists: { names: ReadonlySet<string>; start: number; end: number }[] = []
    let written = 0
    const write = async () => {
      const [register, value] = [registers[Math.floor(random() * 2)]!, `v${written++}`]
      const start = now++
      const iam = anyIam()
      try {
        await iam.updateRole({ RoleName: register, Description: value })
        history.push({ kind: 'write', register, value, start, end: now++ })
        changes.set(value, 'kept')
      } catch (error) {
        failed('UpdateRole', error)
        history.push({ kind: 'write', register, value, start, end: Number.POSITIVE_INFINITY })
        changes.set(value, 'unknown')
      }
    }
    const read = async () => {
      const register = registers[Math.floor(random() * 2)]!
      const start = now++
      try {
        const { Role } = await anyIam().getRole({ RoleName: register })
        history.push({ kind: 'read', register, value: Role?.Description, start, end: now++ })
      } catch (error) {
        failed(`GetRole ${register}`, error)
      }
    }
    const create = async () => {
      const name = `u${written++}`
      const start = now++
      try {
        await anyIam().createUser({ UserName: name })
        created.push({ name, start, end: now++ })
        changes.set(name, 'kept')
      } catch (error) {
        failed(`CreateUser ${name}`, error)
      }
    }
    const list = async () => {
      const start = now++
      try {
        const { Users = [] } = await anyIam().listUsers({ MaxItems: 1000 })
        lists.push({ names: new Set(Users.map(({ UserName }) => UserName!)), start, end: now++ })
      } catch (error) {
        failed('ListUsers', error)
      }
    }
    const work = [write, write, read, read, read, create, list]
    const client = async () => {
      for (let n = 0; n < calls; n++) await work[Math.floor(random() * work.length)]!()
    }
    disturb()
    await Promise.all([client(), client(), client(), client()])
    await calm()
    problems.push(...notLinearizable(history))
    for (const { name, start, end } of created)
      for (const each of lists) {
        if (end < each.start && !each.names.has(name)) problems.push(`${name} is missing in a later list`)
        if (each.end < start && each.names.has(name))
          problems.push(`${name} was listed before it was created`)
      }
    problems.push(...(await trailProblems(nodes, changes)))
    const kept = new Set(
      (await nodes[0]!.omen.deps.directory.store.loadAccount(account))?.items
        .filter(({ kind }) => kind.endsWith('/user'))
        .map(({ value }) => (JSON.parse(value) as { name: string }).name),
    )
    for (const { name } of created) if (!kept.has(name)) problems.push(`${name} is lost`)
  } finally {
    await close()
  }
  return problems
}

/** Each acknowledged change has exactly one event. */
async function trailProblems(
  nodes: readonly Node[],
  changes: ReadonlyMap<string, 'kept' | 'unknown'>,
): Promise<readonly string[]> {
  for (const { omen } of nodes) await omen.deps.recorder.flush()
  const { store } = nodes[0]!.omen.deps.directory
  const events = new Map<string, number>()
  for (let position = await store.positionAt(0); ; ) {
    const page = await store.eventsAfter(position, 1_000)
    if (page.events.length === 0) break
    position = page.position
    for (const { json, errorCode } of page.events) {
      if (errorCode !== undefined) continue
      const { eventName, requestParameters } = JSON.parse(json)
      if (eventName === 'UpdateRole')
        events.set(requestParameters.description, (events.get(requestParameters.description) ?? 0) + 1)
      if (eventName === 'CreateUser')
        events.set(requestParameters.userName, (events.get(requestParameters.userName) ?? 0) + 1)
    }
  }
  const problems: string[] = []
  for (const [change, fate] of changes)
    if (fate === 'kept' && events.get(change) !== 1)
      problems.push(`${change} has ${events.get(change) ?? 0} events`)
  return problems
}
