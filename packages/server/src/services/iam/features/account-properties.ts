import { type AccessRequest, type Call, type ContextKeys, family } from '../../../authorization/index.ts'
import { iamArn } from '../../../base/index.ts'
import { featuresOf, roles, setFeatures } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { invalidInput } from '../faults.ts'
import { linkedRoleOf } from '../service-linked-roles.ts'
import { actionOf } from '../target.ts'
import { findNamed } from '../targets.ts'

/** The one property that an account has, and the service whose role it needs (behaviour IAM-220). */
const enabled = 'RoleManager/Enabled'
const manager = 'role-manager.iam.amazonaws.com'
const managerRole = 'AWSServiceRoleForIAMRoleManager'

/** Settings of the account, which are stored and returned (behaviours IAM-220 and IAM-221). */
export const accountPropertiesFamily = family<Iam.Operations>()({
  GetAccountProperties: {
    context: (_input, call) => namespaces(Object.keys(propertiesOf(call))),
    run: (_input, call) => ({ Properties: propertiesOf(call) }),
  },
  PutAccountProperties: {
    requests(input, call) {
      const put = {
        action: actionOf(call),
        resource: '*',
        context: namespaces(Object.keys(input.Properties)),
      }
      return input.Properties[enabled] === 'true' ? [put, createsRole(call)] : [put]
    },
    run(input, call) {
      for (const key of Object.keys(input.Properties)) checkNamespace(key)
      const value = input.Properties[enabled]
      if (value === undefined || Object.keys(input.Properties).length > 1) {
        throw invalidInput('RoleManager namespace requires Enabled property')
      }
      if (value !== 'true' && value !== 'false') throw invalidInput("Enabled must be 'true' or 'false'")
      const { account } = call
      if (value === 'true' && findNamed(roles, account, managerRole) === undefined) {
        account.table(roles).put(linkedRoleOf(managed, call))
      }
      setFeatures(account, { ...featuresOf(account), properties: { [enabled]: value } })
      return {}
    },
  },
})

const managed = {
  service: manager,
  name: managerRole,
  path: `/aws-service-role/${manager}/`,
  policies: [],
}

/** The role that the service needs is asked for, though it may exist. */
function createsRole({ account }: Call): AccessRequest {
  return {
    action: 'iam:CreateServiceLinkedRole',
    resource: iamArn(account, 'role', managed.path, managed.name),
    context: { 'iam:AWSServiceName': manager },
  }
}

function checkNamespace(key: string): void {
  const namespace = namespaceOf(key)
  if (namespace !== 'RoleManager') throw invalidInput(`Unsupported namespace: ${namespace}`)
}

function propertiesOf({ account }: Call): Readonly<Record<string, string>> {
  return { [enabled]: featuresOf(account).properties?.[enabled] ?? 'false' }
}

function namespaceOf(key: string): string {
  return key.slice(0, Math.max(key.indexOf('/'), 0))
}

function namespaces(keys: readonly string[]): ContextKeys {
  return { 'iam:AccountPropertyNamespaces': [...new Set(keys.map(namespaceOf))] }
}
