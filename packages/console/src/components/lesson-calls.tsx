import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { type LessonText, step, type Verdict } from '../client/learn.ts'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { Failure } from './failure.tsx'
import { Foreign } from './sentence.tsx'

interface LessonCallsProps {
  readonly id: string
  readonly calls: readonly LessonText[]
  readonly onJudged: (verdict: Verdict) => void
}

/** The calls that can be made in a lesson's house, and the answer to the last one. */
export function LessonCalls({ id, calls, onJudged }: LessonCallsProps) {
  const t = useText(learnText)
  const textOf = useLessonText()
  const [made, setMade] = useState<Verdict['call']>()
  const [busy, setBusy] = useState<number>()
  const [error, setError] = useState<unknown>()
  const make = async (number: number) => {
    setBusy(number)
    setError(undefined)
    try {
      const found = await step<Verdict>(id, 'call', { call: number })
      setMade(found.call)
      onJudged(found)
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <section className="lesson-calls" aria-label={t.calls}>
      <h3>{t.calls}</h3>
      <p>{t.callsHint}</p>
      <SpaceBetween direction="horizontal" size="xs">
        {calls.map((call, index) => (
          <Button
            key={call.en}
            loading={busy === index + 1}
            disabled={busy !== undefined}
            onClick={() => void make(index + 1)}
          >
            {textOf(call)}
          </Button>
        ))}
      </SpaceBetween>
      {error !== undefined && <Failure error={error} />}
      {made !== undefined && (
        <p role="status">
          <b>{textOf(made.words)}</b>
          {': '}
          {made.sentence !== undefined ? (
            <Foreign>{made.sentence}</Foreign>
          ) : made.got.en === 'no session' ? (
            t.noSession
          ) : (
            t.works
          )}
        </p>
      )}
    </section>
  )
}
