import type { Verdict } from './judge.ts'
import type { Change, Language, Lesson } from './lesson.ts'
import { checkWords, gotWords } from './words.ts'

/**
 * The hints of a lesson, in their order: where, what, and nearly the solution. They are computed, so they are always true.
 */
export function hintsOf(lesson: Lesson, verdict: Verdict, language: Language): readonly string[] {
  const ja = language === 'ja'
  const failing = verdict.checks.findIndex(({ answer }) => !answer.holds)
  const failed = verdict.checks[failing]
  const where =
    failed === undefined
      ? ja
        ? '答えを言葉で書きます。'
        : 'It is answered in words.'
      : `${ja ? 'まだ' : 'Not yet'}: ${failing + 1} ${checkWords(failed.check, language)} (${gotWords(failed.answer.got, language)})`
  return [where, whatWords(lesson, ja), nearlyWords(lesson, ja)]
}

function whatWords({ solution, asks, lends, commands }: Lesson, ja: boolean): string {
  const names = Object.keys(solution.set ?? {})
  if (names.length > 0)
    return ja ? `変えるのは ${names.join('、')} です。` : `What changes: ${names.join(', ')}.`
  if (asks !== undefined)
    return ja ? `記録の ${asks.trail} を見てください。` : `Look at ${asks.trail} in the trail.`
  if (lends !== undefined)
    return ja ? `${lends} のセッションポリシーを書きます。` : `Write the session policy of ${lends}.`
  return commands?.[0] ?? (ja ? '呼び出しで解きます。' : 'It is solved by calls.')
}

/** The solution with one value left out. */
function nearlyWords({ solution, asks, commands = [] }: Lesson, ja: boolean): string {
  if (asks !== undefined) return asks.fields.join(', ')
  if (solution.session !== undefined) return blanked(solution.session)
  const entries = Object.entries(solution.set ?? {})
  if (entries.length === 0)
    return commands.join('\n') || (ja ? '全部の呼び出しを試します。' : 'Try every call.')
  return entries.map(([name, change]) => `${name}: ${blanked(change)}`).join('\n')
}

/** The last resource, principal or condition value of a document becomes a blank. */
function blanked(change: Change | object): string {
  const text = JSON.stringify(change)
  const values = [
    ...text.matchAll(/"(?:Resource|AWS|Service|Federated|[\w:/-]+:[\w/-]+)":("[^"]+"|\[[^\]]*\])/g),
  ]
  const last = values.at(-1)
  if (last?.[1] === undefined) return text
  const start = last.index + last[0].length - last[1].length
  return `${text.slice(0, start)}"____"${text.slice(start + last[1].length)}`
}
