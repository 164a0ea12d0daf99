/** The kind of an effect for the search: something that is held afterwards, a change of the account, or neither. */
export interface EffectKind {
  readonly is: 'session' | 'edit' | 'none'
  /** Whether a trust policy is asked whether it lets one in. */
  readonly isByTrust?: true
  /** Whether it changes a principal, a group, a policy or the account. */
  readonly changes?: true
  /** Whether it adds to what a principal is allowed. */
  readonly adds?: true
  /** The limit that it may lift. */
  readonly lifts?: 'boundary' | 'deny' | 'scp' | 'tag' | 'mfa'
  /** Whether it depends on where the policies of a principal are, or on how many it has. */
  readonly countsPolicies?: true
  /** Whether several principals can make its calls. */
  readonly isShared?: true
}

/** Every effect of a technique. */
export const techniqueEffects = {
  becomes: { is: 'session', isShared: true },
  assumes: { is: 'session', isByTrust: true },
  sessionTags: { is: 'session', isByTrust: true },
  federates: { is: 'session', isByTrust: true },
  makesUser: { is: 'session', isShared: true },
  makesRole: { is: 'session', isShared: true },
  becomesRoot: { is: 'session' },
  writesTrust: { is: 'edit', isByTrust: true },
  writesPolicy: { is: 'edit', changes: true, adds: true, isShared: true },
  attachesPolicy: { is: 'edit', changes: true, adds: true, countsPolicies: true, isShared: true },
  writesVersion: { is: 'edit', changes: true, adds: true },
  setsVersion: { is: 'edit', changes: true, adds: true },
  joinsGroup: { is: 'edit', changes: true, adds: true, countsPolicies: true },
  writesPermissionSet: { is: 'edit', changes: true, adds: true },
  removesBoundary: { is: 'edit', changes: true, lifts: 'boundary', isShared: true },
  replacesBoundary: { is: 'edit', changes: true, lifts: 'boundary' },
  // The boundary is a policy: the search finds the change as one of that policy.
  writesBoundary: { is: 'edit', lifts: 'boundary' },
  detachesPolicy: { is: 'edit', changes: true, lifts: 'deny', countsPolicies: true },
  deletesPolicy: { is: 'edit', changes: true, lifts: 'deny', countsPolicies: true },
  removesGroupPolicy: { is: 'edit', changes: true, lifts: 'deny', countsPolicies: true },
  leavesOrganization: { is: 'edit', changes: true, lifts: 'scp' },
  writesTags: { is: 'edit', changes: true, lifts: 'tag' },
  enrollsMfa: { is: 'edit', changes: true, lifts: 'mfa', isShared: true },
  none: { is: 'none' },
} as const satisfies Readonly<Record<string, EffectKind>>

/** The change for the target. `none`: the row is shown, but is no edge of power. */
export type TechniqueEffect = keyof typeof techniqueEffects

/** Returns the kind of an effect. */
export function kindOfEffect(effect: TechniqueEffect): EffectKind {
  return techniqueEffects[effect]
}
