import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { managedPolicies, techniqueTable } from '../../authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  readInventory,
  readOrganization,
  readWorld,
  WorldProblem,
} from '../../graph/index.ts'
import { badConfiguration, badSyntax } from '../failure.ts'

/** Where a command takes the account from. */
export interface WorldOptions {
  readonly from?: string
  readonly inventory?: string
  readonly organization?: string
}

/** Adds the options that name the files of a world. */
export function addWorldOptions(command: Command): Command {
  return command
    .option('--from <file>', 'what aws iam get-account-authorization-details prints')
    .option('--inventory <file>', 'resources that wear roles, access keys, passwords and MFA devices')
    .option('--organization <file>', 'SCPs and RCPs, a list a level')
}

/** The graph of the files. @throws CommandFailure if a file is not what it must be */
export async function openGraph({ from, inventory, organization }: WorldOptions): Promise<Graph> {
  if (from === undefined) throw badSyntax('--from is missing: the file of the account')
  const world = read(from, (text) =>
    readWorld({
      details: text,
      awsPolicy: (arn) => managedPolicies(arn.split(':')[1]).find(arn)?.document,
      ...(inventory === undefined
        ? {}
        : { inventory: read(inventory, (each) => readInventory(JSON.parse(each))) }),
      ...(organization === undefined
        ? {}
        : { organization: read(organization, (each) => readOrganization(JSON.parse(each))) }),
    }),
  )
  return graphOf(world, techniqueTable())
}

function read<Value>(file: string, parse: (text: string) => Value): Value {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw badConfiguration(`${file} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof WorldProblem || error instanceof SyntaxError)
      throw badConfiguration(`${file}: ${error.message}`)
    throw error
  }
}
