import type { PolicyKind, Span } from '@omen-iam/policy'
import type { TemplateOptions } from './template/options.ts'

/** What a file is: a policy document itself, or something that holds policies. */
export type SourceForm = 'policy' | 'cloudformation' | 'terraform' | 'account'

/** The thing that a policy belongs to: a resource of a template or plan, a user, a role. */
export interface PolicyOwner {
  /** `AWS::IAM::Role`, `aws_iam_role_policy`; in dumps of an account `Role`, `User`, `Group` or `Policy`. */
  readonly type: string
  /** The logical id, the Terraform address, or the name. */
  readonly id: string
}

/** A value that nobody can know from the file alone, such as a parameter without a default. */
export interface UnknownValue {
  /** Where it is in `text`, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** What the value depends on, for people: `parameter BucketName`. */
  readonly dependsOn: string
}

/** One policy document and the place where it is written. */
export interface WrittenPolicy {
  readonly file: string
  readonly form: SourceForm
  /** Absent where the file is the policy. */
  readonly owner?: PolicyOwner
  /** The property that holds the document: `Policies[0].PolicyDocument`; empty where the file is the policy. */
  readonly property: string
  readonly kind: PolicyKind
  /** Whether the kind is only a guess from what the document contains. */
  readonly isKindGuessed: boolean
  /** Ids of roles, users and groups in the same file to which a policy resource is attached. */
  readonly attachedTo: readonly string[]
  /** Whether AWS maintains the policy, so that nobody can change it. */
  readonly isAwsManaged: boolean
  /** The document in JSON, with intrinsic functions replaced by their values. */
  readonly text: string
  readonly unknown: readonly UnknownValue[]
  /** Maps a span of `text` to the file. */
  place(span: Span): Span
}

/** What a file contains. */
export type SourceFile =
  | { readonly form: SourceForm; readonly policies: readonly WrittenPolicy[] }
  /** Valid JSON or YAML, and nothing that holds policies. */
  | { readonly form: 'other' }
  | { readonly form: 'unreadable'; readonly message: string; readonly span: Span }

/** How a file is read: see `TemplateOptions`. */
export type SourceOptions = TemplateOptions
