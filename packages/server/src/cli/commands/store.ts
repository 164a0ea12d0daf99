import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { keyIdOf, parseAccountId, systemRandom, Vault } from '../../base/index.ts'
import { masterKeyFits } from '../../session/index.ts'
import {
  inspectPgStore,
  isPgUrl,
  migratePgStore,
  openSqliteStore,
  type Store,
  StoreDamaged,
} from '../../store/index.ts'
import { badConfiguration, badSyntax } from '../failure.ts'
import { Home } from '../home.ts'
import { print, printError } from '../output.ts'
import {
  checkStoreUrl,
  chosenFirstKeys,
  nextMasterKey,
  openShared,
  sharedMasterKey,
  storeOption,
} from '../place.ts'

/** `omen store`: the database that several nodes share. */
export function addStore(program: Command): void {
  const store = program.command('store').description('the database that many nodes share')
  store
    .command('init')
    .description('create the schema and the first account in an empty database, and print the first keys')
    .addOption(storeOption())
    .option('--account <number>', 'the first account (default: 123456789012)')
    .action(init)
  store
    .command('migrate')
    .description('bring the schema of a database to this release')
    .addOption(storeOption())
    .action(async (options: { readonly store?: string }) => {
      const url = urlOf(options)
      const { from, to } = await inOneLine(migratePgStore({ url, environment: process.env }))
      print(`${JSON.stringify({ from, to })}\n`)
      printError(from === to ? `the schema is at ${to} already\n` : `the schema is at ${to} now\n`)
    })
  store
    .command('check')
    .description('check a database without changing it: schema, nodes, durability, master key')
    .addOption(storeOption())
    .action(check)
  store
    .command('rotate-key')
    .description(
      'seal every secret with the key of OMEN_MASTER_KEY_NEXT, while nodes that know both keys run',
    )
    .addOption(storeOption())
    .option('--home <folder>', 'a home instead of a database; no server may be using it')
    .action(rotateKey)
  store
    .command('copy')
    .description('copy everything from one store or home to an empty one')
    .requiredOption('--from <place>', 'the folder of a home, or postgres://…; no server may be using it')
    .requiredOption('--to <place>', 'the folder of a home, or postgres://…; it must be empty')
    .action(copy)
}

async function init(options: { readonly store?: string; readonly account?: string }): Promise<void> {
  const url = urlOf(options)
  const account = parseAccountId(options.account ?? '123456789012')
  if (account === undefined) throw badSyntax(`--account takes twelve digits, not ${options.account}`)
  const masterKey = sharedMasterKey()
  const { CopyInterrupted, Omen, WrongFirstAccount } = await import('../../gate/index.ts')
  const { WrongMasterKey } = await import('../../session/index.ts')
  const store = await openShared(url, 'omen store init')
  const isNew = (await store.accounts()).length === 0
  const firstKeys = chosenFirstKeys()
  try {
    const omen = await Omen.open({
      store,
      apis: [],
      masterKey,
      account,
      isAccountChosen: options.account !== undefined,
      mode: 'enforce',
      version: '',
      ...(firstKeys === undefined ? {} : { firstKeys }),
    })
    const first = { account: omen.deps.firstAccount, keys: omen.firstKeys }
    await omen.close()
    if (isNew) print(`${JSON.stringify(first)}\n`)
    printError(
      isNew
        ? `${store.description} is ready; the keys above are printed only now\n`
        : `${store.description} has account ${first.account} already: nothing was changed\n`,
    )
  } catch (error) {
    await store.close()
    if (error instanceof WrongMasterKey)
      throw badConfiguration('the master key is not the one of this database: nothing was changed')
    throw error instanceof WrongFirstAccount || error instanceof CopyInterrupted
      ? badConfiguration(error.message)
      : error
  }
}

async function check(options: { readonly store?: string }): Promise<void> {
  const url = urlOf(options)
  const inspected = await inOneLine(inspectPgStore({ url, environment: process.env }))
  const hasKey = process.env.OMEN_MASTER_KEY !== undefined || process.env.OMEN_MASTER_KEY_FILE !== undefined
  let masterKey: boolean | undefined
  if (hasKey && inspected.accounts > 0) {
    const store = await openShared(url, 'omen store check')
    masterKey = await masterKeyFits(store, sharedMasterKey()).finally(() => store.close())
  }
  print(`${JSON.stringify({ ...inspected, ...(masterKey === undefined ? {} : { masterKey }) })}\n`)
  const problems = [
    ...(inspected.schema === undefined ? ['it has no schema yet: omen store init'] : []),
    ...(inspected.schema !== undefined && inspected.schema < inspected.newestSchema
      ? [`its schema is ${inspected.schema}, and this Omen’s ${inspected.newestSchema}: omen store migrate`]
      : []),
    ...(masterKey === false ? ['the master key is not the one of this database'] : []),
    ...(inspected.synchronousCommit === 'off'
      ? ['synchronous_commit is off: what is acknowledged may be lost with the machine']
      : []),
  ]
  for (const problem of problems) printError(`omen: ${problem}\n`)
  if (masterKey === false) throw badConfiguration('the store cannot be used with this key')
  if (inspected.synchronousStandbys === 0)
    printError('no standby is synchronous: a failover may lose acknowledged changes\n')
  if (inspected.synchronousStandbys === undefined)
    printError('this user may not see standbys: grant it pg_monitor to know whether one is synchronous\n')
}

