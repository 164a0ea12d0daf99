import { execFileSync } from 'node:child_process'
import type { Command } from 'commander'
import type { RunningOmen } from '../../index.ts'
import { callServer } from '../client.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import { print } from '../output.ts'
import { awsStage } from '../tour/aws-stage.ts'
import { playStory } from '../tour/story.ts'
import { terminal } from '../tour/terminal.ts'
import { addLanguageOption, type Language, languageOf } from '../words/language.ts'
import { shortText } from '../words/short-tour.ts'
import { tourEnd } from '../words/tour.ts'

interface TourOptions {
  readonly yes?: boolean
  readonly short?: boolean
  readonly lang?: Language
}

/** `omen tour`: the story of roles, played with the real AWS CLI on a server of its own. */
export function addTour(program: Command): void {
  const command = program
    .command('tour')
    .description('show how roles work, with the AWS CLI on an empty server in memory')
    .option('--yes', 'do not wait for a key before each chapter')
    .option('--short', 'two minutes: PassRole and AssumeRole; needs no AWS CLI')
  addLanguageOption(command).action(async (options: TourOptions) => {
    const language = languageOf(options.lang, process.env)
    if (options.short === true) return playShortTour(language, options.yes !== true)
    const awsCli = findAwsCli()
    const { createOmen } = await import('../../index.ts')
    const omen = await createOmen()
    try {
      await play(omen, awsCli, options.yes !== true, language)
    } finally {
      await omen.close()
    }
    print(`\n${tourEnd[language]}\n`)
  })
}

async function playShortTour(language: Language, waits: boolean): Promise<void> {
  const { createOmen } = await import('../../index.ts')
  const { playShort, prepareShort } = await import('../tour/short.ts')
  // AWS's link to more details leads into its own console
  const omen = await createOmen({ authorizationIds: false })
  try {
    const { endpoint: url, account, keys } = omen
    const cast = await prepareShort({ url, account, partition: 'aws', keys }, language, process.stdout)
    await playShort(cast, () => (waits ? anyKey(shortText[language].goesOn) : Promise.resolve()))
  } finally {
    await omen.close()
  }
}

async function play(omen: RunningOmen, awsCli: string, waits: boolean, language: Language): Promise<void> {
  const { chapter, shown } = terminal(process.stdout, language)
  const { accessKeyId, secretAccessKey } = omen.keys.admin
  const stage = awsStage({
    awsCli,
    endpoint: omen.endpoint,
    account: omen.account,
    adminKeys: { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey },
    metadataOf: (instanceId) => omen.metadataOf(instanceId),
    why: () => callServer({ url: omen.endpoint }, 'GET', '/_omen/decisions/last', omen.keys.root),
    shown,
  })
  await playStory(stage, async (each, number) => {
    if (number > 1 && waits) await anyKey(shortText[language].goesOn)
    chapter(each, number)
  })
}

/** The AWS CLI version 2 from PATH, or from the folder where distributions put it. */
function findAwsCli(): string {
  for (const candidate of ['aws', '/usr/bin/aws', '/usr/local/bin/aws']) {
    try {
      const version = execFileSync(candidate, ['--version'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      if (version.startsWith('aws-cli/2')) return candidate
    } catch {
      // not there: the next one
    }
  }
  throw new CommandFailure(
    'the tour plays with the AWS CLI, version 2: install it (Debian: apt-get install awscli)',
    exitCodes.badConfiguration,
  )
}

function anyKey(words: string): Promise<void> {
  const { stdin } = process
  if (!stdin.isTTY) return Promise.resolve()
  print(`\n   (${words}) `)
  stdin.setRawMode(true)
  stdin.resume()
  return new Promise((resolve, reject) => {
    stdin.once('data', (key) => {
      stdin.setRawMode(false)
      stdin.pause()
      print('\n')
      if (key[0] === 3) reject(new CommandFailure('interrupted', exitCodes.interrupted))
      else resolve()
    })
  })
}
