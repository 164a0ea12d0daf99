import type { PolicyKind, Span } from '@omen-iam/policy'
import type { TemplateOptions } from './template/options.ts'

/** The kind of a file: a policy document itself, or something that contains policies. */
export type SourceForm = 'policy' | 'cloudformation' | 'terraform' | 'account'

/** The owner of a policy: a resource of a template or plan, a user, a role. */
export interface PolicyOwner {
  /** `AWS::IAM::Role`, `aws_iam_role_policy`; in dumps of an account `Role`, `User`, `Group` or `Policy`. */
  readonly type: string
  /** The logical id, the Terraform address, or the name. */
  readonly id: string
}

/** A value that the file alone does not determine, such as a parameter without a default. */
export interface UnknownValue {
  /** Where it is in `text`, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** The dependency of the value, for people: `parameter BucketName`. */
  readonly dependsOn: string
}

/** One policy document and its location. */
export interface WrittenPolicy {
  readonly file: string
  readonly form: SourceForm
  /** Absent if the file is the policy. */
  readonly owner?: PolicyOwner
  /** The property that contains the document: `Policies[0].PolicyDocument`; empty if the file is the policy. */
  readonly property: string
  readonly kind: PolicyKind
  /** Whether the kind is only inferred from the document. */
  readonly isKindGuessed: boolean
  /** Ids of roles, users and groups in the same file to which a policy resource is attached. */
  readonly attachedTo: readonly string[]
  /** Whether AWS maintains the policy, so that no one else can change it. */
  readonly isAwsManaged: boolean
  /** The document in JSON, with intrinsic functions replaced by their values. */
  readonly text: string
  readonly unknown: readonly UnknownValue[]
  /** Maps a span of `text` to the file. */
  place(span: Span): Span
}

/** The content of a file. */
export type SourceFile =
  | {
      readonly form: SourceForm
      readonly policies: readonly WrittenPolicy[]
      /** Places of policies of a template of which the file does not say what they are. */
      readonly unread?: readonly string[]
    }
  /** Valid JSON or YAML, and nothing that holds policies. */
  | { readonly form: 'other' }
  | { readonly form: 'unreadable'; readonly message: string; readonly span: Span }

/** How a file is read: see `TemplateOptions`. */
export type SourceOptions = TemplateOptions
