import { attachablePolicies, managedPolicies, techniqueTable } from '../../authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  joinWorlds,
  readInventory,
  readOrganization,
  type World,
  type WorldFacts,
  worldOfImage,
  worldWith,
} from '../../graph/index.ts'
import type { GivenFile } from '../../intake/index.ts'
import { badConfiguration } from '../failure.ts'
import { Progress } from '../intake/progress.ts'
import { sayUnread } from '../unread.ts'
import { accountFiles, filesOf, inventoriesOf, organizationsOf, parsed } from './files.ts'
import { pathsOf, type WorldOptions } from './world-options.ts'

/**
 * The graph of the files, or of the running server if there is no --from.
 * @throws CommandFailure if a file is not what it must be, or no server runs
 */
export async function openGraph(
  options: WorldOptions,
  /** Condition keys of the attacker's surroundings. */
  stated: NonNullable<World['stated']> = {},
): Promise<Graph> {
  const read = pathsOf(options.from).length === 0 ? await worldOfServer(options) : worldOfFiles(options)
  const world = Object.keys(stated).length === 0 ? read : worldWith(read, stated)
  const progress = new Progress()
  return graphOf(world, techniqueTable(), (held) => {
    if (held === undefined) progress.end()
    else progress.show('principals reached', held, 0)
  })
}

async function worldOfServer({ home, ...files }: WorldOptions): Promise<World> {
  const facts = factsOf(files)
  const { readServer } = await import('./server.ts') // it needs a server's code, which files do not
  const accounts = await readServer(home)
  return joinWorlds(
    accounts.map(({ image, inventory, organization }) =>
      worldOfImage(image, {
        inventory: readInventory(inventory),
        organization: readOrganization(organization),
        ...facts,
      }),
    ),
  )
}

/** The accounts of files, together. @throws CommandFailure if a file is not what it must be */
export function worldOfFiles({ from, inventory, organization }: WorldOptions): World {
  const files = accountFiles(pathsOf(from))
  sayUnread(files.unread)
  const organizations = organizationsOf([
    ...filesOf(pathsOf(organization), 'organizations'),
    ...files.organizations,
  ])
  const texts = {
    awsPolicy: textOfPolicy,
    awsPolicies: attachablePolicies,
    ...(organizations === undefined ? {} : { organization: organizations }),
  }
  const worlds = files.accounts.map(({ name, read }) => parsed(name, () => read(texts)))
  for (const [place, { account }] of worlds.entries())
    if (worlds.findIndex((other) => other.account === account) !== place)
      throw badConfiguration(`${files.accounts[place]?.name}: there is another dump of account ${account}`)
  const inventories = inventoriesOf(
    [...filesOf(pathsOf(inventory), 'inventories'), ...files.inventories],
    worlds.map(({ account }) => account),
  )
  const joined = joinWorlds(
    worlds.map((world) => {
      const own = inventories.get(world.account)
      if (own === undefined) return world
      const { lent, resources, listed } = world.inventory
      // an inventory that lists resources is more than what templates say of them
      const planned = own.resources === undefined ? { resources, listed } : {}
      return { ...world, inventory: { ...own, ...planned, lent: own.lent ?? lent } }
    }),
  )
  const inView = new Set(worlds.map(({ account }) => account))
  const elsewhere = [...inventories].filter(([account]) => !inView.has(account))
  if (elsewhere.length === 0) return joined
  return {
    ...joined,
    elsewhere: new Map(elsewhere.map(([account, { resources = [] }]) => [account, resources])),
  }
}

/** Returns the facts in files beside the account. @throws CommandFailure if a file is malformed */
export function factsOf({
  inventory,
  organization,
}: Pick<WorldOptions, 'inventory' | 'organization'>): WorldFacts {
  const organizations = organizationsOf(filesOf(pathsOf(organization), 'organizations'))
  const [file] = filesOf(pathsOf(inventory), 'inventories')
  return {
    awsPolicy: textOfPolicy,
    awsPolicies: attachablePolicies,
    ...(file === undefined ? {} : { inventory: inventoryOf(file) }),
    ...(organizations === undefined ? {} : { organization: organizations }),
  }
}

function inventoryOf({ name, text }: GivenFile) {
  return parsed(name, () => readInventory(JSON.parse(text)))
}

function textOfPolicy(arn: string): string | undefined {
  return managedPolicies(arn.split(':')[1]).find(arn)?.document
}
