import { parseJson } from '@omen-iam/policy'
import type { AccountImage, OrganizationImage } from '../image/index.ts'
import { checkShape, list, object, oneOf, orNull, plainValue, type Shape, text } from '../shape/index.ts'
import { forms } from './answers/answer.ts'
import { type AccountList, accountLists, type OrganizationList, organizationLists } from './draft.ts'
import { lenderShapes } from './lender-shapes.ts'
import { intakeLimits } from './limits.ts'

const number: Shape = { type: 'number' }
const flag: Shape = { type: 'flag' }
const at = object({ file: text(), line: number, column: number, resource: text() }, [
  'file',
  'line',
  'column',
])
const tags = list(object({ Key: text(), Value: text() }, ['Key', 'Value']))
const name = text(undefined, forms.name)
const arn = text(undefined, forms.arn)
const id = text(undefined, forms.id)
const path = text(undefined, forms.path)
const use = object({ at: number, region: text(), service: text() }, ['at', 'region'])
const version = text(undefined, /^v[1-9]\d{0,8}$/)

const named = { at, name, id, path, createdAt: number }
const identity = {
  ...named,
  inline: list(object({ at, name, document: text() }, ['at', 'name', 'document'])),
  attached: list(arn),
}

const accountId = text(undefined, /^\d{12}$/)
/** Ids of users, groups and memberships of a directory. */
const centerId = text(undefined, /^[\w-]{1,64}$/)
const setId = text(undefined, /^ps-[\w-]{1,64}$/)
const reference = object({ name, path }, ['name', 'path'])

/** The form of each entity. */
const accountShapes: Readonly<Record<AccountList, Shape>> = {
  users: object(
    { ...identity, groups: list(name), tags, boundaryArn: orNull(arn), passwordLastUsed: number },
    ['at', 'name'],
  ),
  groups: object(identity, ['at', 'name']),
  roles: object(
    {
      ...identity,
      trust: text(),
      tags,
      boundaryArn: orNull(arn),
      description: orNull(text()),
      maxSessionSeconds: number,
      lastUsed: use,
    },
    ['at', 'name'],
  ),
  policies: object(
    {
      ...named,
      description: text(),
      updatedAt: number,
      defaultVersion: version,
      versions: list(object({ at, id: version, document: text(), createdAt: number }, ['at', 'document'])),
      tags,
    },
    ['at', 'name'],
  ),
  instanceProfiles: object({ ...named, role: orNull(name), tags }, ['at', 'name']),
  oidcProviders: object(
    {
      at,
      url: text(undefined, /^[\w.-]+(?:\/[!-~]*)?$/),
      createdAt: number,
      clientIds: list(text()),
      thumbprints: list(text()),
      tags,
    },
    ['at', 'url'],
  ),
  samlProviders: object(
    { at, name, id: text(), createdAt: number, metadata: text(), validUntil: number, tags },
    ['at', 'name'],
  ),
  accessKeys: object(
    { at, id, user: orNull(name), active: flag, createdAt: number, lastUsed: use },
    // without an owner it would be nobody's
    ['at', 'id', 'user', 'active'],
  ),
  loginProfiles: object({ at, user: name, createdAt: number, resetRequired: flag, passwordSetAt: number }, [
    'at',
    'user',
  ]),
  mfaDevices: object(
    { at, serial: text(undefined, /^[\w+=/:,.@-]{9,256}$/), user: orNull(name), enabledAt: number, tags },
    ['at', 'serial'],
  ),
  resourcePolicies: object({ at, arn, document: text() }, ['at', 'arn', 'document']),
  ...lenderShapes,
  centerUsers: object({ at, id: centerId, name: text(), given: text(), enabled: flag }, [
    'at',
    'id',
    'name',
    'given',
  ]),
  centerGroups: object({ at, id: centerId, name: text(), description: text() }, ['at', 'id', 'name']),
  centerMemberships: object({ at, id: centerId, group: centerId, user: centerId }, ['at', 'group', 'user']),
  permissionSets: object(
    {
      at,
      id: setId,
      name: text(undefined, /^[\w+=,.@-]{1,32}$/),
      description: text(),
      duration: text(undefined, /^PT\d{1,3}[HM](?:\d{1,2}M)?$/),
      relayState: text(),
      createdAt: number,
      inline: text(),
      managed: list(arn),
      referred: list(reference),
      boundary: object({ arn, reference }, []),
      tags,
    },
    ['at', 'id'],
  ),
  centerAssignments: object(
    {
      at,
      account: accountId,
      set: setId,
      type: oneOf(['USER', 'GROUP']),
      principal: centerId,
    },
    ['at', 'account', 'set', 'type', 'principal'],
  ),
}

const entityId = text(undefined, /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z-]{4,68}|\d{12})$/)
const policyId = text(undefined, /^p-[0-9a-zA-Z_]{8,128}$/)

const services = list(object({ service: text(undefined, /^[\w+=,.@-]{1,128}$/), since: number }, ['service']))

