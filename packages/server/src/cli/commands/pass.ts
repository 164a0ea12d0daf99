import { styleText } from 'node:util'
import { type Command, Option } from 'commander'
import { type PassRoleRow, passRoleTable, services } from '../../authorization/catalogue/index.ts'
import { isServicePrincipal } from '../../authorization/index.ts'
import { reachedBy } from '../asking.ts'
import { callHouse } from '../client.ts'
import { didYouMean } from '../environment.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { withNameHint } from '../name-hint.ts'
import { print, safe, safeTexts } from '../output.ts'
import type { AskedView } from '../reason/view.ts'
import { waysLines } from '../reason/ways.ts'

interface PassOptions {
  readonly home?: string
  readonly as: string
  readonly check?: boolean
  readonly output: 'human' | 'json'
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
  program
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
    .action(async (role: string, given: string, options: PassOptions) => {
      const reached = await reachedBy(options.home, process.env)
      const service = serviceNamed(given)
      const question = { role, service, who: options.as }
      const asking = callHouse(reached.server, 'POST', '/_omen/pass', reached.keys, question)
      const answer = await withNameHint(asking, reached, [role, options.as])
      const view = answer as PassView // the house's own view
      const takers = takersOf(service)
      if (options.output === 'json' && options.check !== true)
        print(`${JSON.stringify({ ...view, operations: takers.map(brief) }, null, 2)}\n`)
      else if (options.check !== true) write(safeTexts(view), takers)
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

/** The indentation of a half's text. */
const margin = ' '.repeat(17)

function write(view: PassView, takers: readonly PassRoleRow[]): void {
  const stream = process.stdout
  const mark = (yes: boolean) => styleText(yes ? 'green' : 'red', yes ? '✓' : '✗', { stream })
  const line = (text: string) => print(`${text}\n`, stream)
  const { callerHalf, roleHalf, service } = view
  const mayPass = callerHalf.outcome === 'allowed'
  const trusts = roleHalf.outcome === 'allowed'
  line(
    `${mark(view.allowed)} ${view.caller} ${view.allowed ? 'can' : 'cannot'} hand ${view.role} to ${service}`,
  )
  line(`  caller half  ${mark(mayPass)} iam:PassRole on the role (iam:PassedToService = ${service})`)
  if (!mayPass)
    for (const text of [`${margin}${callerHalf.sentence}`, ...halfOf(callerHalf, view.caller)]) line(text)
  line(`  role half    ${mark(trusts)} ${trustOf(service, trusts, roleHalf.trusts)}`)
  if (!trusts) for (const text of halfOf(roleHalf, service)) line(text)
  for (const text of takersText(service, takers)) line(`  ${text}`)
}

/** The ways out of a half that is missing, and its decision. */
function halfOf(half: AskedView, caller: string): readonly string[] {
  const why = half.id === undefined ? [] : [`${margin}more: omen why ${half.id}`]
  return [...waysLines(half.ways ?? [], { ...half, caller }, margin), ...why]
}

function trustOf(service: string, trusts: boolean, named: readonly string[]): string {
  if (trusts) return `the role’s trust policy lets ${service} put it on`
  if (named.includes(service))
    return `the role’s trust policy names ${service}, but not under these conditions`
  const names = named.length === 0 ? 'no service' : named.join(', ')
  return `the role’s trust policy does not let ${service} put it on (it names ${names})`
}

function takersText(service: string, takers: readonly PassRoleRow[]): readonly string[] {
  if (takers.length === 0) return [`no operation is known by which a role is handed to ${service}`]
  const names = takers.map((row) => `${row.service}:${row.operation}${row.verified ? '' : '?'}`)
  const doubt = takers.every(({ verified }) => verified)
    ? []
    : ['?: it is not known that iam:PassRole is asked for there']
  return [`taken by     ${names.join(', ')}`, ...doubt.map((text) => `             ${text}`)]
}
