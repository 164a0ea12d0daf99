import '../learn.css'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import type { Chapter } from 'omen-iam/views'
import { useLocation } from 'wouter'
import { AwsError } from '../client/aws.ts'
import { type LessonRow, type LessonState, progress, proveChapter, useLessons } from '../client/learn.ts'
import { Failure } from '../components/failure.tsx'
import { useMessages } from '../components/messages.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Sign, type SignName } from '../components/sign.tsx'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { shellText } from '../text/shell.ts'

/** The lessons by chapter, each with its state. */
export default function LearnPage() {
  const t = useText(learnText)
  const shell = useText(shellText)
  const [, navigate] = useLocation()
  const { data, error } = useLessons()
  const { say } = useMessages()
  const solved = data?.lessons.filter(({ state }) => state !== 'new' && state !== 'begun').length ?? 0
  const next = data?.lessons.find(({ id }) => id === data.next)
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.description}
        counter={data === undefined ? '' : `(${solved}/${data.lessons.length})`}
        actions={
          data !== undefined && (
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                onClick={() =>
                  void exportProgress().catch((reason: unknown) =>
                    say('error', reason instanceof Error ? reason.message : String(reason)),
                  )
                }
              >
                {t.export}
              </Button>
              {next !== undefined && (
                <Button variant="primary" onClick={() => navigate(`/learn/${next.id}`)}>
                  {solved === 0 && next.state === 'new' ? t.start : t.goOn}
                </Button>
              )}
            </SpaceBetween>
          )
        }
      >
        {t.title}
      </Header>
      {error instanceof AwsError && error.status === 404 ? (
        <Alert type="info" header={t.none}>
          {t.noneHint}
        </Alert>
      ) : (
        error !== null && <Failure error={error} />
      )}
      {data === undefined && error === null && <Spinner size="large" aria-label={shell.loading} />}
      {data !== undefined && (
        <SpaceBetween size="l">
          {data.due > 0 && (
            <Alert type="info" action={<Button onClick={() => navigate('/learn/review')}>{t.review}</Button>}>
              {t.reviewDue(data.due)}
            </Alert>
          )}
          {next === undefined && <Alert type="success">{t.allSolved}</Alert>}
          <div className="lesson-chapters">
            {data.chapters.map((chapter) => (
              <ChapterOf
                key={chapter}
                chapter={chapter}
                lessons={data.lessons.filter((lesson) => lesson.chapter === chapter)}
                next={data.next}
              />
            ))}
          </div>
          <Box color="text-body-secondary">
            {t.solvedOf(solved, data.lessons.length)}
            {' · '}
            {t.shared}
          </Box>
        </SpaceBetween>
      )}
    </SpaceBetween>
  )
}

/** Saves the progress as a file. */
async function exportProgress(): Promise<void> {
  const text = JSON.stringify(await progress(), null, 2)
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'omen-learn.json'
  link.click()
  URL.revokeObjectURL(url)
}

interface ChapterProps {
  readonly chapter: Chapter
  readonly lessons: readonly LessonRow[]
  readonly next: string | undefined
}

function ChapterOf({ chapter, lessons, next }: ChapterProps) {
  const t = useText(learnText)
  const textOf = useLessonText()
  const [, navigate] = useLocation()
  const { say } = useMessages()
  const isOpen = lessons.some(({ state }) => state === 'new' || state === 'begun')
  const skip = () =>
    proveChapter(chapter).then(
      (id) => navigate(`/learn/${id}`),
      (reason: unknown) => say('error', reason instanceof Error ? reason.message : String(reason)),
    )
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            isOpen &&
            lessons.length > 1 && (
              <Button
                ariaLabel={`${t.skip}: ${t.chapter[chapter]}. ${t.skipHint}`}
                onClick={() => void skip()}
              >
                {t.skip}
              </Button>
            )
          }
        >
          {t.chapter[chapter]}
        </Header>
      }
    >
      <ol className="lesson-list">
        {lessons.map(({ id, number, title, minutes, state }) => (
          <li key={id} value={number} className={id === next ? 'is-next' : ''}>
            <PageLink to={`/learn/${id}`}>{textOf(title)}</PageLink>
            <span className="lesson-meta">
              {t.minutes(minutes)}
              <span>
                <Sign name={signs[state]} /> {t.states[state]}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Container>
  )
}

const signs: Readonly<Record<LessonState, SignName>> = {
  new: 'off',
  begun: 'firstHalf',
  due: 'unknown',
  solved: 'yes',
  kept: 'yes',
}
