import type { PolicyKind } from '@omen-iam/policy'

/** A text that functions return; `dependsOn` is present if a part of it is unknown, and says on what it depends. */
export interface Text {
  /** The text, with `${unknown}` in the place of each part that is not known. */
  readonly value: string
  /** For people: `parameter BucketName`. Absent if the whole text is known. */
  readonly dependsOn?: string
}

/** The value of a parameter that a parent stack gives: a text, or a list of them. */
export type Given = string | Text | readonly Text[]

/** The inputs of a template's evaluation besides the template. */
export interface TemplateOptions {
  /** The name of the file, as findings must show it. */
  readonly file: string
  /** The kind of policy documents that do not determine it; if absent, inferred. */
  readonly kind?: PolicyKind
  /** Values of the template's parameters by name. */
  readonly parameters?: Readonly<Record<string, Given>>
  /** Values of AWS::AccountId, AWS::Region and AWS::Partition. */
  readonly account?: string
  readonly region?: string
  readonly partition?: string
  /** The name of the stack. If absent, AWS::StackName is unknown and resources are named by their logical ids alone. */
  readonly stack?: string
  /** Random characters for the names that CloudFormation makes, from capitals and digits; by default derived from `seed`. */
  readonly random?: (seed: string, length: number) => string
  /**
   * A resource's present name, if CloudFormation named it before: called with its type and all of the name but its
   * random end.
   */
  readonly existing?: (type: string, prefix: string) => string | undefined
  /** Physical ids that are known already, by logical id. */
  readonly physicalIds?: Readonly<Record<string, string>>
  /** Tags of the stack, which its resources get, too. */
  readonly tags?: StackTags
}

/** Tags that a stack gives to its resources. */
export interface StackTags {
  readonly given: ReadonlyMap<string, string>
  /** Whether resources of a type get them. */
  readonly takes: (type: string) => boolean
}

/** Which branches of a condition count: the chosen ones, or, for a file that is only read, all possible ones. */
export type Branches = 'chosen' | 'all'
