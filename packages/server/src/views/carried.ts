/** The keys that say what a call writes or brings, as AWS spells them, by their names in lower case. */
const spelled: ReadonlyMap<string, string> = new Map(
  ['iam:PolicyARN', 'iam:PermissionsBoundary', 'sts:ExternalId', 'sts:SourceIdentity', 'aws:TagKeys'].map(
    (key) => [key.toLowerCase(), key],
  ),
)

const requestTag = 'aws:requesttag/'

/** The calls that set a boundary. For others the key has the boundary of the principal that they are about. */
const setsBoundary = /^iam:(?:Create|Put)(?:User|Role)(?:PermissionsBoundary)?$/i

/** A request, with its condition keys in lower case. */
interface Request {
  readonly action: string
  readonly context: Readonly<Record<string, unknown>>
}

/**
 * The condition keys of a request that say what its call writes or brings, with their values: `aws:RequestTag/team=blue`,
 * `iam:PolicyARN=policy/tools`. An ARN is shown without its account.
 */
export function carriedIn({ action, context }: Request): readonly string[] {
  const tagKeys = textsOf(context['aws:tagkeys'])
  const hasTags = Object.keys(context).some((key) => key.startsWith(requestTag))
  return Object.entries(context).flatMap(([key, value]) => {
    const name = key.startsWith(requestTag)
      ? `aws:RequestTag/${tagKeys.find((each) => each.toLowerCase() === key.slice(requestTag.length)) ?? key.slice(requestTag.length)}`
      : spelled.get(key)
    if (name === undefined || (name === 'aws:TagKeys' && hasTags)) return []
    if (name === 'iam:PermissionsBoundary' && !setsBoundary.test(action)) return []
    return [`${name}=${textsOf(value).map(withoutAccount).join(', ')}`]
  })
}

function textsOf(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(String)
}

/** `policy/tools` of `arn:aws:iam::111122223333:policy/tools`; any other text as it is. */
function withoutAccount(text: string): string {
  return /^arn:[^:]*:iam::[^:]*:(.+)$/.exec(text)?.[1] ?? text
}
