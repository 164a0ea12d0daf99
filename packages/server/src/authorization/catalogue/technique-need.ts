/** The resource that a request of a technique names. */
export type TechniqueVariable =
  | { readonly is: 'target' | 'policy' | 'group' | 'boundary' | 'profile' | 'provider' }
  /** A resource that does not exist yet. */
  | { readonly is: 'new' }
  /** The existing resource whose role is the target. */
  | { readonly is: 'workload' }
  /** An existing resource of a CloudFormation type. */
  | { readonly is: 'resource'; readonly type: string }
  /** Any resource. */
  | { readonly is: 'any' }

/** A request that a technique needs. */
export interface TechniqueNeed {
  readonly action: string
  readonly on: TechniqueVariable
  /** Which of the types of resources of the action it is about, if that is not one of all. */
  readonly as?: string
  /** Condition keys that the request has: an ARN template of `actions`, `workload`, or `resources TYPE`. */
  readonly with?: Readonly<Record<string, string>>
  /** Whether a resource policy that the attacker writes names the attacker. */
  readonly ownGrant?: true
}