const organizationShapes: Readonly<Record<OrganizationList, Shape>> = {
  accounts: object(
    {
      at,
      account: accountId,
      name: text(),
      email: text(),
      parentId: entityId,
      status: oneOf(['ACTIVE', 'SUSPENDED']),
      joinedMethod: oneOf(['CREATED', 'INVITED']),
      joinedAt: number,
      administers: services,
      tags,
    },
    ['at', 'account'],
  ),
  units: object({ at, id: entityId, name: text(), parentId: entityId, tags }, ['at', 'id', 'name']),
  policies: object(
    {
      at,
      id: policyId,
      type: text(undefined, /^[A-Z_0-9]{1,64}$/),
      name: text(),
      description: text(),
      content: text(),
      awsManaged: flag,
      tags,
    },
    ['at', 'id', 'type', 'name'],
  ),
  attachments: object({ at, policyId, target: entityId }, ['at', 'policyId', 'target']),
}

const accountOwn = object(
  {
    at,
    account: accountId,
    partition: oneOf(['aws', 'aws-cn', 'aws-us-gov']),
    name: text(),
    email: text(),
    createdAt: number,
    alias: orNull(text(undefined, /^[a-z0-9](?:-?[a-z0-9])*$/)),
    passwordPolicy: orNull(
      object(
        {
          at,
          minimumLength: number,
          symbols: flag,
          numbers: flag,
          uppercase: flag,
          lowercase: flag,
          usersMayChange: flag,
          maximumAge: number,
          reusePrevention: number,
          hardExpiry: flag,
        },
        ['at', 'minimumLength', 'symbols', 'numbers', 'uppercase', 'lowercase', 'usersMayChange'],
      ),
    ),
    center: object(
      {
        at,
        id: text(undefined, /^ssoins-[\w-]{1,64}$/),
        storeId: text(undefined, /^d-[\w-]{1,64}$/),
        region: text(undefined, /^[a-z0-9-]{1,32}$/),
        createdAt: number,
        attributes: list(object({ key: text(), sources: list(text()) }, ['key', 'sources'])),
        entitlements: list(
          object(
            {
              id: centerId,
              createdAt: number,
              type: oneOf(['USER', 'GROUP']),
              principal: centerId,
              role: text(),
            },
            ['type', 'principal', 'role'],
          ),
        ),
      },
      ['at'],
    ),
  },
  ['at', 'account', 'partition'],
)

const organizationOwn = object(
  {
    at,
    id: text(undefined, /^o-[a-z0-9]{10,32}$/),
    managementAccount: accountId,
    managementEmail: text(),
    featureSet: oneOf(['ALL', 'CONSOLIDATED_BILLING']),
    rootId: entityId,
    enabledPolicyTypes: list(text(undefined, /^[A-Z_0-9]{1,64}$/)),
    trustedServices: services,
  },
  ['at', 'managementAccount'],
)

/**
 * Some entities of an image, as they are sent to a server: an account or an organization without its lists, or
 * entities of one list.
 */
export type ImagePart =
  | { readonly account: AccountOwn; readonly list?: undefined }
  | { readonly account: AccountOwn; readonly list: AccountList; readonly things: readonly never[] }
  | { readonly organization: OrganizationOwn; readonly list?: undefined }
  | {
      readonly organization: OrganizationOwn
      readonly list: OrganizationList
      readonly things: readonly never[]
    }

/** An account's image without its lists. */
export type AccountOwn = Omit<AccountImage, AccountList>
/** An organization's image without its lists. */
export type OrganizationOwn = Omit<OrganizationImage, OrganizationList>

/** A part of an image that was sent; a sentence if it is not one. */
export function readPart(body: unknown): ImagePart | string {
  if (typeof body !== 'object' || body === null) return 'a part must be an object'
  const { account, organization, list: name, things } = body as Record<string, unknown> // an object, by the line above
  const settingsProblem =
    account === undefined ? check(organization, organizationOwn) : check(account, accountOwn)
  if (settingsProblem !== undefined) return settingsProblem
  if (name === undefined) return body as ImagePart // has just been checked
  const lists: object = account === undefined ? organizationLists : accountLists
  if (typeof name !== 'string' || !Object.hasOwn(lists, name)) return `there is no list ${String(name)}`
  const shape =
    account === undefined ? organizationShapes[name as OrganizationList] : accountShapes[name as AccountList] // one of its lists
  const problem = check(things, list(shape))
  if (problem !== undefined) return problem
  return body as ImagePart // has just been checked
}

function check(value: unknown, shape: Shape): string | undefined {
  const plain = JSON.stringify(value)
  if (plain === undefined) return 'a member is missing'
  const root = parseJson(plain, intakeLimits.depth)
  if (root.type === 'problem') return root.message
  const [problem] = checkShape(root, shape)
  if (problem !== undefined) return problem.message
  return wrongText(plainValue(root))
}

/** Returns the fault of the strings in a value: one is too long, or a document is not JSON. */
function wrongText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, each] of Object.entries(value)) {
    const most =
      name === 'metadata'
        ? intakeLimits.metadata
        : isDocument(name) || name === 'bundle'
          ? intakeLimits.documentCharacters
          : intakeLimits.text
    if (typeof each === 'string' && each.length > most) return `${name} is longer than ${most} characters`
    if (isDocument(name) && typeof each === 'string' && !isObject(each))
      return `${name} must be an object in JSON`
    const inner = wrongText(each)
    if (inner !== undefined) return inner
  }
  return undefined
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

function isDocument(name: string): boolean {
  return ['document', 'trust', 'content', 'inline', 'given', 'sessionPolicy'].includes(name)
}
