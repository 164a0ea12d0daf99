import { parseAccountId } from '../../base/index.ts'
import { roles } from '../../directory/index.ts'
import { masksOf, viewJudged, wholeSight } from '../../gate/index.ts'
import {
  type Check,
  type CheckAnswer,
  checkWords,
  gotWords,
  type Inhabitant,
  inhabitantsOf,
  type Language,
  type Lesson,
  type LessonHouse,
  type LessonProgress,
  languages,
  type Text,
  type Verdict,
} from '../index.ts'

/** A text in every language. */
export function inBoth(words: (language: Language) => string): Text {
  return Object.fromEntries(languages.map((each) => [each, words(each)])) as Text // every language
}

/** An inhabitant, and what the mask of a role is drawn from. */
export type ShownInhabitant = Inhabitant & {
  readonly mask?: { readonly id: string; readonly family: string; readonly turn: number }
}

/** Returns the principals and resources of a server as it began, with the masks of its roles. */
export async function viewHouse(
  world: Lesson['world'],
  { omen: { omen } }: LessonHouse,
): Promise<readonly ShownInhabitant[]> {
  const { deps } = omen
  const shown: ShownInhabitant[] = []
  for (const each of inhabitantsOf(world)) {
    const id = each.account === undefined ? deps.firstAccount : parseAccountId(each.account)
    const account = id && deps.directory.loaded(id)
    const role = each.kind === 'role' && account?.table(roles).findBy('name', each.name.toLowerCase())
    const mask = account && role && (await masksOf(account, deps)).get(role.id)
    shown.push(mask ? { ...each, mask: { id: role.id, family: mask.family, turn: mask.turn } } : each)
  }
  return shown
}

/** A check with its answer; of a decision, the gates by which it came. */
export function viewAnswer(check: Check, answer: CheckAnswer) {
  const { holds, got, example, path, sentence, judged, call } = answer
  const gates = judged && call && withoutWays(viewJudged(judged, call, wholeSight))
  return {
    words: inBoth((language) => checkWords(check, language)),
    holds,
    got: inBoth((language) => gotWords(got, language)),
    isMore: got === 'more',
    ...(example === undefined ? {} : { example }),
    ...(path === undefined ? {} : { path }),
    ...(check.equals === undefined ? {} : { found: got }),
    ...(sentence === undefined ? {} : { sentence: shortened(sentence) }),
    ...(gates === undefined ? {} : { gates }),
  }
}

/** The view without what would solve the task. */
function withoutWays<T extends { readonly suggestions: unknown }>({ suggestions: _, ...view }: T) {
  return view
}

/** An encoded message is very long; its beginning is enough. */
function shortened(sentence: string): string {
  return sentence.replace(/[\w-]{80,}/g, (blob) => `${blob.slice(0, 24)}…`)
}

/** The state of a task. */
export function viewVerdict({ solved, checks, answered, mistake }: Verdict) {
  return {
    solved,
    checks: checks.map(({ check, answer }) => viewAnswer(check, answer)),
    ...(answered === undefined ? {} : { answered }),
    ...(mistake === undefined ? {} : { mistake: mistake.say }),
  }
}

/** Returns the solution of a lesson: documents, commands, or where the answer is. */
export function viewSolution({ solution, commands = [], asks }: Lesson) {
  const documents = Object.entries(solution.set ?? {}).map(([name, change]) => ({
    name,
    text: pretty(change),
  }))
  return {
    documents:
      solution.session === undefined
        ? documents
        : [...documents, { name: 'session', text: pretty(solution.session) }],
    commands,
    ...(asks === undefined ? {} : { fields: [asks.trail, ...asks.fields] }),
  }
}

/** Everything that is said after success. */
export function viewSolved(lesson: Lesson, { first, due, shown }: LessonProgress) {
  const { remember, belief, mistakes, facts } = lesson
  return {
    remember,
    belief,
    solution: viewSolution(lesson),
    mistakes: mistakes.map(({ say }) => inBoth((language) => say[language].replace(/\{\w+\}/g, '…'))),
    facts,
    ...(first === undefined ? {} : { first }),
    ...(due === undefined ? {} : { due }),
    ...(shown === true ? { shown } : {}),
  }
}

export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
