import { type ServiceLinkedRole, serviceLinkedRoles } from '../../authorization/catalogue/index.ts'
import { type Call, family } from '../../authorization/index.ts'
import { awsPolicyArn, iamArn, newId, uuid } from '../../base/index.ts'
import { type Role, roles } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { findTask, keepTask } from './deletion-tasks.ts'
import { encodeDocument } from './document.ts'
import { checkQuota, invalidInput, noSuchEntity } from './faults.ts'
import { roleBrief } from './roles.ts'
import { actionOf, asks, get } from './target.ts'
import { findNamed, theRole } from './targets.ts'

/** Roles that IAM creates for a service, and that only this service uses. */
export const serviceLinkedRoleFamily = family<Iam.Operations>()({
  CreateServiceLinkedRole: {
    requests(input, call) {
      const service = input.AWSServiceName
      const kind = serviceLinkedRoles().get(service)
      const name = kind === undefined ? '' : roleName(kind, input.CustomSuffix)
      const resource = iamArn(call.account, 'role', `/aws-service-role/${service}/`, name)
      return [{ action: actionOf(call), resource, context: { 'iam:AWSServiceName': service } }]
    },
    run(input, call) {
      const { account } = call
      const kind = serviceLinkedRoles().get(input.AWSServiceName)
      if (kind === undefined) {
        throw invalidInput(`Cannot find Service Linked Role template for ${input.AWSServiceName}`)
      }
      if (input.CustomSuffix !== undefined && !kind.suffixAllowed) {
        throw invalidInput(`Custom suffix is not allowed for ${kind.service}`)
      }
      const name = roleName(kind, input.CustomSuffix)
      if (findNamed(roles, account, name) !== undefined) {
        throw invalidInput(
          `Service role name ${name} has been taken in this account, please try a different suffix.`,
        )
      }
      checkQuota(call, 'RolesPerAccount', account.table(roles).size + 1)
      const role = linkedRoleOf({ ...kind, name, description: input.Description ?? kind.description }, call)
      account.table(roles).put(role)
      // AWS returns lists here, and single values in all later answers (behaviour IAM-96)
      const trust = trustOf([kind.service], ['sts:AssumeRole'])
      return { Role: { ...roleBrief(role, call), AssumeRolePolicyDocument: encodeDocument(trust) } }
    },
  },
  DeleteServiceLinkedRole: {
    ...asks(theRole),
    run(input, call) {
      const { account } = call
      const role = get(theRole, input, call)
      if (role.linkedService === undefined) throw theRole.missing(input, call)
      // no service here uses the role's resources, so the task is complete at once
      account.table(roles).delete(role.id)
      account.usage.forget(role.id)
      const id = `task${role.path}${role.name}/${uuid(call.deps.random)}`
      keepTask(account, { id, endedAt: call.now })
      return { DeletionTaskId: id }
    },
  },
  GetServiceLinkedRoleDeletionStatus: {
    resource: (input, call) => {
      const role = /^task(\/aws-service-role\/[^/]+\/)([^/]+)\//.exec(input.DeletionTaskId)
      return iamArn(call.account, 'role', role?.[1] ?? '/aws-service-role/', role?.[2] ?? '')
    },
    run(input, call) {
      if (findTask(call.account, input.DeletionTaskId) === undefined) {
        throw noSuchEntity(`Deletion task ${input.DeletionTaskId} cannot be found.`)
      }
      return { Status: 'SUCCEEDED' }
    },
  },
})

/** The members that a service-linked role is made of. */
type LinkedRole = Pick<ServiceLinkedRole, 'service' | 'name' | 'path' | 'policies'> & {
  readonly description?: string | undefined
}

/** Returns a new role of a service. */
export function linkedRoleOf({ service, name, path, policies, description }: LinkedRole, call: Call): Role {
  const { account, deps, now } = call
  return {
    id: newId('AROA', account.id, deps.random),
    name,
    path,
    createdAt: now,
    inline: {},
    attached: policies.map((policy) => awsPolicyArn(account.partition, policy)),
    trust: trustOf(service, 'sts:AssumeRole'),
    maxSessionSeconds: 3_600,
    tags: [],
    linkedService: service,
    ...(description === undefined ? {} : { description }),
  }
}

function roleName(kind: ServiceLinkedRole, suffix: string | undefined): string {
  return suffix === undefined ? kind.name : `${kind.name}_${suffix}`
}

function trustOf(service: string | readonly string[], action: string | readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Action: action, Effect: 'Allow', Principal: { Service: service } }],
  })
}
