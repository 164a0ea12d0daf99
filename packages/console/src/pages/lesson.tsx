import '../learn.css'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useParams } from 'wouter'
import { type Lesson, step, type Verdict } from '../client/learn.ts'
import { Failure } from '../components/failure.tsx'
import { LessonHouse } from '../components/lesson-house.tsx'
import { LessonQuestion } from '../components/lesson-question.tsx'
import { LessonSaid } from '../components/lesson-said.tsx'
import { LessonSolved } from '../components/lesson-solved.tsx'
import { LessonTask } from '../components/lesson-task.tsx'
import { PageLink } from '../components/page-link.tsx'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { shellText } from '../text/shell.ts'

/** One lesson: its house, the question, what the engine says, the task, and what is said after success. */
export default function LessonPage() {
  const { id = '' } = useParams()
  return <Play key={id} id={id} />
}

function Play({ id }: { readonly id: string }) {
  const t = useText(learnText)
  const shell = useText(shellText)
  const textOf = useLessonText()
  const client = useQueryClient()
  const [lesson, setLesson] = useState<Lesson>()
  const [answered, setAnswered] = useState(false)
  const [verdict, setVerdict] = useState<Verdict>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    let gone = false
    step<Lesson>(id, 'open').then(
      (opened) => !gone && setLesson(opened),
      (reason: unknown) => !gone && setError(reason),
    )
    return () => {
      gone = true
      void client.invalidateQueries({ queryKey: ['lessons'] })
    }
  }, [id, client])
  if (lesson === undefined)
    return error === undefined ? (
      <Spinner size="large" aria-label={shell.loading} />
    ) : (
      <Failure error={error} />
    )
  const answer = async (option: number, sure: boolean) => {
    setError(undefined)
    try {
      setLesson(await step<Lesson>(id, 'say', { option, sure }))
      setAnswered(true)
    } catch (reason) {
      setError(reason)
    }
  }
  const { number, chapter, minutes, title, house, said, task, documents } = lesson
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={
          <>
            {t.chapter[chapter]}
            {' · '}
            {t.minutes(minutes)}
            {' · '}
            <PageLink to="/learn">{t.back}</PageLink>
          </>
        }
      >
        {number}
        {' · '}
        {textOf(title)}
      </Header>
      <Container
        header={
          <Header variant="h2" description={t.houseHint}>
            {t.house}
          </Header>
        }
      >
        <LessonHouse house={house} />
      </Container>
      {said === undefined && task === undefined && <LessonQuestion asking={lesson} onAnswer={answer} />}
      {said !== undefined && (
        <Container header={<Header variant="h2">{t.predict}</Header>}>
          <p className="lesson-ask">{textOf(lesson.ask)}</p>
        </Container>
      )}
      {said !== undefined && <LessonSaid asking={lesson} said={said} takesFocus={answered} />}
      {error !== undefined && <Failure error={error} />}
      {task !== undefined && documents !== undefined && (
        <LessonTask
          lesson={{ ...lesson, task, documents }}
          takesFocus={false}
          onSolved={(found) => {
            setVerdict(found)
            void client.invalidateQueries({ queryKey: ['lessons'] })
          }}
        />
      )}
      {verdict?.after !== undefined && (
        <LessonSolved lesson={lesson} after={verdict.after} next={verdict.next} />
      )}
    </SpaceBetween>
  )
}
