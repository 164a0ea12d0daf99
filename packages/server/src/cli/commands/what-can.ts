import type { Command } from 'commander'
import { Option } from 'commander'
import { badConfiguration } from '../failure.ts'
import { linesOfReached, printLines } from '../graph/lines.ts'
import { addWorldOptions, openGraph, type WorldOptions } from '../graph/open.ts'

interface WhatCanOptions extends WorldOptions {
  readonly output: 'human' | 'json'
}

/** `omen what-can`: every principal that a principal can become. */
export function addWhatCan(program: Command): void {
  const command = program
    .command('what-can')
    .description('list every user and role that a principal can become, with the steps it takes')
    .argument('<who>', 'a user or role: a name, user/NAME, role/NAME, or an ARN')
    .addOption(new Option('--output <format>', 'how to write it').choices(['human', 'json']).default('human'))
  addWorldOptions(command).action(async (who: string, options: WhatCanOptions) => {
    const graph = await openGraph(options)
    const from = graph.find(who)
    if (from === undefined) throw badConfiguration(`there is no user or role ${JSON.stringify(who)}`)
    printLines(linesOfReached(graph.reach(from)), options.output)
  })
}
