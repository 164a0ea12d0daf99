import { readFileSync, statSync } from 'node:fs'
import {
  type Inventory,
  type Organizations,
  readInventory,
  readOrganizations,
  readWorld,
  type World,
  type WorldFacts,
  WorldProblem,
  worldOfImage,
} from '../../graph/index.ts'
import { type GivenFile, plannedLent } from '../../intake/index.ts'
import { badConfiguration } from '../failure.ts'
import { messageOf } from '../home.ts'
import { listFiles, readFiles } from '../intake/files.ts'
import { LeftOut } from '../left-out.ts'
import { foreignText, textOfFile, unreadableForm } from '../text-file.ts'
import type { Unread } from '../unread.ts'
import { inventoriesOfAnswers, isFetched } from './fetched.ts'
import { isOrganizationAnswer, organizationOfAnswers } from './organization.ts'
import { answeredAccounts, type PlannedAccounts, plannedAccounts } from './planned.ts'

/** An account that a file describes. */
export interface DescribedAccount {
  /** The name of the file. */
  readonly name: string
  /** The text, if the file is a dump. */
  readonly dump?: string
  /** @throws WorldProblem if the file is not what it must be */
  read(facts: WorldFacts): World
}

/** Files of accounts by what they are. */
export interface AccountFiles {
  readonly accounts: readonly DescribedAccount[]
  readonly inventories: readonly GivenFile[]
  readonly organizations: readonly GivenFile[]
  /** The resources of templates, plans and states that may give access and were not looked at. */
  readonly unread: readonly Unread[]
}

/**
 * The files of accounts: a file that is named is a dump, a template, or a plan or state of Terraform; those of a folder are
 * recognised by what they say, and templates are taken together. Other answers of AWS count in a folder without these.
 * @throws CommandFailure if a file cannot be read, or a folder has no account
 */
export function accountFiles(paths: readonly string[]): AccountFiles {
  const accounts: DescribedAccount[] = []
  const found: Record<Exclude<FileKind, 'dumps'>, GivenFile[]> = { inventories: [], organizations: [] }
  const unread: Unread[] = []
  const addDump = ({ name, text }: GivenFile): void => {
    accounts.push({
      name,
      dump: text,
      read: (facts) => readWorld({ ...facts, details: text, file: name }),
    })
  }
  const addPlanned = (name: string, planned: PlannedAccounts | undefined): boolean => {
    if (planned === undefined) return false
    const { originOf, readPolicies = new Map(), lent = [], resources } = planned
    const isAlone = planned.accounts.length === 1
    for (const account of planned.accounts) {
      const own = plannedLent(lent, account.account)
      const isOwn = (owner: string): boolean => owner === account.account || (owner === '' && isAlone)
      // what the files have exists; of each type, the account may have more [TPL-213]
      const known = resources.filter((each) => isOwn(accountOfResource(each)))
      const inventory = {
        ...(own.length === 0 ? {} : { lent: own }),
        ...(known.length === 0 ? {} : { resources: known, listed: [] }),
      }
      accounts.push({
        name,
        read: (facts) =>
          worldOfImage(account, { ...facts, readPolicies, originOf, inventory: readInventory(inventory) }),
      })
    }
    unread.push(...planned.unread)
    return true
  }
  for (const path of paths) {
    if (!isFolder(path)) {
      const file = { name: path, text: readText(path) }
      if (!addPlanned(path, plannedAccounts([file]))) addDump(file)
      else if (accounts.every((each) => each.name !== path))
        throw badConfiguration(`${path}: it has no user, group, role or policy`)
      continue
    }
    const before = accounts.length
    const answers: GivenFile[] = []
    const others: GivenFile[] = []
    const leftOut = new LeftOut()
    for (const file of readFiles(listFiles([path], leftOut))) {
      if (isFetched(file)) {
        answers.push(file)
        continue
      }
      const kind = kindOf(file)
      if (kind === 'dumps') addDump(file)
      else if (kind !== undefined) found[kind].push(file)
      else if (!leftOut.noteForeignText(file.name, file.text)) others.push(file)
    }
    // beside a dump, templates and configurations are what is not deployed yet
    const hasDump = accounts.length > before
    addPlanned(path, plannedAccounts(hasDump ? others.filter(isTerraformText) : others, leftOut))
    if (accounts.length === before && others.length > 0) addPlanned(path, answeredAccounts(others))
    if (accounts.length === before)
      throw badConfiguration(
        `${path}: no file is an answer of AWS about an account, a template, or a plan or state of Terraform${leftOut.words}`,
      )
    unread.push(...(hasDump ? leftOut.files : leftOut.all))
    found.inventories.push(...inventoriesOfAnswers(answers, dumpsOf(accounts.slice(before))))
  }
  return { accounts, ...found, unread }
}

type FileKind = 'dumps' | 'inventories' | 'organizations'

