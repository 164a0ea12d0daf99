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
  /** Values of a YAML file after its aliases are replaced by what they refer to. */
  yamlNodes: 500_000,
  /** Functions of one template that are evaluated. */
  functions: 200_000,
  /** Characters that one function may return. */
  functionCharacters: 65_536,
  /** Levels of functions that refer to other resources. */
  references: 16,
  /** Policies of one file. */
  policies: 50_000,
} as const

/** A file that reaches a limit. Caught where the file is read, and never seen outside this room. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached'
}
