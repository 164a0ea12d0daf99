import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { PolicyKind } from '@omen-iam/policy'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import {
  type Hint,
  type Lesson,
  type LessonDocument,
  type Refused,
  type Solution,
  step,
  type Verdict,
} from '../client/learn.ts'
import { isTyping, useSingleKeys } from '../client/shortcuts.ts'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { Failure } from './failure.tsx'
import { LessonCalls } from './lesson-calls.tsx'
import { LessonSolution } from './lesson-solved.tsx'
import { StepHeading } from './lesson-step.tsx'
import { LessonTrail } from './lesson-trail.tsx'
import { LessonVerdict } from './lesson-verdict.tsx'

const PolicyEditor = lazy(() => import('./policy-editor.tsx'))

interface LessonTaskProps {
  readonly lesson: Lesson & { readonly task: Lesson['title']; readonly documents: readonly LessonDocument[] }
  readonly takesFocus: boolean
  readonly onSolved: (verdict: Verdict) => void
}

/** The act that repairs: documents, calls or an answer in words, judged after each save and each call. */
export function LessonTask({ lesson, takesFocus, onSolved }: LessonTaskProps) {
  const t = useText(learnText)
  const textOf = useLessonText()
  const { id, task, asks, calls = [] } = lesson
  const [laidOut, setLaidOut] = useState(lesson.documents)
  const [documents, setDocuments] = useState(lesson.documents)
  const [answer, setAnswer] = useState('')
  const [verdict, setVerdict] = useState<Verdict>()
  const [refused, setRefused] = useState<string>()
  const [hint, setHint] = useState<Hint>()
  const [solution, setSolution] = useState<Solution | 'later'>()
  const [busy, setBusy] = useState<'check' | 'hint' | 'solution' | 'again'>()
  const [error, setError] = useState<unknown>()
  const written = () => Object.fromEntries(documents.map(({ name, text }) => [name, text]))
  const run = async (name: NonNullable<typeof busy>, act: () => Promise<void>) => {
    if (busy !== undefined) return
    setBusy(name)
    setError(undefined)
    await act()
      .catch(setError)
      .finally(() => setBusy(undefined))
  }
  const judged = (found: Verdict) => {
    setRefused(undefined)
    setVerdict(found)
    if (found.solved) onSolved(found)
  }
  const check = () =>
    run('check', async () => {
      const words = asks === true && answer.trim() !== '' ? { answer } : {}
      const found = await step<Verdict | Refused>(id, 'check', { documents: written(), ...words })
      if ('refused' in found) {
        setVerdict(undefined)
        setRefused(found.refused)
      } else judged(found)
    })
  const showHint = () =>
    run('hint', async () => setHint(await step<Hint>(id, 'hint', { documents: written() })))
  const showSolution = () =>
    run('solution', async () => {
      const found = await step<Solution | { readonly notYet: true }>(id, 'solution')
      setSolution('notYet' in found ? 'later' : found)
    })
  const startAgain = () =>
    run('again', async () => {
      const begun = await step<{ readonly documents: readonly LessonDocument[] }>(id, 'again')
      setLaidOut(begun.documents)
      setDocuments(begun.documents)
      setVerdict(undefined)
      setRefused(undefined)
    })
  useTaskKeys(check, showHint)
  return (
    <Container
      header={
        <StepHeading
          takesFocus={takesFocus}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button loading={busy === 'hint'} onClick={showHint}>
                {t.hint}
              </Button>
              <Button loading={busy === 'solution'} onClick={showSolution}>
                {t.solution}
              </Button>
              <Button loading={busy === 'again'} onClick={startAgain}>
                {t.again}
              </Button>
            </SpaceBetween>
          }
        >
          {t.task}
        </StepHeading>
      }
    >
      <SpaceBetween size="m">
        <p className="lesson-ask">{textOf(task)}</p>
        {laidOut.length > 0 && (
          <div className="lesson-documents">
            {laidOut.map(({ name, text }, index) => (
              <div key={name} className="lesson-document">
                <div className="lesson-document-name">
                  {name === 'session' ? t.sessionPolicy : <code lang="en">{name}</code>}
                </div>
                <Suspense fallback={<pre className="policy-plain">{text}</pre>}>
                  <PolicyEditor
                    value={documents[index]?.text ?? text}
                    {...kindOf(name)}
                    label={t.document(name)}
                    onChange={(changed) =>
                      setDocuments((before) =>
                        before.map((each) => (each.name === name ? { name, text: changed } : each)),
                      )
                    }
                  />
                </Suspense>
              </div>
            ))}
          </div>
        )}
        {calls.length > 0 && <LessonCalls id={id} calls={calls} onJudged={judged} />}
        {(asks === true || calls.length > 0) && <LessonTrail id={id} />}
        {asks === true && (
          <form
            onSubmit={(event) => {
              event.preventDefault()
              void check()
            }}
          >
            <FormField label={t.yourAnswer} description={t.yourAnswerHint}>
              <Input value={answer} spellcheck={false} onChange={({ detail }) => setAnswer(detail.value)} />
            </FormField>
          </form>
        )}
        <div className="lesson-actions">
          <Button variant="primary" loading={busy === 'check'} onClick={check}>
            {laidOut.length > 0 ? t.save : t.check}
          </Button>
          {laidOut.length > 0 && <small>{t.saveHint}</small>}
        </div>
        {error !== undefined && <Failure error={error} />}
        {refused !== undefined && (
          <Alert type="error" header={t.refused}>
            <span className="as-sent" lang="en" dir="auto">
              {refused}
            </span>
          </Alert>
        )}
        {verdict !== undefined && <LessonVerdict verdict={verdict} />}
        {verdict?.solved === false &&
          verdict.answered === undefined &&
          verdict.checks.every(({ holds }) => holds) && <Alert type="info">{t.answerMissing}</Alert>}
        {hint !== undefined && (
          <Alert type="info" header={t.hintOf(hint.number, hint.of)}>
            <span className="as-sent">{textOf(hint.hint)}</span>
          </Alert>
        )}
        {solution === 'later' && <Alert type="info">{t.solutionLater}</Alert>}
        {solution !== undefined && solution !== 'later' && <LessonSolution solution={solution} />}
      </SpaceBetween>
    </Container>
  )
}

/** Ctrl S saves, wherever the focus is; h is the next hint. */
function useTaskKeys(save: () => Promise<void>, hint: () => Promise<void>): void {
  const singleKeys = useSingleKeys()
  const acts = useRef({ save, hint })
  acts.current = { save, hint }
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target } = event
      if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 's') {
        event.preventDefault()
        void acts.current.save()
      } else if (singleKeys && key === 'h' && !ctrlKey && !metaKey && !altKey && !isTyping(target)) {
        event.preventDefault()
        void acts.current.hint()
      }
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [singleKeys])
}

/** A list of policies and the name of a boundary are no policies by themselves. */
function kindOf(name: string): { readonly kind?: PolicyKind } {
  if (name === 'session') return { kind: 'session' }
  if (name.endsWith(' trust')) return { kind: 'trust' }
  if (/(?:^| )policy\//.test(name)) return { kind: 'identity' }
  if (name.startsWith('scp/')) return { kind: 'scp' }
  return {}
}
