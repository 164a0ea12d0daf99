import '../learn.css'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { answerReview, nextReview, type Review, type Reviewed } from '../client/learn.ts'
import { Failure } from '../components/failure.tsx'
import { LessonHouse } from '../components/lesson-house.tsx'
import { LessonQuestion } from '../components/lesson-question.tsx'
import { LessonSaid } from '../components/lesson-said.tsx'
import { PageLink } from '../components/page-link.tsx'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { shellText } from '../text/shell.ts'

/** The reviews that are due today, one after the other, each in another instance. */
export default function ReviewPage() {
  const [round, setRound] = useState(0)
  return <Round key={round} onNext={() => setRound(round + 1)} />
}

function Round({ onNext }: { readonly onNext: () => void }) {
  const t = useText(learnText)
  const shell = useText(shellText)
  const textOf = useLessonText()
  const client = useQueryClient()
  const [review, setReview] = useState<Review | { readonly due: 0 }>()
  const [reviewed, setReviewed] = useState<Reviewed>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    let gone = false
    nextReview().then(
      (found) => !gone && setReview(found),
      (reason: unknown) => !gone && setError(reason),
    )
    return () => {
      gone = true
    }
  }, [])
  const open = review !== undefined && 'ask' in review ? review : undefined
  const answer = async (option: number, sure: boolean) => {
    if (open === undefined) return
    setError(undefined)
    try {
      setReviewed(await answerReview(open.id, option, sure))
      void client.invalidateQueries({ queryKey: ['lessons'] })
    } catch (reason) {
      setError(reason)
    }
  }
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={
          <>
            {open !== undefined && `${t.reviewOf(textOf(open.title))} · `}
            <PageLink to="/learn">{t.back}</PageLink>
          </>
        }
      >
        {t.reviewTitle}
      </Header>
      {review === undefined && error === undefined && <Spinner size="large" aria-label={shell.loading} />}
      {review?.due === 0 && (
        <Alert type="success" header={t.nothingDue}>
          {t.nothingDueHint}
        </Alert>
      )}
      {open !== undefined && (
        <Container header={<Header variant="h2">{t.house}</Header>}>
          <LessonHouse house={open.house} />
        </Container>
      )}
      {open !== undefined && reviewed === undefined && <LessonQuestion asking={open} onAnswer={answer} />}
      {error !== undefined && <Failure error={error} />}
      {open !== undefined && reviewed !== undefined && (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">{t.predict}</Header>}>
            <p className="lesson-ask">{textOf(open.ask)}</p>
          </Container>
          <LessonSaid asking={open} said={reviewed.said} takesFocus />
          <Alert type="info" header={t.remember}>
            {textOf(reviewed.remember)}
            <br />
            {reviewed.days === undefined ? t.keptNow : t.backIn(reviewed.days)}
          </Alert>
          <div className="lesson-actions">
            <Button variant="primary" onClick={onNext}>
              {t.nextReview}
            </Button>
            {reviewed.said.option !== reviewed.said.right && (
              <PageLink to={`/learn/${open.id}`}>{t.playAgain}</PageLink>
            )}
          </div>
        </SpaceBetween>
      )}
    </SpaceBetween>
  )
}
