/** The location of an entity. Lines and columns count from 1; columns in UTF-16 units. */
export interface SourcePlace {
  readonly file: string
  readonly line: number
  readonly column: number
  /** The address of the resource in a plan or state of Terraform, which is often one line. */
  readonly resource?: string
}
