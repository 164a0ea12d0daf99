import { type Command, Option } from 'commander'
import { actionInfo } from '../../authorization/catalogue/index.ts'
import { parseArn } from '../../base/index.ts'
import { reachedBy } from '../asking.ts'
import { callServer } from '../client.ts'
import { type ContextOptions, contextOf, contextOption } from '../context-option.ts'
import { badSyntax, exitCodes } from '../failure.ts'
import { withNameHint } from '../name-hint.ts'
import { print, printError, safe } from '../output.ts'
import { type Question, questionsIn, questionsOf } from '../questions.ts'
import { writeDecision } from '../reason/decision.ts'
import { type Answered, writeVerdicts } from '../reason/verdict-table.ts'
import type { DecisionView } from '../reason/view.ts'
import { lineWidth, wrapped } from '../width.ts'
import { addLanguageOption, type Language, languageOf } from '../words/language.ts'
import { reasonWords } from '../words/reason.ts'

interface CanOptions extends ContextOptions {
  readonly home?: string
  readonly chain?: string
  readonly owner?: string
  readonly file?: string
  readonly expect?: 'allowed' | 'denied'
  readonly output: 'human' | 'json'
  readonly lang?: Language
}

/** `omen can`: whether a principal may do something, before it happens. */
export function addCan(program: Command): void {
  const command = program
    .command('can')
    .description('check whether a principal may make a call; exit 1 if not (or not as expected)')
    .argument('<who>', 'root, a user, a role (for any session of it), or an ARN')
    .argument(
      '[actions]',
      'for example iam:CreateUser; separate several by commas; iam:Get* is every action that matches',
    )
    .argument('[resource...]', 'ARNs (default: *)')
    .option(
      '--file <file>',
      'a file of questions, or - for standard input; each line is an action and its resources',
    )
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addOption(contextOption())
    .option(
      '--chain <roles>',
      'roles that are assumed first, in this order: names or ARNs, separated by commas',
    )
    .option('--owner <account>', 'the account that owns the resource, if its ARN has none')
    .addOption(
      new Option('--expect <answer>', 'exit 0 only if this is the answer').choices(['allowed', 'denied']),
    )
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
  addLanguageOption(command).action(
    async (who: string, actions: string | undefined, named: readonly string[], options: CanOptions) => {
      const questions = asked(actions, named, options.file)
      const reached = await reachedBy(options.home, process.env)
      const shared = {
        who,
        context: contextOf(options.context ?? []),
        chain: options.chain?.split(',') ?? [],
        ...(options.owner === undefined ? {} : { owner: options.owner }),
      }
      const answers: Answered[] = []
      for (const question of questions) {
        const body = { ...shared, ...question }
        const asking = callServer(reached.server, 'POST', '/_omen/can', reached.keys, body)
        const answer = await withNameHint(asking, reached, [who, ...shared.chain])
        answers.push({ ...question, answer: answer as DecisionView }) // the server's own view
      }
      const language = languageOf(options.lang, process.env)
      write(answers, options, language)
      const [only] = answers
      const isAlone = answers.length === 1 && named.length === 0 && options.file === undefined
      if (isAlone && only !== undefined && !only.answer.allowed && options.expect !== 'denied')
        printError(aboutWhat(only.action, only.answer.caller, language))
      const wanted = options.expect !== 'denied'
      if (answers.some(({ answer }) => answer.allowed !== wanted)) process.exitCode = exitCodes.no
    },
  )
}

function asked(
  actions: string | undefined,
  resources: readonly string[],
  file: string | undefined,
): readonly Question[] {
  if ((actions === undefined) === (file === undefined)) throw badSyntax('say an action, or --file')
  return file === undefined ? questionsOf(actions ?? '', resources) : questionsIn(file)
}

function write(answers: readonly Answered[], { output }: CanOptions, language: Language): void {
  const [only] = answers
  if (answers.length > 1) {
    if (output === 'json') print(`${JSON.stringify(answers, null, 2)}\n`)
    else writeVerdicts(answers, process.stdout, language)
  } else if (only !== undefined) {
    if (output === 'json') print(`${JSON.stringify(only.answer, null, 2)}\n`)
    else writeDecision(only.answer, process.stdout, language)
  }
}

/**
 * A suggested resource if none was given, nothing allows all of them, and the action has kinds of resources: the
 * plainest, in the caller's account.
 */
function aboutWhat(action: string, caller: string, language: Language): string {
  const kinds = actionInfo(action)?.resources ?? []
  const required = kinds.filter((kind) => kind.required)
  const [arn] = (required.length > 0 ? required : kinds)
    .flatMap(({ arns }) => arns)
    .sort((a, b) => a.length - b.length)
  if (arn === undefined) return ''
  const text = reasonWords[language].notices.everyResource(safe(action), safe(inAccountOf(caller, arn)))
  const width = lineWidth(process.stderr)
  return `${width === undefined ? text : wrapped(text, width - 2).join('\n  ')}\n`
}

/** Fills the partition and the account of an ARN template; other variables stay for the reader. */
function inAccountOf(caller: string, template: string): string {
  const { partition, account } = parseArn(caller) ?? {}
  if (partition === undefined || account === undefined) return template
  return template.replace('${Partition}', partition).replace('${Account}', account)
}
