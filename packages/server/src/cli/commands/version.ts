import { type Command, Option } from 'commander'
import { print } from '../output.ts'
import { version } from '../version.ts'

/** `omen version`: the versions of Omen and its runtime. */
export function addVersion(program: Command): void {
  program
    .command('version')
    .description('show the version of Omen and of Node')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .action((options: { readonly output: 'human' | 'json' }) => {
      const about = {
        omen: version(),
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
      }
      const text =
        options.output === 'json'
          ? JSON.stringify(about)
          : `omen ${about.omen} on Node ${about.node} (${about.platform})`
      print(`${text}\n`)
    })
}
