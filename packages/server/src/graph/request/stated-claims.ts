import {
  claimTexts,
  sourceIdentityClaim,
  tokenKeysOf,
  tokenRolesOf,
  tokenTagsOf,
} from '../../authorization/index.ts'

/** The known claims of a token or an assertion. */
export interface StatedClaims {
  /** Condition keys with their values: `token.actions.githubusercontent.com:sub`, `saml:sub`. */
  readonly keys: Readonly<Record<string, readonly string[]>>
  /** Session tags that are not transitive, and those that are. */
  readonly tags: Readonly<Record<string, string>>
  readonly transitive: Readonly<Record<string, string>>
  readonly sourceIdentity?: string
  /** The roles that it is for, by ARN, if it names any. */
  readonly roles?: readonly string[]
  /** Whether the token says nothing else. If not, other claims are what the attacker can have it say. */
  readonly isComplete: boolean
}

const samlAttributes = 'https://aws.amazon.com/SAML/Attributes/'

/**
 * Reads claims as a token of a provider has them, or attributes of an assertion of SAML: `sub`, `saml:sub`,
 * `https://aws.amazon.com/SAML/Attributes/PrincipalTag:team`.
 * @throws TypeError if a session tag does not have one value
 */
export function readStatedClaims(
  claims: Readonly<Record<string, unknown>>,
  issuer: string,
  isSaml: boolean,
  isComplete: boolean,
): StatedClaims {
  const { tags, transitive } = isSaml ? samlTagsOf(claims) : tokenTagsOf(claims)
  const all: [string, string][] = []
  for (const [key, values] of tags) {
    const [value] = values
    if (values.length !== 1 || value === undefined)
      throw new TypeError(`The session tag ${key} must have one value.`)
    all.push([key, value])
  }
  const missing = transitive.find((key) => !tags.has(key))
  if (missing !== undefined) throw new TypeError(`The transitive tag ${missing} has no value.`)
  const isPassedOn = ([key]: readonly [string, string]): boolean => transitive.includes(key)
  const identity = claims[isSaml ? `${samlAttributes}SourceIdentity` : sourceIdentityClaim]
  const roles = isSaml ? undefined : tokenRolesOf(claims)
  return {
    keys: isSaml ? samlKeysOf(claims) : tokenKeysOf(claims, issuer),
    tags: Object.fromEntries(all.filter((each) => !isPassedOn(each))),
    transitive: Object.fromEntries(all.filter(isPassedOn)),
    ...(typeof identity === 'string' ? { sourceIdentity: identity } : {}),
    ...(roles === undefined ? {} : { roles }),
    isComplete,
  }
}

function samlKeysOf(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(claims)
      .filter(([name]) => !name.startsWith(samlAttributes))
      .map(([name, value]) => [`saml:${name.replace(/^saml:/i, '')}`, claimTexts(value)]),
  )
}

function samlTagsOf(claims: Readonly<Record<string, unknown>>): ReturnType<typeof tokenTagsOf> {
  const start = `${samlAttributes}PrincipalTag:`
  const tags = Object.entries(claims).flatMap(([name, value]): [string, readonly string[]][] =>
    name.startsWith(start) ? [[name.slice(start.length), claimTexts(value)]] : [],
  )
  return { tags: new Map(tags), transitive: claimTexts(claims[`${samlAttributes}TransitiveTagKeys`]) }
}