async function rotateKey(options: { readonly store?: string; readonly home?: string }): Promise<void> {
  const { storeTools } = await import('../../gate/index.ts')
  const { NodesLackKey, rotateMasterKey } = await storeTools()
  const { WrongMasterKey } = await import('../../session/index.ts')
  const url = options.home === undefined ? urlOf(options) : undefined
  const home = url === undefined ? Home.at(options.home) : undefined
  if (home !== undefined && !existsSync(home.database)) throw badConfiguration(`${home.folder} is no home`)
  const given = nextMasterKey()
  if (home === undefined && given === undefined)
    throw badConfiguration('OMEN_MASTER_KEY_NEXT or OMEN_MASTER_KEY_NEXT_FILE must hold the new key')
  // a key that the operator keeps elsewhere must not appear beside the database
  const keeper = process.env.OMEN_MASTER_KEY === undefined ? home : undefined
  if (home !== undefined && keeper === undefined && given === undefined)
    throw badConfiguration(
      'the key comes from OMEN_MASTER_KEY: the new one must be in OMEN_MASTER_KEY_NEXT or OMEN_MASTER_KEY_NEXT_FILE',
    )
  const store =
    url === undefined ? (await endOf(home!.folder)).store : await openShared(url, 'omen store rotate-key')
  const isBegun = keeper?.nextMasterKey() !== undefined
  try {
    const make = () => systemRandom.bytes(32)
    const before = home?.masterKey(process.env.OMEN_MASTER_KEY, false, make) ?? sharedMasterKey()
    const after = given ?? keeper?.nextMasterKey() ?? make()
    keeper?.writeNextMasterKey(after)
    const rotated = await rotateMasterKey(store, before, after, systemRandom)
    keeper?.takeNextMasterKey()
    print(`${JSON.stringify(rotated)}\n`)
    const place = home === undefined ? 'each node' : 'the server'
    printError(
      keeper === undefined
        ? `every secret is sealed with the new key: give it to ${place} as OMEN_MASTER_KEY, and the old one no longer\n`
        : `every secret is sealed with the new key, which is in ${keeper.masterKeyFile}\n`,
    )
  } catch (error) {
    if (error instanceof WrongMasterKey) {
      if (!isBegun) keeper?.dropNextMasterKey()
      throw badConfiguration(
        `${keeper?.masterKeyFile ?? 'OMEN_MASTER_KEY'} is not the key of this store: nothing was changed`,
      )
    }
    throw error instanceof NodesLackKey ? badConfiguration(error.message) : error
  } finally {
    await store.close()
  }
}

interface End {
  readonly store: Store
  readonly home: Home | undefined
}

async function copy(options: { readonly from: string; readonly to: string }): Promise<void> {
  const { CopyInterrupted, keepFirst, readFirst, storeTools } = await import('../../gate/index.ts')
  const { copyStore, StoreNotEmpty } = await storeTools()
  if (!isPgUrl(options.from) && !existsSync(Home.at(options.from).database))
    throw badConfiguration(`${options.from} is no home: it has no ${Home.at(options.from).database}`)
  const from = await endOf(options.from)
  try {
    const make = () => systemRandom.bytes(32)
    const masterKey = from.home?.masterKey(process.env.OMEN_MASTER_KEY, false, make) ?? sharedMasterKey()
    if ((await masterKeyFits(from.store, masterKey)) === false)
      throw badConfiguration('the master key is not the one of the store that is copied: nothing was changed')
    const vault = new Vault([{ id: keyIdOf(masterKey), bytes: masterKey }], systemRandom)
    const to = await endOf(options.to)
    try {
      const copied = await copyStore(from.store, to.store)
      const kept = from.home?.readCredentials()
      const account = parseAccountId(kept?.account ?? '')
      const first = kept && account ? { account, keys: kept.keys } : await readFirst(from.store, vault)
      if (first && to.store.shared) await keepFirst(to.store, vault, first)
      if (first && to.home) to.home.writeCredentials(first)
      to.home?.writeMasterKey(masterKey)
      print(`${JSON.stringify(copied)}\n`)
      printError(
        to.home === undefined
          ? `copied; nodes on ${to.store.description} need the same master key (OMEN_MASTER_KEY)\n`
          : `copied; start it with --home ${to.home.folder}\n`,
      )
    } catch (error) {
      throw error instanceof StoreNotEmpty || error instanceof CopyInterrupted
        ? badConfiguration(error.message)
        : error
    } finally {
      await to.store.close()
    }
  } finally {
    await from.store.close()
  }
}

async function endOf(place: string): Promise<End> {
  if (isPgUrl(place)) return { store: await openShared(place, 'omen store copy'), home: undefined }
  const home = Home.at(place)
  home.prepare()
  return { store: await inOneLine(openSqliteStore({ file: home.database })), home }
}

function urlOf({ store }: { readonly store?: string }): string {
  if (store === undefined) throw badSyntax('--store or OMEN_STORE must name the database')
  checkStoreUrl(store)
  return store
}

async function inOneLine<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof StoreDamaged ? badConfiguration(error.message) : error
  }
}