function dumpsOf(accounts: readonly DescribedAccount[]): readonly GivenFile[] {
  return accounts.flatMap(({ name, dump }) => (dump === undefined ? [] : { name, text: dump }))
}

function isTerraformText({ text }: GivenFile): boolean {
  return /"(?:format_version|terraform_version)"\s*:/.test(text.slice(0, 2_000))
}

/** Files that are named by an option; of folders those that are of the kind. @throws CommandFailure if one cannot be read */
export function filesOf(
  paths: readonly string[],
  kind: 'inventories' | 'organizations',
): readonly GivenFile[] {
  return paths.flatMap((path) =>
    isFolder(path)
      ? [...readFiles(listFiles([path]))].filter((file) => kindOf(file) === kind)
      : [{ name: path, text: readText(path) }],
  )
}

/**
 * The inventory of each account. A file says its account by `account`, by `accounts`, or by the ARNs of its resources; if
 * only one account is in view, it is that one's. @throws CommandFailure if a file is no inventory, or it is not known
 * whose it is
 */
export function inventoriesOf(
  files: readonly GivenFile[],
  accounts: readonly string[],
): ReadonlyMap<string, Inventory> {
  const found = new Map<string, Inventory>()
  for (const file of files) {
    for (const [account, value] of shared(file, objectIn(file), accounts)) {
      if (found.has(account)) throw badConfiguration(`${file.name}: account ${account} has another inventory`)
      found.set(
        account,
        parsed(file.name, () => readInventory(value)),
      )
    }
  }
  return found
}

/** The organization of files. @throws CommandFailure if they are not what they must be */
export function organizationsOf(files: readonly GivenFile[]): Organizations | undefined {
  const [file, ...others] = files
  if (file === undefined) return undefined
  if (files.some(({ text }) => isOrganizationAnswer(text) && !isOwnOrganization(text)))
    return organizationOfAnswers(files)
  if (others.length > 0) throw badConfiguration(`${others[0]?.name}: there is another organization`)
  return parsed(file.name, () => readOrganizations(JSON.parse(file.text)))
}

type Value = Readonly<Record<string, unknown>>

/** Returns the facts that a file has about each account. */
function shared(
  file: GivenFile,
  value: Value,
  accounts: readonly string[],
): readonly (readonly [string, unknown])[] {
  const { account, accounts: byAccount, resources } = value
  if (isObject(byAccount)) return Object.entries(byAccount)
  if (typeof account === 'string') return [[account, value]]
  const [only] = accounts
  if (accounts.length === 1 && only !== undefined) return [[only, value]]
  const lists = Map.groupBy(Array.isArray(resources) ? resources : [], accountOfResource)
  const named = [...lists.keys()].filter((each) => each !== '')
  const isShared = Object.keys(value).every((key) => key === 'resources' || key.startsWith('$'))
  const [first] = named
  if (named.length === 1 && first !== undefined) return [[first, value]]
  if (named.length === 0 || !isShared)
    throw badConfiguration(
      `${file.name}: it is not said of which account it is: add "account": "111122223333"`,
    )
  return named.map((each) => [each, { resources: lists.get(each) ?? [] }])
}

function accountOfResource(resource: unknown): string {
  if (!isObject(resource)) return ''
  const { arn, role } = resource
  const account = (value: unknown): string => (typeof value === 'string' ? (value.split(':')[4] ?? '') : '')
  return account(arn) || account(role)
}

function kindOf({ name, text }: GivenFile): FileKind | undefined {
  if (!/\.json$/i.test(name)) return undefined
  if (/"(?:User|Role|Group)DetailList"\s*:/.test(text)) return 'dumps'
  if (isOwnOrganization(text) || isOrganizationAnswer(text)) return 'organizations'
  return /"(?:resources|accessKeys|loginProfiles|mfaDevices)"\s*:/.test(text) ? 'inventories' : undefined
}

function isOwnOrganization(text: string): boolean {
  return /"(?:scps|rcps|units)"\s*:/.test(text)
}

function objectIn({ name, text }: GivenFile): Value {
  const value = parsed<unknown>(name, () => JSON.parse(text))
  if (!isObject(value)) throw badConfiguration(`${name}: The inventory is no object.`)
  return value
}

/** @throws CommandFailure in place of the problem of a file */
export function parsed<Read>(name: string, read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    if (error instanceof WorldProblem || error instanceof SyntaxError)
      throw badConfiguration(`${name}: ${error.message}`)
    throw error
  }
}

function isObject(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file)
    const form = unreadableForm(bytes)
    if (form !== undefined) throw new Error(form)
    const text = textOfFile(bytes)
    const foreign = foreignText(text)
    if (foreign !== undefined) throw new Error(foreign)
    return text
  } catch (error) {
    throw badConfiguration(`${file} cannot be read: ${messageOf(error)}`)
  }
}
