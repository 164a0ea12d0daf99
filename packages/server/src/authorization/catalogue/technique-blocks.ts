/** The facts about the resources of a type that run as roles, or that others are made in. */
export interface ResourceBlock {
  /** The services that a role must trust so that such a resource can run as it. */
  readonly services?: readonly string[]
  /** Whether every such resource has a role. */
  readonly isAlwaysWearing?: true
  /** The condition key that holds the resource which code runs in. [LAM-56, POL-175] */
  readonly source?: string
  /** The variable of ARNs of what is made in it that holds its name. */
  readonly variable?: string
  /** The read-only command that has the policy of such a resource. [GRD-725] */
  readonly policy?: string
  /** The read-only command that lists such resources. */
  readonly list?: string
  /** Why no command lists them. */
  readonly unlisted?: string
}

/** The demands of a service on a trust policy besides sts:AssumeRole, and the keys that the one whom it serves decides. [PSR-15, PSR-16] */
export interface ServiceBlock {
  readonly asks?: readonly string[]
  /** Whether sessions may be without tags: who has the service make them turns them off. [GRD-720] */
  readonly isOptional?: true
  readonly chooses?: readonly string[]
  /** The action of the call that has it make other calls, with a role that is passed to it there. [PSR-28] */
  readonly starter?: string
}

/** A kind of event source of a function, with what its records need. */
export interface EventSource {
  /**
   * The actions on the source that the function's role must be allowed: Lambda refuses the mapping otherwise. The actions are those
   * that both Lambda's refusal and the developer guides name. [LAM-68]
   */
  readonly reads: readonly string[]
  /** Calls of which each one puts a record into the source. */
  readonly writes: readonly string[]
  /** The type of what the record is written to, and the part of the source's ARN at which that of the other ends. */
  readonly to?: { readonly type: string; readonly before: string }
  /** The call that makes such a source. */
  readonly by: string
  readonly arn: string
}

/** Something that a call has run, by the condition key that holds it. */
export interface CallPayload {
  readonly key: string
  /** The attacker's own, for example a repository. */
  readonly value: string
  readonly isMultivalued?: true
}

/** The permissions that code in a network needs. [LAM-83, PSR-30] */
export interface CallNetwork {
  /** The keys that say which network it is. A call that names none has none of them. */
  readonly keys: readonly string[]
  readonly caller: readonly string[]
  readonly role: readonly string[]
}

/** The kinds of things that IAM names: no name is given twice within a kind. */
export type NamedKind = 'user' | 'role' | 'policy' | 'group' | 'instance-profile'

/** The facts about a call besides its resources. */
export interface CallBlock {
  /** Keys that limit what runs. A call of the attacker does not have them. [LAM-80] */
  readonly limits?: readonly string[]
  readonly network?: CallNetwork
  /** The things that it brings to run, of which it brings one. */
  readonly carries?: readonly CallPayload[]
  /** Another call with which it brings nothing. */
  readonly unless?: string
  /** The kind of what it makes, of a name that nothing of its kind may have yet, and the most characters of that name. */
  readonly makes?: { readonly kind: NamedKind; readonly longest: number }
  /** The call that tags what it makes: it is asked for if tags come with it. */
  readonly tags?: string
  /** When an attacker makes it, if not in the order of its row: `room` before all, `first` before what uses what it makes. */
  readonly order?: 'room' | 'first'
  /** The resource that a service assumes a role for, where the call does not name it. [PSR-15, PSR-18] */
  readonly source?: string
  /** Whether the service makes calls of the caller's choice with its credentials. [POL-110] */
  readonly isForwarding?: true
  /** The documents of AWS by which it runs what the caller chooses. */
  readonly documents?: readonly string[]
}

/** The texts that a part of an ARN can have. */
export interface VariableBlock {
  /** The set of its characters, of the first one and of the last one, if these are smaller. */
  readonly characters?: string
  readonly first?: string
  readonly last?: string
  /** The fewest and the most characters. */
  readonly least?: number
  readonly most?: number
  /** All texts, if they are few. */
  readonly values?: readonly string[]
  /** The id that the service gives to what is new: nobody chooses it. */
  readonly made?: string
}

/** The value of a condition key that the caller does not choose. */
export interface KeyBlock {
  /** The role that is passed, the resource that exists, or the cluster that this is in. */
  readonly holds?: 'role' | 'resource' | 'cluster'
  /** Whether a call that passes a role may be without it. */
  readonly isOptional?: true
  /** Whether a call has it only if the technique sets it. */
  readonly isOnlySet?: true
  /** Whether it is decided elsewhere: of each call, or of calls on what exists. */
  readonly given?: 'always' | 'existing'
  /** The values of which the technique needs one. */
  readonly values?: readonly string[]
}
