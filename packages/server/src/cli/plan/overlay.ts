import type { AccountImage, IdentityImage, Image, OrganizationImage, UserImage } from '../../intake/index.ts'

/** Lists of named entities. */
const named = ['users', 'groups', 'roles', 'policies', 'instanceProfiles'] as const

/**
 * The future state of accounts when a template is deployed into them: entities of the template replace those of the
 * same names. Entities outside the template stay.
 */
export function overlaid(present: Image, next: Image): Image {
  const accounts = new Map(present.accounts.map((each) => [each.account, each]))
  for (const account of next.accounts) {
    const old = accounts.get(account.account)
    accounts.set(account.account, old === undefined ? account : overlaidAccount(old, account))
  }
  const organization = overlaidOrganization(present.organization, next.organization)
  return {
    ...next,
    accounts: [...accounts.values()],
    ...(organization === undefined ? {} : { organization }),
  }
}

function overlaidOrganization(
  old: OrganizationImage | undefined,
  next: OrganizationImage | undefined,
): OrganizationImage | undefined {
  if (old === undefined || next === undefined) return next ?? old
  const by = <T>(key: (thing: T) => string, one: readonly T[], other: readonly T[]) => [
    ...new Map([...one, ...other].map((thing) => [key(thing), thing])).values(),
  ]
  return {
    ...old,
    accounts: by(({ account }) => account, old.accounts, next.accounts),
    units: by(({ id }) => id, old.units, next.units),
    policies: by(({ id }) => id, old.policies, next.policies),
    attachments: by(({ policyId, target }) => `${policyId} ${target}`, old.attachments, next.attachments),
  }
}

function overlaidAccount(old: AccountImage, next: AccountImage): AccountImage {
  const changed: Record<string, unknown> = {}
  for (const list of named) {
    const things = new Map<string, IdentityImage>(old[list].map((each) => [each.name.toLowerCase(), each]))
    for (const thing of next[list]) {
      const key = thing.name.toLowerCase()
      things.set(key, merged(things.get(key), thing))
    }
    changed[list] = [...things.values()]
  }
  const policies = new Map(old.resourcePolicies.map((each) => [each.arn, each]))
  for (const each of next.resourcePolicies) policies.set(each.arn, each)
  return { ...old, ...changed, resourcePolicies: [...policies.values()] }
}

/** An entity after a deployment; a file that only adds to it takes nothing from it. */
function merged(old: IdentityImage | undefined, thing: IdentityImage): IdentityImage {
  if (thing.isPart === undefined || old === undefined) return { ...old, ...thing }
  const { isPart: _, ...part } = thing
  const names = new Set(part.inline?.map(({ name }) => name.toLowerCase()))
  const kept = (old.inline ?? []).filter(({ name }) => !names.has(name.toLowerCase()))
  const groups = new Set([...groupsOf(old), ...groupsOf(part)])
  return {
    ...part,
    ...old,
    inline: [...kept, ...(part.inline ?? [])],
    attached: [...new Set([...(old.attached ?? []), ...(part.attached ?? [])])],
    ...(groups.size === 0 ? {} : { groups: [...groups] }),
  }
}

function groupsOf(identity: IdentityImage | UserImage): readonly string[] {
  return 'groups' in identity ? (identity.groups ?? []) : []
}

/**
 * The name of an existing entity that CloudFormation named: the only one with this beginning. `prefix` is all of the
 * name but its random end.
 */
export function existingNames(present: Image): (type: string, prefix: string) => string | undefined {
  const lists: Readonly<Record<string, (typeof named)[number]>> = {
    'AWS::IAM::Role': 'roles',
    'AWS::IAM::User': 'users',
    'AWS::IAM::Group': 'groups',
    'AWS::IAM::ManagedPolicy': 'policies',
    'AWS::IAM::InstanceProfile': 'instanceProfiles',
  }
  const byPrefix = new Map<string, string[]>()
  for (const [type, list] of Object.entries(lists))
    for (const account of present.accounts)
      for (const { name } of account[list]) {
        const [, prefix] = /^(.+-)[A-Za-z0-9]{12,13}$/.exec(name) ?? []
        if (prefix === undefined) continue
        const key = `${type} ${prefix}`
        byPrefix.set(key, [...(byPrefix.get(key) ?? []), name])
      }
  const inTexts = namesInTexts(present)
  return (type, prefix) => {
    const names = Object.hasOwn(lists, type)
      ? byPrefix.get(`${type} ${prefix}`)
      : [...(inTexts().get(prefix.toLowerCase()) ?? [])]
    return names?.length === 1 ? names[0] : undefined
  }
}

/**
 * Names with a random end that policies and ARNs of an image have, by their beginning in lower case: an account holds no
 * list of buckets, queues and tables (behaviour TPL-38). Read once, when it is asked for.
 */
function namesInTexts(present: Image): () => ReadonlyMap<string, ReadonlySet<string>> {
  let sets: Map<string, Set<string>> | undefined
  return () => {
    if (sets !== undefined) return sets
    sets = new Map()
    for (const account of present.accounts)
      for (const text of textsOf(account))
        for (const word of text.split(/[^\w.-]+/)) {
          const [end] = /-[A-Za-z0-9]{12,13}$/.exec(word.slice(-14)) ?? []
          if (end === undefined) continue
          const prefix = word.slice(0, word.length - end.length + 1).toLowerCase()
          sets.set(prefix, (sets.get(prefix) ?? new Set()).add(word))
        }
    return sets
  }
}

function* textsOf(account: AccountImage): Iterable<string> {
  for (const { arn, document } of account.resourcePolicies) yield* [arn, document]
  for (const identity of [...account.users, ...account.groups, ...account.roles])
    for (const { document } of identity.inline ?? []) yield document
  for (const { trust } of account.roles) if (trust !== undefined) yield trust
  for (const { versions = [] } of account.policies) for (const { document } of versions) yield document
}
