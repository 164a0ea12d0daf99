import { compile, type Policy, parsePolicy } from '@omen-iam/policy'
import { AwsError, json } from './aws.ts'
import { catalogue } from './completions.ts'
import { type Rest, readable, restOf } from './effective.ts'

export type PolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY'
export const policyTypes: readonly PolicyType[] = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']

/** A root, an organizational unit or an account. */
export interface OrganizationNode {
  readonly kind: 'root' | 'unit' | 'account'
  readonly id: string
  readonly name: string
  /** Of an account: ACTIVE, SUSPENDED and so on. */
  readonly state?: string
  /** From the root down to what is above. */
  readonly above: readonly string[]
  readonly children: readonly OrganizationNode[]
}

/** An organization with its tree. */
export interface Organization {
  readonly id: string
  readonly management: string
  readonly featureSet: string
  readonly root: OrganizationNode
  readonly enabledTypes: readonly string[]
}

interface Root {
  readonly Id: string
  readonly Name: string
  readonly PolicyTypes: readonly { readonly Type: string; readonly Status: string }[]
}

/** The organization; undefined if the account is in none. */
export async function organization(signal?: AbortSignal): Promise<Organization | undefined> {
  let found: { readonly Id: string; readonly MasterAccountId: string; readonly FeatureSet: string }
  try {
    found = (
      await json<{ Organization: typeof found }>('organizations', 'DescribeOrganization', {}, { signal })
    ).Organization
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AWSOrganizationsNotInUseException') return undefined
    throw error
  }
  const [root] = (await json<{ Roots: readonly Root[] }>('organizations', 'ListRoots', {}, { signal })).Roots
  if (root === undefined) return undefined
  return {
    id: found.Id,
    management: found.MasterAccountId,
    featureSet: found.FeatureSet,
    root: {
      kind: 'root',
      id: root.Id,
      name: root.Name,
      above: [],
      children: await childrenOf(root.Id, [root.Id], signal),
    },
    enabledTypes: root.PolicyTypes.filter(({ Status }) => Status === 'ENABLED').map(({ Type }) => Type),
  }
}

/** Every page of a list of Organizations. */
async function everyPage<T>(
  action: string,
  list: string,
  input: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<readonly T[]> {
  const found: T[] = []
  for (let NextToken: string | undefined; ; ) {
    const answer = await json<Readonly<Record<string, unknown>>>(
      'organizations',
      action,
      { ...input, ...(NextToken === undefined ? {} : { NextToken }) },
      { signal },
    )
    found.push(...(answer[list] as readonly T[])) // the operation's own list
    if (typeof answer.NextToken !== 'string') return found
    NextToken = answer.NextToken
  }
}

async function childrenOf(
  ParentId: string,
  above: readonly string[],
  signal?: AbortSignal,
): Promise<readonly OrganizationNode[]> {
  const [units, accounts] = await Promise.all([
    everyPage<{ Id: string; Name: string }>(
      'ListOrganizationalUnitsForParent',
      'OrganizationalUnits',
      { ParentId },
      signal,
    ),
    everyPage<{ Id: string; Name: string; Status: string }>(
      'ListAccountsForParent',
      'Accounts',
      { ParentId },
      signal,
    ),
  ])
  return [
    ...(await Promise.all(
      units.map(
        async ({ Id, Name }): Promise<OrganizationNode> => ({
          kind: 'unit',
          id: Id,
          name: Name,
          above,
          children: await childrenOf(Id, [...above, Id], signal),
        }),
      ),
    )),
    ...accounts.map(
      ({ Id, Name, Status }): OrganizationNode => ({
        kind: 'account',
        id: Id,
        name: Name,
        state: Status,
        above,
        children: [],
      }),
    ),
  ]
}

/** A policy of the organization. */
export interface ControlPolicy {
  readonly id: string
  readonly name: string
  readonly type: PolicyType
  readonly isAws: boolean
  readonly document: string
}

interface Summary {
  readonly Id: string
  readonly Name: string
  readonly AwsManaged: boolean
}

/** The policies that are attached to a root, unit or account itself, with their documents. */
export async function attachedPolicies(
  TargetId: string,
  type: PolicyType,
  signal?: AbortSignal,
): Promise<readonly ControlPolicy[]> {
  const found = await everyPage<Summary>(
    'ListPoliciesForTarget',
    'Policies',
    { TargetId, Filter: type },
    signal,
  )
  return Promise.all(
    found.map(async ({ Id, Name, AwsManaged }) => {
      const { Policy } = await json<{ Policy: { Content: string } }>(
        'organizations',
        'DescribePolicy',
        { PolicyId: Id },
        { signal },
      )
      return { id: Id, name: Name, type, isAws: AwsManaged, document: Policy.Content }
    }),
  )
}

/** All policies of a type, without their documents. */
export function listControlPolicies(type: PolicyType, signal?: AbortSignal): Promise<readonly Summary[]> {
  return everyPage<Summary>('ListPolicies', 'Policies', { Filter: type }, signal)
}

/** Texts of the policies of each level, from the root down to the account. */
export type LevelTexts = readonly (readonly string[])[]

/**
 * The actions that SCPs and RCPs leave of services that they name, and of all others together: an action is left if each level
 * allows it on some resource. RCPs bind the actions of some services only.
 */
export async function leftBy(scps: LevelTexts, rcps: LevelTexts): Promise<Rest> {
  const scpPolicies = scps.map((texts) => readable(texts, 'scp'))
  const rcpPolicies = rcps.map((texts) => readable(texts, 'rcp'))
  const identity = everythingAllowed()
  const scp = sources(scpPolicies, 'scp')
  const policies = [...scpPolicies, ...rcpPolicies].flat()
  const everything = compile({ identity })
  const isRead = policies.length === [...scps, ...rcps].flat().length
  const [byScps, byBoth, { rcpServices }] = await Promise.all([
    restOf(policies, everything, compile({ identity, scp }), isRead),
    restOf(policies, everything, compile({ identity, scp, rcp: sources(rcpPolicies, 'rcp') }), isRead),
    catalogue(),
  ])
  const rows = byScps.rows.map((row) => {
    const both = rcpServices.includes(row.service)
      ? byBoth.rows.find(({ service }) => service === row.service)
      : undefined
    const effective = both?.effective ?? row.effective
    return { ...row, effective, takenByRcps: row.effective - effective }
  })
  return { rows, uncounted: byScps.uncounted }
}

function sources(levels: readonly (readonly Policy[])[], type: 'scp' | 'rcp') {
  return levels.map((policies) => policies.map((policy) => ({ policy, source: { type } })))
}

function everythingAllowed() {
  const parsed = parsePolicy('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', 'identity')
  return parsed.ok ? [{ policy: parsed.policy, source: { type: 'role' as const } }] : []
}
