import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { managedPolicies, techniqueTable } from '../../authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  readInventory,
  readOrganization,
  readWorld,
  WorldProblem,
  type WorldTexts,
} from '../../graph/index.ts'
import { badConfiguration } from '../failure.ts'
import { readHouse } from './house.ts'

/** Where a command takes the account from. */
export interface WorldOptions {
  readonly home?: string
  readonly from?: string
  readonly inventory?: string
  readonly organization?: string
}

/** Adds the options that name the files of a world. */
export function addWorldOptions(command: Command): Command {
  return command
    .addOption(new Option('--home <folder>', 'which house, if --from is absent').env('OMEN_HOME'))
    .option('--from <file>', 'what aws iam get-account-authorization-details prints')
    .option('--inventory <file>', 'resources that wear roles, access keys, passwords and MFA devices')
    .option('--organization <file>', 'SCPs and RCPs, a list a level')
}

/**
 * The graph of the files, or of the running house if there is no --from.
 * @throws CommandFailure if a file is not what it must be, or no house runs
 */
export async function openGraph({ home, from, inventory, organization }: WorldOptions): Promise<Graph> {
  const house = from === undefined ? await readHouse(home) : undefined
  const facts = {
    ...(house === undefined ? {} : { inventory: readInventory(house.inventory) }),
    ...factsOf({
      ...(inventory === undefined ? {} : { inventory }),
      ...(organization === undefined ? {} : { organization }),
    }),
  }
  const world =
    house === undefined
      ? read(from ?? '', (details) => readWorld({ ...facts, details }))
      : readWorld({ ...facts, details: house.details })
  return graphOf(world, techniqueTable())
}

/** What files say beside the account. @throws CommandFailure if a file is not what it must be */
export function factsOf({
  inventory,
  organization,
}: Pick<WorldOptions, 'inventory' | 'organization'>): Omit<WorldTexts, 'details'> {
  return {
    awsPolicy: (arn: string) => managedPolicies(arn.split(':')[1]).find(arn)?.document,
    ...(inventory === undefined
      ? {}
      : { inventory: read(inventory, (each) => readInventory(JSON.parse(each))) }),
    ...(organization === undefined
      ? {}
      : { organization: read(organization, (each) => readOrganization(JSON.parse(each))) }),
  }
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
