import { leastPolicy, policySize, type ResourceScope, type SeenRequest } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { type Reached, reachedBy } from '../asking.ts'
import { callServer } from '../client.ts'
import { badSyntax, CommandFailure, exitCodes } from '../failure.ts'
import { instantOf } from '../instant.ts'
import { print, printError } from '../output.ts'

interface GenerateOptions {
  readonly home?: string
  readonly fromEvents?: boolean
  readonly principal?: string
  readonly since?: string
  readonly resources: ResourceScope
  readonly denied?: boolean
  readonly output: 'human' | 'json'
}

/** A customer managed policy may have so many characters, white space aside. */
const managedSize = 6_144

/** `omen policy generate`: from past events to the least policy that allows them. */
export function addPolicyGenerate(policy: Command): void {
  policy
    .command('generate')
    .description('generate the least policy that allows the calls in the trail, and check it with the engine')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .option('--from-events', 'use the events that the server keeps')
    .option('--principal <who>', 'only calls of this user or role: a name or ARN (default: everyone)')
    .option('--since <when>', 'a time, or how long ago, such as 90m or 12h (default: all events)')
    .addOption(
      new Option(
        '--resources <scope>',
        'the exact resources of the calls; those that differ only in what AWS generates (ids, random ends of names, versions); or every resource of the same type',
      )
        .choices(['exact', 'generated', 'wildcard'])
        .default('exact'),
    )
    .option('--denied', 'also allow calls that were denied')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .action(async (options: GenerateOptions) => {
      if (!options.fromEvents) throw badSyntax('say what to generate it from: --from-events')
      const seen = await seenBy(await reachedBy(options.home, process.env), options)
      if (seen.questions.length === 0) throw nothingSeen(seen, options)
      const { document, unproven } = leastPolicy(seen.questions, options.resources)
      const proof = {
        events: seen.events,
        silent: seen.silent,
        cut: seen.cut,
        questions: seen.questions.length,
        unproven,
      }
      const view = options.output === 'json' ? { document, proof } : document
      print(`${JSON.stringify(view, null, 2)}\n`)
      printError(describeSeen(seen, unproven.length))
      const size = policySize(JSON.stringify(document))
      if (size > managedSize)
        printError(
          `! ${size} characters; a managed policy may have ${managedSize}: --resources generated or wildcard\n`,
        )
      if (seen.cut > 0)
        printError(
          `! the policy may be incomplete: of ${counted(seen.cut, 'event')} only some of the questions were kept\n`,
        )
      if (unproven.length > 0) process.exitCode = exitCodes.no
    })
}

interface Seen {
  readonly events: number
  readonly silent: number
  /** Events of which only some questions were kept: the policy may be incomplete. */
  readonly cut: number
  readonly questions: readonly SeenRequest[]
}

async function seenBy(
  { server, keys }: Reached,
  { principal, since, denied }: GenerateOptions,
): Promise<Seen> {
  const asked = {
    ...(principal === undefined ? {} : { principal }),
    ...(since === undefined ? {} : { since: instantOf(since) }),
    ...(denied ? { denied: 'true' } : {}),
  }
  const questions = new Map<string, SeenRequest>()
  let [events, silent, cut] = [0, 0, 0]
  for (let after: string | undefined; ; ) {
    const query = new URLSearchParams({ ...asked, ...(after === undefined ? {} : { after }) })
    const page = (await callServer(server, 'GET', `/_omen/seen?${query}`, keys)) as Page // the server's own form
    for (const one of page.questions)
      questions.set(JSON.stringify([one.action, one.resource, one.passedTo]), one)
    events += page.events
    silent += page.silent
    cut += page.cut
    if (page.done) return { events, silent, cut, questions: [...questions.values()] }
    after = page.position
  }
}

interface Page extends Seen {
  readonly position: string
  readonly done: boolean
}

function nothingSeen({ events }: Seen, { principal, denied }: GenerateOptions): CommandFailure {
  const whose = principal === undefined ? '' : ` of ${principal}`
  return new CommandFailure(
    events === 0
      ? `no event${whose} was seen${denied ? '' : '; what was denied is left out without --denied'}`
      : `none of the ${events} events${whose} asked for a permission`,
    exitCodes.no,
  )
}

function describeSeen({ events, silent, questions }: Seen, unproven: number): string {
  const quiet = silent === 0 ? '' : ` (${silent} of them needed no permission)`
  const proof =
    unproven === 0
      ? 'asked again of this policy, all are allowed'
      : `asked again of this policy, ${unproven} are NOT allowed`
  const [read, asked] = [counted(events, 'event'), counted(questions.length, 'different question')]
  return `${read}${quiet}, ${asked}; ${proof}\n`
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
