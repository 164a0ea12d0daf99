import { basename, dirname } from 'node:path'
import {
  entryOf,
  factsOfReport,
  type GivenFile,
  ImageReader,
  IntakeProblem,
  type InventoryAnswer,
  inventoryOfAnswers,
  isInventoryCall,
  machinesLent,
  objectsOf,
} from '../../intake/index.ts'
import { badConfiguration } from '../failure.ts'

/** An object of JSON. */
type Entry = Readonly<Record<string, unknown>>

const providerCalls = ['iam list-open-id-connect-providers', 'iam list-saml-providers']
/** The instances of IAM Identity Center that an account sees, each with its owner. */
const centerCall = 'sso-admin list-instances'
/** Calls whose answers say which roles pods, users of identity pools and holders of certificates get. */
const lenderCalls = new Set([
  'eks describe-pod-identity-association',
  'cognito-identity describe-identity-pool',
  'cognito-identity get-identity-pool-roles',
  'rolesanywhere list-trust-anchors',
  'rolesanywhere list-profiles',
])
const oidcCall = 'iam get-open-id-connect-provider'

/** Whether a file has answers that the script of `omen import --how` has written for the inventory. */
export function isFetched({ name, text }: GivenFile): boolean {
  if (/\.csv$/i.test(name)) return text.startsWith('user,arn,')
  if (!/\.json$/i.test(name)) return false
  if (/"ReportFormat"\s*:/.test(text)) return true
  const call = callIn({ text })
  return (
    call !== undefined &&
    (call === centerCall ||
      lenderCalls.has(call) ||
      isInventoryCall(call) ||
      call === oidcCall ||
      providerCalls.includes(call))
  )
}

/** The call that a file's first answer is of. */
function callIn({ text }: Pick<GivenFile, 'text'>): string | undefined {
  return /"request"\s*:\s*\{[^{}]{0,400}"call"\s*:\s*"([a-z0-9-]+ [a-z0-9-]+)"/.exec(
    text.slice(0, 2_000),
  )?.[1]
}

/**
 * The inventories of accounts, in the form of inventory files, from answers of the AWS CLI and credential reports.
 * @param dumps the accounts' details, which say the roles of instance profiles @throws CommandFailure if a file is not JSON
 */
export function inventoriesOfAnswers(
  files: readonly GivenFile[],
  dumps: readonly GivenFile[],
): readonly GivenFile[] {
  const answers: InventoryAnswer[] = []
  const lent = new Map<string, readonly unknown[]>()
  for (const account of lendersIn(files)) lent.set(account.account, machinesLent(account))
  const reports = new Map<string, string>()
  const profiles = new Map<string, string>()
  for (const file of files) {
    if (file.text.startsWith('user,arn,')) {
      reports.set(accountIn(file.text), file.text)
      continue
    }
    for (const value of objectsOf(jsonOf(file))) {
      if (typeof value.Content === 'string') {
        const csv = Buffer.from(value.Content, 'base64').toString('utf8')
        reports.set(accountIn(csv), csv)
      }
      const answer = answerOf(value, file.name)
      if (answer !== undefined) answers.push(answer)
    }
  }
  if (answers.length > 0) for (const dump of dumps) addProfiles(profiles, jsonOf(dump))
  const accounts = new Set([...answers.map(({ account }) => account), ...reports.keys()])
  return [...accounts].map((account) => ({
    name: files[0]?.name ?? '',
    text: JSON.stringify({
      account,
      ...(lent.get(account)?.length ? { lent: lent.get(account) } : {}),
      ...inventoryOf(
        answers.filter((each) => each.account === account),
        reports.get(account),
        profiles,
      ),
    }),
  }))
}

/** The accounts of answers that say which roles are given. @throws CommandFailure if they contradict each other */
function lendersIn(files: readonly GivenFile[]) {
  const reader = new ImageReader()
  try {
    for (const file of files) if (lenderCalls.has(callIn(file) ?? '')) reader.read(file)
    return reader.image().accounts
  } catch (error) {
    if (error instanceof IntakeProblem) throw badConfiguration(`${error.message}`)
    throw error
  }
}

function jsonOf({ name, text }: GivenFile): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badConfiguration(`${name}: it is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}

/** An answer with its request. */
function answerOf({ request, answer }: Entry, file: string): InventoryAnswer | undefined {
  const asked = entryOf(request)
  const given = entryOf(answer)
  if (asked === undefined || given === undefined) return undefined
  const { call, account, partition, region, input } = asked
  return {
    call: typeof call === 'string' ? call : '',
    account: typeof account === 'string' ? account : '',
    partition: typeof partition === 'string' ? partition : 'aws',
    region: typeof region === 'string' && region !== '' ? region : basename(dirname(file)),
    input: entryOf(input) ?? {},
    answer: given,
  }
}

/** The first account number in ARNs of IAM. */
function accountIn(text: string): string {
  return /arn:[a-z-]+:iam::(\d{12}):/.exec(text)?.[1] ?? ''
}

function inventoryOf(
  answers: readonly InventoryAnswer[],
  report: string | undefined,
  profiles: ReadonlyMap<string, string>,
): Entry {
  const ofResources = answers.filter(({ call }) => isInventoryCall(call))
  const providers = providerCalls.map((call) => answers.find((each) => each.call === call))
  const arns = providers.flatMap((each) =>
    Object.values(each?.answer ?? {}).flatMap((list) =>
      objectsOf(list).flatMap(({ Arn }) => (typeof Arn === 'string' ? [Arn] : [])),
    ),
  )
  return {
    ...(ofResources.length === 0 ? {} : inventoryOfAnswers(ofResources, (profile) => profiles.get(profile))),
    ...(report === undefined ? {} : factsOfReport(report)),
    ...centerIn(answers),
    ...(providers.every((each) => each !== undefined)
      ? { identityProviders: arns.map((arn) => withClientIds(arn, answers)) }
      : {}),
  }
}

/**
 * Whether an account manages IAM Identity Center: it owns an instance. One that sees the instance of another account may
 * be a delegated administrator.
 */
function centerIn(answers: readonly InventoryAnswer[]): Entry {
  const own = answers.filter(({ call, answer }) => call === centerCall && Array.isArray(answer.Instances))
  const owners = own.flatMap(({ account, answer }) =>
    objectsOf(answer.Instances).map(({ OwnerAccountId }) => OwnerAccountId === account),
  )
  if (owners.includes(true)) return { managesIdentityCenter: true }
  return own.length === 0 || owners.length > 0 ? {} : { managesIdentityCenter: false }
}

/** A provider with its client ids, if an answer says them. */
function withClientIds(arn: string, answers: readonly InventoryAnswer[]): unknown {
  const own = answers.find(({ call, input }) => call === oidcCall && input.OpenIDConnectProviderArn === arn)
  const clientIds = own?.answer.ClientIDList
  return Array.isArray(clientIds) ? { arn, clientIds } : arn
}

/** Adds the role of each instance profile of a dump. */
function addProfiles(profiles: Map<string, string>, dump: unknown): void {
  for (const { RoleDetailList } of objectsOf(dump))
    for (const { Arn, InstanceProfileList } of objectsOf(RoleDetailList ?? []))
      for (const { Arn: profile } of objectsOf(InstanceProfileList ?? []))
        if (typeof profile === 'string' && typeof Arn === 'string') profiles.set(profile, Arn)
}
