import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  attachablePolicies,
  managedPolicies,
  techniqueTable,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  graphOf,
  isOutsider,
  joinWorlds,
  readInventory,
  readOrganizations,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import {
  type AccountFile,
  account,
  administratorAccess,
  allow,
  detailsOf,
  inventoryOf,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'
import { checkAgreement } from './agreement.ts'

/** A world, with the verdict that AWS's rules give for it; worked out by hand. */
export interface Kind {
  readonly name: string
  readonly expect: 'proven' | 'conditional' | 'no' | 'undecided'
  readonly file: AccountFile
  /** The keys that are left, for `conditional`. */
  readonly keys?: readonly string[]
  /** The requests of the best path, in their order. */
  readonly requests?: readonly string[]
  readonly resources?: readonly object[]
  /** Members of the inventory in place of those of the file. */
  readonly inventory?: object
  readonly organization?: object
  /** Another account, with the number `other`. */
  readonly beside?: AccountFile
  readonly from?: string
  readonly to?: string
}

export const other = '444455556666'
export const root = `arn:aws:iam::${account}:root`
export const when = (operator: string, key: string, value: unknown) => ({ [operator]: { [key]: value } })

/** An administrator role that some principal may assume. */
export const adm = (trust: object, more: object = {}) => ({
  adm: { trust, attached: [administratorAccess], ...more },
})
/** The administrator role, which lets in everyone who meets some conditions. */
export const open = (condition: object, Principal: unknown = { AWS: '*' }, more: object = {}) => ({
  adm: {
    trust: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition: condition }],
    attached: [administratorAccess],
    ...more,
  },
})
/** dev alone, or with roles beside it. */
export const dev = (
  statements: readonly Statement[],
  more: object = {},
  rest: AccountFile = {},
): AccountFile => ({
  ...rest,
  users: { dev: { statements, ...more }, ...rest.users },
})
/** dev who may assume the administrator role on some conditions of its own policy. */
export const assumes = (condition: object, more: object = {}): AccountFile =>
  dev([allow('sts:AssumeRole', roleArn('adm'), condition)], more, { roles: adm({ AWS: root }) })
/** dev who may assume the administrator role on some conditions of the trust policy. */
export const trusted = (
  condition: object,
  more: object = {},
  Principal: unknown = { AWS: root },
): AccountFile =>
  dev([allow('sts:AssumeRole', roleArn('adm'))], more, {
    roles: {
      adm: {
        trust: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition: condition }],
        attached: [administratorAccess],
      },
    },
  })
/** dev who empowers itself on some conditions. */
export const self = (condition: object, more: object = {}): AccountFile =>
  dev([allow('iam:PutUserPolicy', userArn('dev'), condition)], more)

const document = (Statement: readonly Statement[]) => ({ Version: '2012-10-17', Statement })

/** An organization of two accounts with SCPs and RCPs of the level above both. */
export const organization = (
  rcps: readonly Statement[] = [],
  scps: readonly Statement[] = [],
  management = '777788889999',
) => ({
  id: 'o-a1b2c3d4e5',
  rootId: 'r-ab12',
  managementAccount: management,
  scps: [{ name: 'scp', document: document([allow('*'), ...scps]) }],
  rcps: rcps.length === 0 ? [] : [{ name: 'rcp', document: document(rcps) }],
  accounts: [account, other],
})

/** The verdict for a world, the keys that are left, and the techniques of the best path. */
export function answerOf({ file, resources, inventory, organization: tree, beside, from = 'dev', to }: Kind) {
  const organizations = tree === undefined ? undefined : readOrganizations(tree)
  const common = {
    ...(organizations === undefined ? {} : { organization: organizations }),
    awsPolicy: (arn: string) => managedPolicies().find(arn)?.document,
    awsPolicies: attachablePolicies,
  }
  const world = readWorld({
    ...common,
    details: detailsOf(file),
    inventory: readInventory({
      ...(inventoryOf(file) as object),
      ...(resources === undefined ? {} : { resources }),
      ...inventory,
    }),
  })
  const worlds = [world]
  if (beside !== undefined)
    worlds.push(
      readWorld({
        ...common,
        details: detailsOf(beside)
          .replaceAll(`iam::${account}:`, `iam::${other}:`)
          .replaceAll('iam::OWN:', `iam::${account}:`),
        inventory: readInventory(inventoryOf(beside)),
      }),
    )
  const graph = graphOf(worlds.length === 1 ? world : joinWorlds(worlds), techniqueTable())
  const start = graph.findStart(from)
  const goal = to === undefined ? undefined : graph.find(to)
  if (start === undefined || (to !== undefined && goal === undefined)) throw new Error('no start or goal')
  if (!isOutsider(start)) checkAgreement(graph, start, goal)
  const { verdict, residual, paths } = graph.paths(start, goal)
  return {
    verdict: verdict === 'none' || verdict === 'blocked' ? 'no' : verdict,
    keys: [...new Set(residual.map(({ key }) => key))].sort(),
    techniques: (paths[0]?.steps ?? []).map(({ technique }) => technique),
    requests: (paths[0]?.steps ?? []).flatMap(({ proof }) =>
      proof !== undefined && 'witness' in proof ? proof.witness.requests.map(({ action }) => action) : [],
    ),
    results: paths.flatMap(({ steps }) => steps.map(({ result }) => result)),
  }
}

/** A test for each world, by title. */
export function describeKinds(all: Readonly<Record<string, readonly Kind[]>>): void {
  for (const [title, kinds] of Object.entries(all))
    describe(`kinds of accounts: ${title}`, () => {
      for (const kind of kinds)
        test(kind.name, () => {
          const { verdict, keys, techniques, requests } = answerOf(kind)
          assert.equal(verdict, kind.expect, [...keys, ...techniques].join(' > '))
          if (kind.keys !== undefined) assert.deepEqual(keys, kind.keys)
          if (kind.requests !== undefined) assert.deepEqual(requests, kind.requests)
        })
    })
}

export const tag = (value: string) => ({ tags: { team: value } })
export const team = 'aws:PrincipalTag/team'
export const mfa = 'aws:MultiFactorAuthPresent'
export const lambda = { Service: 'lambda.amazonaws.com' }
export const makes = allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])
export const passes = (condition?: object, resource = roleArn('adm')) =>
  allow('iam:PassRole', resource, condition)
export const passing = (
  condition?: object,
  more: readonly Statement[] = [makes],
  role: object = {},
): AccountFile => dev([passes(condition), ...more], {}, { roles: adm(lambda, role) })
export const ofOther = (role: string) => `arn:aws:iam::${other}:role/${role}`
/** A role of the other account that trusts this one. */
export const foreign = (trust: object = { AWS: 'arn:aws:iam::OWN:root' }) => ({ roles: adm(trust) })
export const goes = (more: AccountFile = {}, statements: readonly Statement[] = []) =>
  dev([allow('sts:AssumeRole', ofOther('adm')), ...statements], {}, more)
export const reserved = (name: string, statements: readonly Statement[], more: object = {}) => ({
  [`AWSReservedSSO_${name}_0123456789abcdef`]: {
    path: '/aws-reserved/sso.amazonaws.com/',
    trust: { Federated: `arn:aws:iam::${account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE` },
    statements,
    ...more,
  },
})
export const ssoName = (name: string) => `role/AWSReservedSSO_${name}_0123456789abcdef`
export const many = (count: number, make: (place: number) => string) =>
  Array.from({ length: count }, (_, place) => make(place))
