import type { Same } from './language.ts'

/** Names in the reason of a refusal. */
type Names = Readonly<Record<string, string | undefined>>

/** The words of a decision. A name that one language lacks does not compile. */
export type ReasonWords = Same<typeof reasonEnglish>

const closed = (pieces: readonly string[]): readonly string[] =>
  pieces.map((text, i) => (i < pieces.length - 1 ? text : `${text})`))

/** The words of a decision in English: its gates, its statements, and the fixes. Lists are pieces of a sentence. */
export const reasonEnglish = {
  allowed: '✓ allowed',
  denied: '✗ DENIED',
  failed: '✗ FAILED',
  as: (who: string) => `as ${who}`,
  letThrough: 'but let through, for the mode is audit',
  assumed: (ids: string) => `assumed: ${ids} (docs/behaviour)`,
  gone: 'the caller is gone since',
  nowAllowed: '✓ now allowed:',
  before: (action: string, resource: string, count: number, by: string | undefined): readonly string[] =>
    closed([
      `(${action}`,
      count === 1 ? `on ${resource}` : `on ${count} resources`,
      'is allowed',
      ...(by === undefined ? [] : [`as ${by}`]),
    ]),
  beforeMore: (count: number) => `(and ${count} more that are allowed)`,
  behind: (action: string, resource: string) => `Behind it, denied too: ${action}  ${resource}`,
  beyond: (count: number) => `and ${count} questions more, which are not looked at`,
  deniedBy: (place: string) => `denied by ${place}`,
  nothingIn: (layer: string) => `nothing in the ${layer} allows it`,
  noneAllows: (layer: string) => `there is no ${layer.replace(/ies$/, 'y')} that allows it`,
  needsNone: 'needs no permission',
  by: (what: string) => `by ${what}`,
  count: (allowed: number, all: number) => `${allowed} of ${all} allowed`,
  gates: {
    exempt: 'everybody may: it needs no permission',
    because: (what: string) => `because of ${what}`,
    scopes: '– scopes of the session: each must allow it, and one does not',
    of: (layer: string, place: string) => `${layer} of ${place}`,
    root: 'the root',
    account: 'the account',
    unit: (level: number) => `unit ${level}`,
    nothingDenies: (count: number) =>
      `nothing in ${count === 1 ? '1 policy' : `${count} policies`} denies it`,
    allowedBy: 'allowed by',
    deniedBy: 'DENIED by',
    notApplied: 'does not bind this caller',
    nothingInIt: 'nothing in it allows it',
    nothingIn: (policy: string) => `nothing in ${policy} allows it`,
    nothingInThese: (count: number) => `nothing in these ${count} policies allows it`,
    noResource: 'there is no such resource',
    none: 'there is none',
    noneNeeded: 'there is none, and one must allow',
    more: (count: number) => `and ${count} more`,
    moreInJson: (count: number) => `and ${count} more: --output json`,
    position: (line: number, column: number) => ` (line ${line}, column ${column})`,
    notEvaluated: 'could not be evaluated:',
    wants: (what: string, values: string) => `${what} wants ${values},`,
    namesIt: (element: string) => `its ${element} names it:`,
    doesNotMatch: (element: string) => `its ${element} does not match:`,
  },
  /** A statement of a policy. */
  place: (policy: string, statement: string) => `${policy}, ${statement}`,
  statement: (number: number) => `statement ${number}`,
  moreValues: (count: number) => ` and ${count} more`,
  hasNo: (key: string) => `the request has no ${key}`,
  has: (value: string) => `the request has ${value}`,
  secret: (key: string) => `you may not read the value of ${key}`,
  /** Why no value of a key that holds a list would do (behaviour POL-200). */
  listKey:
    'a key that holds a list satisfies no operator without ForAllValues or ForAnyValue, whatever its values',
  marks: {
    noAction: (name: string, meant: string) => `AWS has no action ${name}: ${meant} is meant?`,
    holds: (seen: string) => `it holds: ${seen}`,
    noValue: (name: string, why: string) => `\${${name}} has no value: ${why}`,
    noKey: 'the request has no such key',
    noTag: (tag: string) => `the caller has no tag ${tag}`,
    older: 'variables need "Version": "2012-10-17"; this document is older',
    wants: (values: string) => `wants ${values} here; `,
    excludes: (what: string) => `excludes ${what}`,
    doesNotMatch: (what: string) => `does not match ${what}`,
  },
  layers: {
    identity: 'identity policies',
    resource: 'resource policy',
    trust: 'trust policy',
    boundary: 'permissions boundary',
    session: 'session policy',
    scp: 'service control policy',
    rcp: 'resource control policy',
    endpoint: 'VPC endpoint policy',
  },
  ways: {
    none: 'No edit of a policy would allow it.',
    one: 'The way out:',
    several: 'Ways out, the best first:',
    rest: (count: number) => `(${count} more: --output json)`,
    changeCall: 'Change the call:',
    and: 'and',
    putOn: 'Put on a role that may:',
    weaken: (names: string) => `Weaken a guardrail (${names}):`,
    guardrail: (name: string) => name,
    widerSession: 'Make the session with a wider policy:',
    allow: 'Allow it:',
    or: (values: string) => ` (or ${values})`,
    noTag: (name: string) => `do not send the tag ${name}`,
    noKey: (name: string) => `do not send ${name}`,
    mfa: 'give MFA:',
    mfaRole: 'put the role on with MFA:',
    mfaFirst: 'sign in with MFA first:',
    externalId: 'send the external id:',
    tag: (name: string) => `send the tag ${name}:`,
    onlyTags: (names: string) => `send no tags but ${names}`,
    region: 'call another region:',
    freshSession: (): readonly string[] => ['take a fresh session:', 'older ones are revoked'],
    https: (): readonly string[] => ['call by https,', 'or start the server with --assume-tls'],
    leftOut: 'The ways out are left out: omen why --ways',
    opens: (): readonly string[] => [
      '⚠ This opens a path to an administrator',
      'for whoever has the permission.',
    ],
    mayOpen: (): readonly string[] => ['⚠ It is not known whether this opens', 'a path to an administrator.'],
    network: (values: readonly string[]) => `call from ${values.join(' or ')}`,
    time: 'call at another time:',
    either: (values: readonly string[]) => values.join(' or '),
    sessionName: 'name the session:',
    sourceIdentity: 'set the source identity:',
    boundary: 'give it the permissions boundary:',
    makeWith: (key: string, value: string) => `make it with ${key} = ${value}`,
    insteadOf: (value: string) => `instead of ${value}`,
    addTo: (where: string): readonly string[] => ['add to', `${where}:`],
    add: (what: string, to: string, where: string): readonly string[] => [
      `add ${what}`,
      `to ${to}`,
      `in ${where}`,
    ],
    remove: (what: string, where: string): readonly string[] => [`remove ${what}`, `from ${where}`],
    removeFrom: (what: string, from: string, where: string): readonly string[] => [
      `remove ${what}`,
      `from ${from}`,
      `in ${where}`,
    ],
    removeStatement: (where: string): readonly string[] => ['remove the statement', `from ${where}`],
    edit: (type: string, where: string) => `${type} in ${where}`,
    layer: (name: string) => `the ${name}`,
    asBoundary: ' (permissions boundary)',
  },
  failure: {
    from: (address: string) => `from ${address}`,
    /** Refusals of the access portal, by their kind. */
    portal: {
      noUser: ({ user }) =>
        `The user ${user} was deleted or disabled, or has a new password since it signed in.`,
      noSession: () =>
        'The token is of no session here, or its session has ended: aws sso login begins another one.',
      noSet: ({ set }) => `There is no permission set ${set}.`,
      noAccount: ({ account }) => `Account ${account} does not belong to the organization, or is suspended.`,
      notTrusted: () =>
        'The organization does not trust sso.amazonaws.com: organizations enable-aws-service-access.',
      notAssigned: ({ user, set, account }) =>
        `Neither ${user} nor a group of ${user} has the permission set ${set} in account ${account}: sso-admin create-account-assignment.`,
      notProvisioned: ({ set, account }) =>
        `The role of ${set} or its SAML provider is missing in account ${account}: sso-admin provision-permission-set makes it.`,
      noTenant: ({ tenant }) =>
        `The tenant ${tenant} is not that of the organization, or the organization does not trust account-access.amazonaws.com: account-access list-applications.`,
      noScope: ({ scope }) => `The client of the token was registered without the scope ${scope}.`,
      notEntitled: ({ user, role }) =>
        `Neither ${user} nor a group of ${user} is entitled to ${role}, or its account is not active: account-access create-entitlement.`,
      noRole: ({ role }) => `The role ${role} was deleted.`,
      roleRefuses: ({ role }) =>
        `The trust policy of ${role} does not let account-access.amazonaws.com assume it with a context: sts:AssumeRole and sts:SetContext, for this application.`,
    } satisfies Readonly<Record<string, (names: Names) => string>>,
    notAsked: 'No policy was asked: the call ended before that.',
    theKey: 'the key',
    unknownKey: (key: string): readonly string[] => [
      `This server has no active key ${key}: the key belongs to another server or to AWS, or was deleted or made inactive.`,
      'Keys of this server: eval "$(omen env)"',
    ],
    mismatch: (key: string, caller: string | undefined): readonly string[] => [
      `The key ${key} is known${caller === undefined ? '' : ` (${caller})`}, but the request was signed with another secret, or changed on its way (a proxy, another Host).`,
      'The secret of this server: eval "$(omen env)"',
    ],
    expiredToken: 'The session is over: put the role on again (omen assume).',
    invalidToken:
      'The session token does not come from this server, does not belong to the key, or was altered; or the session, its role or its user is gone.',
    clocks: 'The clocks of the caller and of the server differ: omen doctor shows by how much.',
    missing: 'The request has no signature: the client found no credentials. eval "$(omen env)"',
    scope: 'It was signed for another service, region or day than it was sent to.',
    unreadable: 'The request was signed, but not so that the signature can be checked.',
  },
  notices: {
    nothingDenied: (who: string) => `nothing was denied to ${who}; the last denial of another:`,
    newer: (who: string, other: string, id: string) =>
      `the last denial of ${who}. A newer one, of ${other}: omen why ${id}`,
    everyResource: (action: string, arn: string) =>
      `! The question is about every resource (*), but ${action} is allowed for each resource: name one like ${arn}`,
  },
  pass: {
    can: (who: string, role: string, service: string) => `${who} can hand ${role} to ${service}`,
    cannot: (who: string, role: string, service: string) => `${who} cannot hand ${role} to ${service}`,
    callerHalf: 'caller half',
    roleHalf: 'role half',
    takenBy: 'taken by',
    onRole: (service: string) => `iam:PassRole on the role (iam:PassedToService = ${service})`,
    more: (id: string) => `more: omen why ${id}`,
    trusts: (service: string) => `the role’s trust policy lets ${service} put it on`,
    trustsNotNow: (service: string) =>
      `the role’s trust policy names ${service}, but not under these conditions`,
    trustsNot: (service: string, names: readonly string[]) =>
      `the role’s trust policy does not let ${service} put it on (it names ${names.length === 0 ? 'no service' : names.join(', ')})`,
    nobodyTakes: (service: string) => `no operation is known by which a role is handed to ${service}`,
    doubt: '?: it is not known that iam:PassRole is asked for there',
  },
}
