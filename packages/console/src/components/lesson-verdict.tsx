import Alert from '@cloudscape-design/components/alert'
import { useEffect, useRef, useState } from 'react'
import type { Checked, Verdict } from '../client/learn.ts'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { Foreign } from './sentence.tsx'
import { Sign } from './sign.tsx'

/** The checks of a task, and the mistake that was made. What changed is spoken, and nothing else. */
export function LessonVerdict({ verdict }: { readonly verdict: Verdict }) {
  const t = useText(learnText)
  const textOf = useLessonText()
  const { checks, mistake, answered } = verdict
  const held = checks.filter(({ holds }) => holds).length
  return (
    <div className="lesson-verdict">
      <p className="visually-hidden" role="status">
        {useChange(verdict)}
      </p>
      {checks.length > 0 && (
        <>
          <b>{t.hold(held, checks.length)}</b>
          <ol>
            {checks.map((each) => (
              <li key={each.words.en} className={each.holds ? 'is-held' : 'is-open'}>
                <Sign name={each.holds ? 'yes' : 'no'} />
                <div>
                  <span className="lesson-mark">{each.holds ? t.holds : t.fails}</span> {textOf(each.words)}
                  {!each.holds && <Found checked={each} />}
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
      {answered === false && <Alert type="info">{t.answerNotYet}</Alert>}
      {mistake !== undefined && <Alert type="warning">{textOf(mistake)}</Alert>}
    </div>
  )
}

function Found({ checked: { path, example, isMore, got, sentence } }: { readonly checked: Checked }) {
  const t = useText(learnText)
  const textOf = useLessonText()
  const aws = path ?? (isMore ? example : sentence)
  return (
    <div className="lesson-found">
      {isMore ? t.more : `${t.got}: ${textOf(got)}`}
      {aws !== undefined && (
        <>
          {': '}
          <Foreign>{aws}</Foreign>
        </>
      )}
    </div>
  )
}

/** Returns the changes since the verdict before, in words. */
function useChange({ checks, solved }: Verdict): string {
  const t = useText(learnText)
  const before = useRef<readonly boolean[] | undefined>(undefined)
  const [words, setWords] = useState('')
  useEffect(() => {
    const now = checks.map(({ holds }) => holds)
    const was = before.current
    before.current = now
    const numbers = (holds: boolean) =>
      now.flatMap((each, index) => (each === holds && was?.[index] !== holds ? [index + 1] : [])).join(', ')
    const gained = numbers(true)
    const lost = was === undefined ? '' : numbers(false)
    const held = now.filter((each) => each).length
    setWords(
      [
        gained === '' ? '' : t.nowHolds(gained),
        lost === '' ? '' : t.nowFails(lost),
        solved ? t.solved : t.hold(held, now.length),
      ]
        .filter((each) => each !== '')
        .join(' '),
    )
  }, [checks, solved, t])
  return words
}
