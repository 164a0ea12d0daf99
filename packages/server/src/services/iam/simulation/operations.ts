import { contextKeys, type PolicySource } from '@omen-iam/policy'
import {
  type AccessRequest,
  type Call,
  entitySources,
  family,
  type Levels,
  scpLevels,
} from '../../../authorization/index.ts'
import { accountInArn } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { asksEntity, type Entity, getEntity, policiesOf, policyEntitiesOf } from '../entity.ts'
import { invalidInput } from '../faults.ts'
import { nobodyOf, type SimulatedCaller, simulatedCaller } from './caller.ts'
import { inputSources } from './documents.ts'
import { type Exclusions, exclusions } from './exclusions.ts'
import { isAssuming, type SimulationInput, simulate } from './simulate.ts'

interface OfSource {
  readonly PolicySourceArn: string
}

/**
 * The question about another account's entity is the same; the operation reports that it is out of reach (behaviour
 * SIM-22).
 */
const asksSource = {
  requests: (input: OfSource, call: Call): readonly AccessRequest[] =>
    asksEntity((of: OfSource) => of.PolicySourceArn)
      .requests(input, call)
      .map((request) => ({ ...request, resourceAccount: call.account.id })),
}

/** What policies would decide, and which condition keys they use. */
export const simulationFamily = family<Iam.Operations>()({
  SimulateCustomPolicy: {
    run(input, call) {
      const callerGiven = input.CallerArn !== undefined
      const caller = callerGiven ? simulatedCaller(input.CallerArn!, call) : nobodyOf(call.account) // given, by the test
      if (input.ResourcePolicy !== undefined && !callerGiven) {
        throw invalidInput('A caller ARN is required when a resource policy is specified.')
      }
      checkCaller(caller, input)
      return simulate(
        input,
        {
          caller,
          callerGiven,
          identity: inputSources('PolicyInputList', input.PolicyInputList, 'identity'),
          boundary: boundaryOf(input.PermissionsBoundaryPolicyInputList),
          scp: organizationLevels(input.OrderedOrganizationPolicyInputList),
          ownTrust: false,
        },
        call,
      )
    },
  },
  SimulatePrincipalPolicy: {
    ...asksSource,
    run(input, call) {
      const entity = getSource(input, call)
      const caller = simulatedCaller(input.CallerArn ?? entity.arn, call, entity)
      checkCaller(caller, input)
      const excluded = exclusions(input.PolicyExclusionList ?? [], policyEntitiesOf(entity, call.account))
      const more = inputSources('PolicyInputList', input.PolicyInputList ?? [], 'identity')
      const boundary =
        boundaryOf(input.PermissionsBoundaryPolicyInputList) ?? ownBoundary(entity, excluded, call)
      const scp =
        caller.linked || excluded.excludesType('scp')
          ? undefined
          : scpLevels(call.account, call.house.directory)
      return simulate(
        input,
        {
          caller,
          callerGiven: true,
          identity: [...policiesOf(entity, call.account).filter(excluded.keeps), ...more],
          boundary,
          scp,
          ownTrust: true,
        },
        call,
      )
    },
  },
  GetContextKeysForCustomPolicy: {
    run: (input) => ({
      ContextKeyNames: keysIn(inputSources('PolicyInputList', input.PolicyInputList, 'identity')),
    }),
  },
  GetContextKeysForPrincipalPolicy: {
    ...asksSource,
    run(input, call) {
      const entity = getSource(input, call)
      const more = inputSources('PolicyInputList', input.PolicyInputList ?? [], 'identity')
      return { ContextKeyNames: keysIn([...policiesOf(entity, call.account), ...more]) }
    },
  },
})

/** @throws Fault InvalidInput for an entity of another account, otherwise as `getEntity` */
function getSource({ PolicySourceArn: arn }: OfSource, call: Call): Entity {
  const of = accountInArn(arn)
  if (of === undefined || of === call.account.id) return getEntity(arn, call)
  throw invalidInput(
    `Invalid Policy Source Arn: caller's account ${call.account.id} does not have access to policies in account ${of}`,
  )
}

function keysIn(sources: readonly PolicySource[]): readonly string[] {
  return contextKeys(sources.map(({ policy }) => policy))
}

/**
 * AWS simulates resource policies for users only. A role may be the caller if the question is whether it may assume
 * another role (behaviour SIM-31).
 */
function checkCaller(caller: SimulatedCaller, input: SimulationInput): void {
  if (input.ResourcePolicy === undefined || caller.type === 'user') return
  if (caller.type === 'role' && input.ActionNames.every(isAssuming)) return
  throw invalidInput('Invalid caller - Caller must be an IAM user in this context.')
}

function boundaryOf(documents: readonly string[] | undefined): readonly PolicySource[] | undefined {
  if (documents === undefined || documents.length === 0) return undefined
  if (documents.length > 1) throw invalidInput('Only one permissions boundary policy can be specified.')
  return inputSources('PermissionsBoundaryPolicyInputList', documents, 'boundary')
}

function ownBoundary(entity: Entity, excluded: Exclusions, call: Call): readonly PolicySource[] | undefined {
  if (entity.type === 'group' || excluded.excludesType('permission-boundary')) return undefined
  const sources =
    entity.type === 'user'
      ? entitySources({ type: 'user', user: entity.record }, call.account)
      : entitySources({ type: 'role', role: entity.record }, call.account)
  return sources.boundary
}

const levelsMost = 7

/** SCPs by level, the root's first; a level without policies allows nothing. */
function organizationLevels(
  levels: readonly Iam.OrderedOrganizationPolicyType[] | undefined,
): Levels | undefined {
  if (levels === undefined || levels.length === 0) return undefined
  if (levels.length > levelsMost) throw invalidInput(`An organization has at most ${levelsMost} levels.`)
  return levels.map(({ ServiceControlPolicyInputList: documents = [] }, level) => {
    const member = `OrderedOrganizationPolicyInputList.${level + 1}.ServiceControlPolicyInputList`
    return inputSources(member, documents, 'scp', 'scp')
  })
}
