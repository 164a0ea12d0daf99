import { styleText } from 'node:util'
import { type Command, Option } from 'commander'
import { type PassRoleRow, passRoleTable, services } from '../../authorization/catalogue/index.ts'
import { isServicePrincipal } from '../../authorization/index.ts'
import { reachedBy } from '../asking.ts'
import { callServer } from '../client.ts'
import { didYouMean } from '../environment.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { withNameHint } from '../name-hint.ts'
import { print, safe, safeTexts } from '../output.ts'
import type { AskedView } from '../reason/view.ts'
import { waysLines } from '../reason/ways.ts'
import { lineWidth, padded, wrapped } from '../width.ts'
import { addLanguageOption, type Language, languageOf } from '../words/language.ts'
import { type ReasonWords, reasonWords } from '../words/reason.ts'
import { titled } from '../words/title.ts'

interface PassOptions {
  readonly home?: string
  readonly as: string
  readonly check?: boolean
  readonly output: 'human' | 'json'
  readonly lang?: Language
}

/** Both halves, as the server's own API views them. */
interface PassView {
  readonly allowed: boolean
  readonly caller: string
  readonly role: string
  readonly service: string
  readonly callerHalf: AskedView
  readonly roleHalf: AskedView & { readonly trusts: readonly string[] }
}

/** `omen pass`: whether a principal can pass a role to a service, and which half is missing. */
export function addPass(program: Command): void {
  const command = program
    .command('pass')
    .description(
      'check whether a principal can pass a role to a service: iam:PassRole and the trust policy; exit 1 if not',
    )
    .argument('<role>', 'a role of the first account, by name or ARN')
    .argument('<service>', 'a service principal, for example lambda.amazonaws.com, or lambda for short')
    .requiredOption(
      '--as <who>',
      'the principal that passes it: root, a user, a role (for any session of it), or an ARN',
    )
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .option('--check', 'print nothing: the exit code is the answer')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
  addLanguageOption(command).action(async (role: string, given: string, options: PassOptions) => {
    const reached = await reachedBy(options.home, process.env)
    const service = serviceNamed(given)
    const question = { role, service, who: options.as }
    const asking = callServer(reached.server, 'POST', '/_omen/pass', reached.keys, question)
    const answer = await withNameHint(asking, reached, [role, options.as])
    const view = answer as PassView // the server's own view
    const takers = takersOf(service)
    if (options.output === 'json' && options.check !== true)
      print(`${JSON.stringify({ ...view, operations: takers.map(brief) }, null, 2)}\n`)
    else if (options.check !== true) write(safeTexts(view), takers, languageOf(options.lang, process.env))
    if (!view.allowed) process.exitCode = exitCodes.no
  })
}

/** The service principal of a name, long or short. @throws CommandFailure if AWS has none: a typo is no service to trust */
function serviceNamed(given: string): string {
  const service = given.includes('.') ? given : `${given}.amazonaws.com`
  if (isServicePrincipal(service)) return service
  const [label = '', ...rest] = service.split('.')
  const hint = didYouMean(label, [...services().keys()]).replace(/\?$/, `.${rest.join('.')}?`)
  throw badSyntax(`AWS has no service principal ${safe(service)}${hint}`)
}

/** The operations by which a role is handed to the service. */
function takersOf(service: string): readonly PassRoleRow[] {
  return [...passRoleTable().values()].flat().filter((row) => row.passedTo.includes(service))
}

function brief({ service, operation, verified }: PassRoleRow) {
  return { operation: `${service}:${operation}`, verified }
}

/** The widest label of a half, in columns. */
const label = 11
/** The indentation of a half's text. */
const margin = ' '.repeat(label + 6)

function write(given: PassView, takers: readonly PassRoleRow[], language: Language): void {
  const stream = process.stdout
  const words = reasonWords[language]
  const t = words.pass
  const view = titled(given, language)
  const mark = (yes: boolean) => styleText(yes ? 'green' : 'red', yes ? '✓' : '✗', { stream })
  const line = (text: string) => print(`${text}\n`, stream)
  /** Behind a label; in a terminal as wide as it is. */
  const lines = (first: string, text: string) => {
    const width = lineWidth(stream)
    const [head = '', ...more] = width === undefined ? [text] : wrapped(text, width - margin.length)
    for (const each of [first + head, ...more.map((rest) => margin + rest)]) line(each)
  }
  const { callerHalf, roleHalf, service, caller, role } = view
  const mayPass = callerHalf.outcome === 'allowed'
  const trusts = roleHalf.outcome === 'allowed'
  const width = lineWidth(stream)
  const said = (view.allowed ? t.can : t.cannot)(caller, role, service)
  const [head = '', ...more] = width === undefined ? [said] : wrapped(said, width - 2)
  for (const each of [`${mark(view.allowed)} ${head}`, ...more.map((rest) => `  ${rest}`)]) line(each)
  const half = (name: string, yes: boolean) => `  ${padded(name, label)}  ${mark(yes)} `
  lines(half(t.callerHalf, mayPass), t.onRole(service))
  if (!mayPass) {
    lines(margin, callerHalf.sentence)
    for (const text of halfOf(callerHalf, caller, words)) line(text)
  }
  lines(half(t.roleHalf, trusts), trustOf(service, trusts, roleHalf.trusts, t))
  if (!trusts) for (const text of halfOf(roleHalf, service, words)) line(text)
  if (takers.length === 0) {
    line(`  ${t.nobodyTakes(service)}`)
    return
  }
  lines(
    `  ${padded(t.takenBy, label)}  `,
    takers.map((row) => `${row.service}:${row.operation}${row.verified ? '' : '?'}`).join(', '),
  )
  if (takers.some(({ verified }) => !verified)) line(`${' '.repeat(label + 4)}${t.doubt}`)
}

/** The ways out of a half that is missing, and its decision. */
function halfOf(half: AskedView, caller: string, words: ReasonWords): readonly string[] {
  const why = half.id === undefined ? [] : [`${margin}${words.pass.more(half.id)}`]
  return [...waysLines(half.ways ?? [], { ...half, caller }, margin, words), ...why]
}

function trustOf(service: string, trusts: boolean, named: readonly string[], t: ReasonWords['pass']): string {
  if (trusts) return t.trusts(service)
  return named.includes(service) ? t.trustsNotNow(service) : t.trustsNot(service, named)
}
