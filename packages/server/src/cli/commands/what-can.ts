import type { Command } from 'commander'
import { Option } from 'commander'
import { linesOfReached, printLines } from '../graph/lines.ts'
import { startNamed } from '../graph/names.ts'
import { addWorldOptions, openGraph, type WorldOptions } from '../graph/open.ts'

interface WhatCanOptions extends WorldOptions {
  readonly output: 'human' | 'json'
}

/** `omen what-can`: every principal that a principal can become. */
export function addWhatCan(program: Command): void {
  const command = program
    .command('what-can')
    .description('list every user and role that a principal can become, with the steps it takes')
    .argument('<who>', 'a user or role, or an outsider, as omen paths takes it')
    .addOption(new Option('--output <format>', 'how to write it').choices(['human', 'json']).default('human'))
  addWorldOptions(command).action(async (who: string, options: WhatCanOptions) => {
    const graph = await openGraph(options)
    const from = startNamed(graph, who)
    printLines(linesOfReached(graph.reach(from)), options.output)
  })
}
