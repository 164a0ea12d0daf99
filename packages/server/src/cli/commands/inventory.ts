import type { Command } from 'commander'
import { emptyImage, IntakeProblem, imageOfTemplates, inventoryOfTemplates } from '../../intake/index.ts'
import { badConfiguration } from '../failure.ts'
import { printError, printReport } from '../output.ts'
import { collectParameter, parametersOf } from '../plan/parameters.ts'
import { readTemplates } from '../plan/state.ts'
import { unreadLines, unreadOf } from '../unread.ts'

interface InventoryOptions {
  readonly parameter?: readonly string[]
  readonly account?: string
  readonly region?: string
  readonly stack?: string
  readonly complete?: boolean
}

/** `omen inventory`: the resources in templates that wear roles or that techniques ask for. */
export function addInventory(program: Command): void {
  program
    .command('inventory')
    .description('list the resources in templates and Terraform states that paths depend on, as JSON')
    .argument('<files...>', 'templates, plans, states, or folders of them')
    .option('--parameter <name=value>', 'a parameter of the templates; may be repeated', collectParameter)
    .option('--account <number>', 'the account of the deployment')
    .option('--region <region>', 'the region of the deployment')
    .option('--stack <name>', 'the name of the stack (default: that of the file)')
    .option('--complete', 'the files are all that the account has: what they do not have does not exist')
    .action((files: readonly string[], options: InventoryOptions) => {
      const sources = readTemplates(files)
      const { account, region, stack } = options
      const given = {
        ...(account === undefined ? {} : { account }),
        ...(region === undefined ? {} : { region }),
        ...(stack === undefined ? {} : { stack }),
        parameters: parametersOf(options.parameter ?? []),
      }
      try {
        const image = imageOfTemplates(sources, given)
        const isWhole = options.complete === true
        const inventory = inventoryOfTemplates(sources, image, { ...given, isWhole })
        const unread = unreadLines(unreadOf(emptyImage, image, []))
        if (unread !== '') printError(unread)
        printReport(`${JSON.stringify(inventory, null, 2)}\n`, 'json')
      } catch (error) {
        throw error instanceof IntakeProblem ? badConfiguration(error.message) : error
      }
    })
}
