import { contextKeys, type PolicySource } from '@omen-iam/policy'
import {
  type AccessRequest,
  type Call,
  entitySources,
  family,
  type Levels,
  scpLevels,
} from '../../../authorization/index.ts'
import { parseArn } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import {
  asksEntity,
  type Entity,
  entityIn,
  findNamedEntity,
  policiesOf,
  policyEntitiesOf,
  unclearEntity,
} from '../entity.ts'
import { invalidInput, noSuchEntity } from '../faults.ts'
import { nobodyOf, simulatedCaller } from './caller.ts'
import { inputList, inputSources } from './documents.ts'
import { type Exclusions, exclusions } from './exclusions.ts'
import { simulate } from './simulate.ts'

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

/** The simulator: decisions of policies, and the condition keys that they use. */
export const simulationFamily = family<Iam.Operations>()({
  SimulateCustomPolicy: {
    run(input, call) {
      const callerGiven = input.CallerArn !== undefined
      if (input.ResourcePolicy !== undefined && !callerGiven) {
        throw invalidInput('Invalid caller - Caller cannot be null or empty.')
      }
      const caller = callerGiven ? simulatedCaller(input.CallerArn!, call) : nobodyOf(call.account) // given, by the test
      return simulate(
        input,
        {
          caller,
          callerGiven,
          identity: inputSources(inputList, input.PolicyInputList, 'identity'),
          boundary: boundaryOf(input.PermissionsBoundaryPolicyInputList),
          scp: organizationLevels(input.OrderedOrganizationPolicyInputList),
          inOrganization: false,
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
      const excluded = exclusions(input.PolicyExclusionList ?? [], policyEntitiesOf(entity, call.account))
      const more = inputSources(inputList, input.PolicyInputList ?? [], 'identity')
      const boundary =
        boundaryOf(input.PermissionsBoundaryPolicyInputList) ?? ownBoundary(entity, excluded, call)
      const asksScps = !caller.linked && !excluded.excludesType('scp')
      return simulate(
        input,
        {
          caller,
          callerGiven: true,
          identity: [...policiesOf(entity, call.account).filter(excluded.keeps), ...more],
          boundary,
          scp: asksScps ? scpLevels(call.account, call.deps.directory) : undefined,
          inOrganization: asksScps && call.account.settings.managementAccount !== undefined,
          ownTrust: true,
        },
        call,
      )
    },
  },
  GetContextKeysForCustomPolicy: {
    run: (input) => ({
      ContextKeyNames: keysIn(inputSources(inputList, input.PolicyInputList, 'identity')),
    }),
  },
  GetContextKeysForPrincipalPolicy: {
    ...asksSource,
    run(input, call) {
      const entity = getSource(input, call)
      const more = inputSources(inputList, input.PolicyInputList ?? [], 'identity')
      return { ContextKeyNames: keysIn([...policiesOf(entity, call.account), ...more]) }
    },
  },
})

/**
 * The entity that a simulation is about. @throws Fault InvalidInput for an entity of another account or an ARN of no entity, otherwise
 * NoSuchEntity (behaviours SIM-20 and SIM-22)
 */
function getSource({ PolicySourceArn: arn }: OfSource, call: Call): Entity {
  const entity = findNamedEntity(call.account, arn)
  if (entity !== undefined) return entity
  const parts = parseArn(arn)
  if (parts === undefined || (parts.service === 'iam' && !parts.resource.includes('/'))) {
    throw invalidInput(`Invalid ARN provided in the request: ${arn}`)
  }
  const resourceEntity = entityIn(arn)
  if (resourceEntity === undefined) throw unclearEntity(arn)
  if (resourceEntity.account !== call.account.id) {
    throw invalidInput(
      `Invalid Policy Source Arn: caller's account ${call.account.id} does not have access to policies in account ${resourceEntity.account}`,
    )
  }
  throw noSuchEntity('Unable to retrieve specified IAM entity.')
}

function keysIn(sources: readonly PolicySource[]): readonly string[] {
  return contextKeys(sources.map(({ policy }) => policy))
}

function boundaryOf(documents: readonly string[] | undefined): readonly PolicySource[] | undefined {
  if (documents === undefined || documents.length === 0) return undefined
  if (documents.length > 1)
    throw invalidInput('The list of Permissions Boundary policies cannot exceed 1 items.')
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

/** SCPs by level, the root's first. */
function organizationLevels(
  levels: readonly Iam.OrderedOrganizationPolicyType[] | undefined,
): Levels | undefined {
  if (levels === undefined || levels.length === 0) return undefined
  if (levels.length > levelsMost) throw invalidInput(`An organization has at most ${levelsMost} levels.`)
  return levels.map(({ ServiceControlPolicyInputList: documents = [] }, level) => {
    if (documents.length === 0) {
      throw invalidInput(
        `Organization policy at index ${level + 1} must contain at least one service control policy`,
      )
    }
    const member = `OrderedOrganizationPolicyInputList.${level + 1}.ServiceControlPolicyInputList`
    return inputSources(member, documents, 'scp', 'scp')
  })
}
