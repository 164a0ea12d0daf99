/** The part that a step belongs to: each part can be left out. */
export const fetchParts = ['iam', 'organization', 'identity-center', 'policies', 'inventory'] as const
export type FetchPart = (typeof fetchParts)[number]

/** One read-only call of the AWS CLI, or one for each entry of another call's list. */
export interface FetchStep {
  readonly part: FetchPart
  /** The file without its ending; a step with `each` writes a list of answers. */
  readonly file: string
  /** Service, operation and options. */
  readonly call: readonly string[]
  /** The answer does not contain its request, so the request is stored with it. */
  readonly withRequest?: true
  readonly each?: {
    /** The call that lists the entries, and the JMESPath of their names. */
    readonly of: readonly string[]
    readonly query: string
    /** The option of `call` that takes a name, and the parameter of the API. */
    readonly option: string
    readonly input: string
  }
  /** Once for each region, in a folder of the region. */
  readonly regional?: true
}
