import type { Command } from 'commander'
import { hearSignals } from '../ending.ts'
import { parsePort } from '../node-options.ts'
import { print } from '../output.ts'
import { typed } from '../own-command.ts'
import { playDenial, prepareShort, type ShortHouse } from '../tour/short.ts'
import { addLanguageOption, type Language, languageOf } from '../words/language.ts'

interface DemoOptions {
  readonly port: string
  readonly lang?: Language
}

/** `omen demo`: a first denial with its reason, and the same in the console, on a server in memory. */
export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('show a first denial and its reason, on a server in memory that ends with the command')
    .option('--port <number>', 'port to listen on (0: any that is free)', '0')
  addLanguageOption(command).action((options: DemoOptions) => demonstrate(options))
}

async function demonstrate(options: DemoOptions): Promise<void> {
  const port = parsePort('--port', options.port)
  const { createOmen } = await import('../../index.ts')
  // AWS's link to more details leads into its own console
  const running = await createOmen({ port, authorizationIds: false })
  try {
    const { endpoint: url, account, keys, omen } = running
    const house: ShortHouse = { url, account, partition: 'aws', keys }
    print(`  a server in memory: ${url}\n`)
    const language = languageOf(options.lang, process.env)
    const decision = await playDenial(await prepareShort(house, language, process.stdout))
    // the link signs its holder in: only a terminal gets it
    const link = process.stdout.isTTY ? await omen.consoleLink() : undefined
    const more = `more:  ${typed('tour --short')}   then   ${typed('start')}`
    if (link === undefined) {
      print(`\n${more}\n`)
      return
    }
    const page = link.replace('/signin', `/d/${decision}`)
    print(`\nThe same in the console (link valid once, for ten minutes):\n${url}${page}\n\n${more}\n`)
    print('Ctrl+C ends the server.\n')
    await hearSignals().first
  } finally {
    await running.close()
  }
}
