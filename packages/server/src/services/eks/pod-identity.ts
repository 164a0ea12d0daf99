import {
  type Call,
  family,
  type Operation,
  type PassedRole,
  parsedDocument,
} from '../../authorization/index.ts'
import { accountInArn, parseArn } from '../../base/index.ts'
import {
  clusterArn,
  findRole,
  type PodAssociation,
  podAssociationArn,
  podAssociations,
  podAssociationsMost,
  podService,
  podSubject,
} from '../../directory/index.ts'
import type { Eks } from '../../model/index.ts'
import { inUse, invalid, notFound, tooMany } from './faults.ts'
import { checkTags, requestTags, resourceTags } from './tag.ts'

/** Names of clusters as AWS takes them. */
const clusterName = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/
/** Names in Kubernetes. */
const kubernetesName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/
const policyCharacters = 2_048

/** Which role the pods of a service account get. */
export const podIdentity = family<Eks.Operations>()({
  CreatePodIdentityAssociation: {
    resource: clusterOf,
    context: (input) => requestTags(input.tags),
    passes: passed,
    run(input, call) {
      const { clusterName: cluster, namespace, serviceAccount, roleArn } = input
      if (!clusterName.test(cluster)) throw invalid('The name of the cluster is not valid.')
      for (const name of [namespace, serviceAccount])
        if (!kubernetesName.test(name)) throw invalid(`${name} is no name in Kubernetes.`)
      const table = call.account.table(podAssociations)
      const subject = { region: call.region, cluster, namespace, serviceAccount }
      const existing = table.findBy('subject', podSubject(subject))
      if (existing !== undefined) throw inUse(`Association already exists: ${existing.id}`)
      if (table.size >= podAssociationsMost) throw tooMany('The account has too many associations.')
      checkRoles(input, call)
      checkTags(input.tags ?? {})
      checkPolicy(input.policy, input.disableSessionTags === true)
      const association: PodAssociation = {
        id: `a-${letters(call, 17)}`,
        ...subject,
        roleArn,
        ...targeted(input.targetRoleArn, undefined, call),
        ...(input.policy !== undefined && { policy: input.policy }),
        disableSessionTags: input.disableSessionTags === true,
        tags: input.tags ?? {},
        createdAt: call.now,
        modifiedAt: call.now,
      }
      table.put(association)
      return { association: viewOf(association, call) }
    },
  },
  DescribePodIdentityAssociation: onAssociation((input: Eks.DescribePodIdentityAssociationRequest, call) => ({
    association: viewOf(get(input, call), call),
  })),
  ListPodIdentityAssociations: {
    resource: clusterOf,
    run(input, call) {
      const matches = [...call.account.table(podAssociations).values()].filter(
        ({ region, cluster, namespace, serviceAccount }) =>
          region === call.region &&
          cluster === input.clusterName &&
          (input.namespace === undefined || namespace === input.namespace) &&
          (input.serviceAccount === undefined || serviceAccount === input.serviceAccount),
      )
      const rest = matches
        .filter(({ id }) => input.nextToken === undefined || id > input.nextToken)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
      const page = rest.slice(0, input.maxResults ?? 100)
      return {
        associations: page.map((each) => {
          const { clusterName, namespace, serviceAccount, associationArn, associationId } = viewOf(each, call)
          return { clusterName, namespace, serviceAccount, associationArn, associationId }
        }),
        ...(rest.length > page.length && { nextToken: page.at(-1)?.id }),
      }
    },
  },
  UpdatePodIdentityAssociation: {
    ...onAssociation((input: Eks.UpdatePodIdentityAssociationRequest, call) => {
      const { policy: oldPolicy, target, ...before } = get(input, call)
      const { roleArn, targetRoleArn, disableSessionTags } = input
      if ([roleArn, targetRoleArn, disableSessionTags, input.policy].every((each) => each === undefined))
        throw invalid('Nothing is to be changed.')
      checkRoles(input, call)
      const tagsAreOff = disableSessionTags ?? before.disableSessionTags
      const policy = input.policy ?? oldPolicy
      // an empty text takes the policy or the target away (behaviour POD-4)
      const policyAfter = policy === '' ? undefined : policy
      checkPolicy(policyAfter, tagsAreOff)
      const association: PodAssociation = {
        ...before,
        ...(roleArn !== undefined && { roleArn }),
        ...targeted(targetRoleArn, target, call),
        ...(policyAfter !== undefined && { policy: policyAfter }),
        disableSessionTags: tagsAreOff,
        modifiedAt: call.now,
      }
      call.account.table(podAssociations).put(association)
      return { association: viewOf(association, call) }
    }),
    passes: passed,
  },
  DeletePodIdentityAssociation: onAssociation((input: Eks.DeletePodIdentityAssociationRequest, call) => {
    const association = get(input, call)
    call.account.table(podAssociations).delete(association.id)
    return { association: viewOf(association, call) }
  }),
})

