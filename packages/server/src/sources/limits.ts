/** Limits on files from strangers, checked before or while anything is built of them. */
export const limits = {
  /** Characters of a JSON file. Plans and dumps of large accounts have some ten million. */
  jsonCharacters: 64 * 1024 * 1024,
  /** Characters of a YAML file. CloudFormation takes templates of 1 MB. */
  yamlCharacters: 4 * 1024 * 1024,
  /** Documents of one YAML file. */
  yamlDocuments: 1000,
  /** Levels of nesting. A policy has seven; modules of Terraform and functions of CloudFormation add theirs. */
  depth: 100,
  /** Values of a YAML file after its aliases are expanded. */
  yamlNodes: 500_000,
  /** Functions of one template that are evaluated. */
  functions: 200_000,
  /** Characters that all functions of one template may return together. */
  madeCharacters: 32 * 1024 * 1024,
  /** Characters that one function may return. */
  functionCharacters: 65_536,
  /** Levels of functions that refer to other resources. */
  references: 32,
  /** Resources, parameters, mappings and outputs of one template. Source: AWS CloudFormation User Guide, quotas. */
  resources: 500,
  parameters: 200,
  mappings: 200,
  outputs: 200,
  /** Stacks that are evaluated together, nested ones included, and levels of nesting. */
  stacks: 200,
  nestedStacks: 8,
  /** Policies of one file. */
  policies: 50_000,
} as const

/**
 * A file that reaches a limit, or cannot be evaluated. Caught where the file is read, and never seen outside this
 * folder.
 */
export class LimitReached extends Error {
  override readonly name = 'LimitReached'
  /** The offset of the value that reaches it. */
  readonly start: number

  constructor(message: string, start = 0) {
    super(message)
    this.start = start
  }
}
