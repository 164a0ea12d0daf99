import { type Command, Option } from 'commander'

/** One file of several, or a list of them. */
export type Paths = string | readonly string[] | undefined

/** The paths of an option that may be repeated. */
export function pathsOf(paths: Paths): readonly string[] {
  return paths === undefined ? [] : typeof paths === 'string' ? [paths] : paths
}

/** Collects the values of an option that may be repeated. */
export function collectPaths(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

/** Where a command takes the accounts from. */
export interface WorldOptions {
  readonly home?: string
  readonly from?: Paths
  readonly inventory?: Paths
  readonly organization?: Paths
}

/** Adds the options that name the files of a world. */
export function addWorldOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--home <folder>', 'the folder of the server, if --from is absent (default: ~/.omen)').env(
        'OMEN_HOME',
      ),
    )
    .option(
      '--from <path>',
      'what aws iam get-account-authorization-details prints, a template, a plan or state of Terraform, or a folder; repeated for several accounts',
      collectPaths,
    )
    .option(
      '--inventory <path>',
      'resources that wear roles, access keys, passwords and MFA devices; may be repeated',
      collectPaths,
    )
    .option(
      '--organization <path>',
      'SCPs and RCPs, a list a level, or as a tree, or answers of AWS Organizations; may be repeated',
      collectPaths,
    )
}
