export {
  type AccessLevel,
  type ActionIndex,
  type ActionInfo,
  type ActionResource,
  actionInfo,
  type ConditionKeyInfo,
  type PackedService,
  prefixOf,
  type ServiceInfo,
  serviceActions,
  serviceInfo,
  services,
} from './actions.ts'
export { globalKeys } from './global-keys.ts'
export * from './guard-dependents.ts'
export {
  type AwsManagedPolicy,
  attachablePolicies,
  type ManagedPolicyCatalogue,
  type ManagedPolicyIndex,
  managedPolicies,
} from './managed-policies.ts'
export { openPack, type PackHead } from './pack.ts'
export * from './pass-role.ts'
export { regions } from './regions.ts'
export * from './service-linked-roles.ts'
export * from './stack-tags.ts'
export type * from './technique-blocks.ts'
export * from './technique-effects.ts'
export type * from './technique-facts.ts'
export type * from './technique-need.ts'
export * from './techniques.ts'
