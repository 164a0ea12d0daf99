import { type Command, Option } from 'commander'
import { type Asking, askingOf } from '../asking.ts'
import { callServer } from '../client.ts'
import { type ContextOptions, contextOption } from '../context-option.ts'
import { badSyntax, ServiceRefusal } from '../failure.ts'
import { addStepsOption, type StepsOptions } from '../graph/steps-option.ts'
import { addWorldOptions, type WorldOptions } from '../graph/world-options.ts'
import { print, printError, safe } from '../output.ts'
import { type NowView, writeDecision } from '../reason/decision.ts'
import { isFailed, writeFailed } from '../reason/failed.ts'
import type { DecisionView } from '../reason/view.ts'
import { shortName } from '../short-name.ts'
import { addLanguageOption, type Language, languageOf } from '../words/language.ts'
import { reasonWords } from '../words/reason.ts'

interface WhyOptions extends WorldOptions, StepsOptions, ContextOptions {
  readonly last?: boolean
  readonly decode?: string
  /** Absent unless one of the options is given. */
  readonly ways?: boolean
  readonly output: 'human' | 'json'
  readonly lang?: Language
}

const help = `
Exit codes:
  0  the decision is written; before =ROLE: a way is proven, or conditional
  1  before =ROLE: there is no way
  3  before =ROLE: a fact is missing or the steps are spent, so nothing is decided
  252, 253, 254  a mistake in the command line; in a file or the environment; an answer of the server

  omen why                                   # your last call that was denied or failed
  omen why dev =role/prod-deploy             # how dev becomes the role, with every statement
  omen why dev =role/prod-deploy --from account.json --inventory inventory.json
  omen why =role/prod-deploy --from plan.json    # the same of everyone that becomes it
`

/** `omen why`: the story of a decision. */
export function addWhy(program: Command): void {
  const command = program
    .command('why')
    .description('explain why a call was allowed, denied or failed, and how to allow it')
    .argument(
      '[id]',
      'the id of a decision (header x-omen-decision-id), request or event (default: your last call that was denied or failed). Before =ROLE: a user or role',
    )
    .argument(
      '[=role]',
      '"=" and a user or role: show how the first one becomes it; alone, how everyone does',
    )
    .option('--last', 'explain your last denial: that of the keys or the profile in the environment')
    .option('--ways', 'show how to allow it, in the house of a lesson too')
    .option('--no-ways', 'leave out how to allow it')
    .option('--decode <message>', 'explain the decision of an encoded authorization message')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
  addLanguageOption(addStepsOption(addWorldOptions(command.addOption(contextOption()))))
    .addHelpText('after', help)
    .action(async (id: string | undefined, role: string | undefined, options: WhyOptions) => {
      if (role !== undefined) {
        if (id === undefined || !role.startsWith('=') || role === '=')
          throw badSyntax(
            'why takes one id, or a user or role and "=" with another one: omen why dev =role/ops',
          )
        const { sayBecoming } = await import('../graph/why-edge.ts')
        await sayBecoming(options, languageOf(options.lang, process.env), id, role.slice(1))
        return
      }
      if (id !== undefined && id.length > 1 && id.startsWith('=')) {
        const { sayBecoming } = await import('../graph/why-edge.ts')
        await sayBecoming(options, languageOf(options.lang, process.env), undefined, id.slice(1))
        return
      }
      if ([id, options.last, options.decode].filter((each) => each !== undefined).length > 1)
        throw badSyntax('why explains one decision: an id, --last or --decode')
      if (id !== undefined && !/^[\w-]{1,64}$/.test(id))
        throw badSyntax(`${safe(id)} is no id of a decision, a request or an event`)
      const language = languageOf(options.lang, process.env)
      const asking = await askingOf(options.home, process.env)
      if (options.decode !== undefined) {
        const body = { message: options.decode }
        write(
          await callServer(asking.server, 'POST', '/_omen/decisions/decode', asking.keys, body),
          options,
          undefined,
          asking,
        )
        return
      }
      const answer = id === undefined ? await lastOf(asking, language) : await getDecision(id, asking)
      write(answer, options, await nowOf(answer, asking), asking)
    })
}

function getDecision(id: string, { server, keys }: Asking): Promise<unknown> {
  return callServer(server, 'GET', `/_omen/decisions/${encodeURIComponent(id)}`, keys)
}

/** The last denial of the environment's caller, or of anyone if it has none; what was denied since is named. */
async function lastOf(asking: Asking, language: Language): Promise<unknown> {
  const t = reasonWords[language].notices
  const { me, key } = asking
  const by = new URLSearchParams({ ...(me && { by: me.arn }), ...(key && { key }) })
  if (by.size === 0) return getDecision('last', asking)
  const path = `/_omen/decisions/last?${by}`
  const decision = await callServer(asking.server, 'GET', path, asking.keys).catch((error: unknown) => {
    if (error instanceof ServiceRefusal && error.code === 'nothingDenied') return undefined
    throw error
  })
  const newest = await getDecision('last', asking)
  const who = me === undefined ? `the key ${key}` : shortName(me.arn)
  if (decision === undefined) {
    printError(`omen: ${t.nothingDenied(safe(who))}\n`)
    return newest
  }
  const [shown, other] = [decision, newest].map((each) => each as Partial<DecisionView>) // or a failed call, which has no id
  if (other?.id !== undefined && other.id !== shown?.id)
    printError(`omen: ${t.newer(safe(who), safe(shortName(other.caller ?? '')), other.id)}\n`)
  return decision
}

/** Returns the present decision on a denied call; undefined if the call was not denied, or nothing is known. */
async function nowOf(answer: unknown, { server, keys }: Asking): Promise<NowView | undefined> {
  const { id, allowed } = answer as Partial<DecisionView> // or a failed call, which has neither
  if (id === undefined || allowed !== false) return undefined
  const path = `/_omen/api/decisions/${encodeURIComponent(id)}/now`
  try {
    return (await callServer(server, 'GET', path, keys)) as NowView // the route's own answer
  } catch (error) {
    if (error instanceof ServiceRefusal) return undefined
    throw error
  }
}

function write(
  answer: unknown,
  { output, ways, lang }: WhyOptions,
  now: NowView | undefined,
  { server }: Pick<Asking, 'server'>,
): void {
  if (output === 'human') {
    writeHuman(answer, now, languageOf(lang, process.env), {
      folded: ways === undefined ? 'folded' in server && server.folded === true : !ways,
    })
    return
  }
  const { allowed, gone } = now ?? {}
  const whole = now === undefined ? answer : Object.assign({}, answer, { now: gone ? { gone } : { allowed } })
  print(`${JSON.stringify(whole, null, 2)}\n`)
}

function writeHuman(
  answer: unknown,
  now: NowView | undefined,
  language: Language,
  options: { readonly folded: boolean },
): void {
  if (isFailed(answer)) {
    writeFailed(answer, process.stdout, language)
    return
  }
  const decoded = typeof answer === 'object' && answer !== null && 'message' in answer
  if (!decoded) {
    writeDecision(answer as DecisionView, process.stdout, language, now, options) // the server's own view
    return
  }
  if ('decision' in answer)
    writeDecision(answer.decision as DecisionView, process.stdout, language, undefined, options) // as above
  else print(`${JSON.stringify(answer.message, null, 2)}\n`)
}