interface OfAssociation {
  readonly clusterName: string
  readonly associationId: string
}

function onAssociation<Input extends OfAssociation, Output>(
  run: (input: Input, call: Call) => Output,
): Operation<Input, Output> {
  return {
    resource: ({ clusterName: cluster, associationId: id }, { account, region }) =>
      `arn:${account.partition}:eks:${region}:${account.id}:podidentityassociation/${cluster}/${id}`,
    context: (input, call) => resourceTags(find(input, call)),
    run,
  }
}

function clusterOf({ clusterName: name }: { readonly clusterName: string }, call: Call): string {
  return clusterArn(call.account, call.region, name)
}

/**
 * The role is passed to the service that will assume it, and so is a target of the account; nobody can pass one of another
 * account (behaviour POD-2).
 */
function passed(
  {
    roleArn,
    targetRoleArn = '',
  }: { readonly roleArn?: string | undefined; readonly targetRoleArn?: string | undefined },
  { account }: Call,
): readonly PassedRole[] {
  const targets = accountInArn(targetRoleArn) === account.id ? [targetRoleArn] : []
  return [...(roleArn === undefined ? [] : [roleArn]), ...targets].map((arn) => ({
    roleArn: arn,
    service: podService,
  }))
}

function find({ clusterName: name, associationId }: OfAssociation, call: Call): PodAssociation | undefined {
  const association = call.account.table(podAssociations).find(associationId)
  return association?.cluster === name && association.region === call.region ? association : undefined
}

/** @throws Fault ResourceNotFoundException */
function get(input: OfAssociation, call: Call): PodAssociation {
  const record = find(input, call)
  if (record === undefined) throw notFound(`No association found with ID: ${input.associationId}`)
  return record
}

/** @throws Fault if the role is not one of the account, or the target is no role at all (behaviour POD-3) */
function checkRoles(
  input: { readonly roleArn?: string | undefined; readonly targetRoleArn?: string | undefined },
  { account }: Call,
): void {
  const { roleArn, targetRoleArn } = input
  if (
    roleArn !== undefined &&
    (accountInArn(roleArn) !== account.id || findRole(account, roleArn) === undefined)
  )
    throw invalid(`Role provided in the request does not exist: ${roleArn}`)
  if (targetRoleArn === undefined || targetRoleArn === '') return
  const parsed = parseArn(targetRoleArn)
  if (parsed?.service !== 'iam' || !parsed.resource.startsWith('role/'))
    throw invalid(`The target role is not the ARN of a role: ${targetRoleArn}`)
}

/** @throws Fault if it is no policy of a session, or if tags are given too (behaviour POD-4) */
function checkPolicy(policy: string | undefined, tagsAreOff: boolean): void {
  if (policy === undefined) return
  if (!tagsAreOff) throw invalid('disableSessionTags must be true when a policy is given.')
  if (policy.length > policyCharacters) throw invalid(`A policy has at most ${policyCharacters} characters.`)
  const parsed = parsedDocument(policy, 'session')
  if (!parsed.ok) throw invalid(`The policy is not valid: ${parsed.message}`)
}

/** A target keeps its external id while the role stays the same. */
function targeted(
  roleArn: string | undefined,
  before: PodAssociation['target'],
  call: Call,
): Pick<PodAssociation, 'target'> {
  if (roleArn === '') return {}
  if (roleArn === undefined || roleArn === before?.roleArn)
    return before === undefined ? {} : { target: before }
  const { account, region } = call
  const externalId = `${region}/${account.id}/${letters(call, 36)}`
  return { target: { roleArn, externalId } }
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

function letters({ deps }: Call, length: number): string {
  return Array.from(deps.random.bytes(length), (byte) => alphabet[byte % alphabet.length]).join('')
}

function viewOf(association: PodAssociation, { account }: Call) {
  const { id, cluster, namespace, serviceAccount, roleArn, target, policy } = association
  return {
    clusterName: cluster,
    namespace,
    serviceAccount,
    roleArn,
    associationArn: podAssociationArn(account, association),
    associationId: id,
    tags: association.tags,
    createdAt: association.createdAt,
    modifiedAt: association.modifiedAt,
    disableSessionTags: association.disableSessionTags,
    ...(target && { targetRoleArn: target.roleArn, externalId: target.externalId }),
    ...(policy !== undefined && { policy }),
  }
}
