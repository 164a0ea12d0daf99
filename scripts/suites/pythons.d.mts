export interface Pythons {
  /** The folder of the programs. */
  readonly folder: string
  /** Ends them with what they run. */
  end(): Promise<void>
}

/** Starts what runs the AWS CLI and boto3 for tests, if one of the files names them. */
export function startPythons(files: readonly string[]): Promise<Pythons | undefined>
