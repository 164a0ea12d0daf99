/** Members of answers that the story is about, the weightiest first. */
const weighty = [
  'Arn',
  'PermissionsBoundaryArn',
  'AssumeRolePolicyDocument',
  'PolicyDocument',
  'DecodedMessage',
  'AccessKeyId',
  'SecretAccessKey',
  'SessionToken',
  'Expiration',
  'PackedPolicySize',
  'InstanceId',
  'AssociationId',
  'State',
  'AccountId',
  'Account',
]

/** The most lines of an answer that are shown. */
const mostLines = 4
/** The most names of a list in a line. */
const mostNamed = 5

/**
 * The important lines of an answer: its ARN, its credentials without their secrets, the entries of a list. The rest of
 * AWS's JSON is for programs.
 */
export function summaryOf(answer: unknown): readonly string[] {
  const lists = listsIn(answer)
  if (lists.length > 0) return lists.slice(0, mostLines)
  const members = new Map<string, string>()
  collect(answer, members)
  // the creator of a role knows its trust policy; a reader of the role is shown it
  if (!members.has('PermissionsBoundaryArn')) members.delete('AssumeRolePolicyDocument')
  const named = weighty.filter((name) => members.has(name))
  // a role's own ARN already contains its account's number
  const shown = named.includes('Arn') ? named.filter((name) => name !== 'Account') : named
  return shown.slice(0, mostLines).map((name) => `${name}: ${hidden(name, members.get(name) ?? '')}`)
}

/** A list at the top of an answer: how many, and by which names. */
function listsIn(answer: unknown): readonly string[] {
  if (typeof answer !== 'object' || answer === null) return []
  return Object.entries(answer).flatMap(([name, value]) =>
    Array.isArray(value) && !(name === 'Groups' && 'Instances' in answer)
      ? [`${name}: ${listed(value)}`]
      : [],
  )
}

function listed(values: readonly unknown[]): string {
  const names = values.map(nameOf)
  const shown = [...new Set(names)].slice(0, mostNamed).join(', ')
  const many = names.length > 1 ? `${names.length}, ` : ''
  return names.length === 0 ? 'none' : `${many}${shown}${new Set(names).size > mostNamed ? ' …' : ''}`
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const members = new Map(Object.entries(value))
  const of = (name: string) => members.get(name)
  const who = of('Username')
  const error = /"errorCode":"(\w[\w.]*)"/.exec(String(of('CloudTrailEvent') ?? ''))?.[1]
  if (of('EventName') !== undefined)
    return `${String(of('EventName'))} by ${String(who ?? 'a service')}${error === undefined ? '' : ` ✗ ${error}`}`
  const name = [...members].find(
    ([key, each]) => /(?:Name|Id)$/.test(key) && key !== 'ClientToken' && typeof each === 'string',
  )
  return String(of('InstanceId') ?? name?.[1] ?? '…')
}

/** The first value of each name, in the order of the answer. */
function collect(value: unknown, parts: Map<string, string>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  for (const [name, each] of Object.entries(value)) {
    if (name.endsWith('PolicyDocument')) parts.set(name, statementsIn(each))
    else if (typeof each === 'object') collect(each, parts)
    else if (name === 'DecodedMessage') parts.set(name, decidedIn(String(each)))
    else if (!parts.has(name)) parts.set(name, String(each))
  }
}

function statementsIn(document: unknown): string {
  const members =
    typeof document === 'object' && document !== null ? new Map(Object.entries(document)) : undefined
  return JSON.stringify([members?.get('Statement')].flat()[0] ?? document)
}

/** Returns the decision that an authorization message contains. */
function decidedIn(message: string): string {
  const members = new Map<string, string>()
  collect(JSON.parse(message), members)
  const shown = ['allowed', 'explicitDeny', 'action', 'resource']
  return shown.map((name) => `${name} ${members.get(name)}`).join(', ')
}

function hidden(name: string, value: string): string {
  if (name === 'SecretAccessKey') return `(${value.length} characters, shown once)`
  return name === 'SessionToken' ? `${value.slice(0, 24)}… (${value.length} characters)` : value
}
