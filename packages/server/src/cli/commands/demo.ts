import type { Command } from 'commander'
import { hearSignals } from '../ending.ts'
import { parsePort } from '../node-options.ts'
import { print } from '../output.ts'
import { typed } from '../own-command.ts'
import { playDenial, prepareShort, type ShortServer } from '../tour/short.ts'
import { demoText } from '../words/demo.ts'
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
    const server: ShortServer = { url, account, partition: 'aws', keys }
    const language = languageOf(options.lang, process.env)
    const t = demoText[language]
    print(`  ${t.server(url)}\n`)
    const decision = await playDenial(await prepareShort(server, language, process.stdout))
    // the link signs its holder in: only a terminal gets it
    const link = process.stdout.isTTY ? await omen.consoleLink() : undefined
    const more = t.more(typed('tour --short'), typed('start'))
    if (link === undefined) {
      print(`\n${more}\n`)
      return
    }
    const page = link.replace('/signin', `/d/${decision}`)
    print(`\n${t.console}\n${url}${page}\n\n${more}\n`)
    print(`${t.ends}\n`)
    await hearSignals().first
  } finally {
    await running.close()
  }
}
