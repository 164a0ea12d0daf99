import '../ask.css'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { genesOf, maskBody } from 'omen-iam/masks'
import { useLocation } from 'wouter'
import type { Lesson, Solution, Solved } from '../client/learn.ts'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { Drawing } from './face.tsx'
import { StepHeading } from './lesson-step.tsx'

interface LessonSolvedProps {
  readonly lesson: Lesson
  readonly after: Solved
  readonly next: string | undefined
}

/** Everything after success: the sentence to remember, the first answer beside it, the shortest solution, the mistakes of others. */
export function LessonSolved({ lesson, after, next }: LessonSolvedProps) {
  const t = useText(learnText)
  const textOf = useLessonText()
  const [, navigate] = useLocation()
  const { remember, belief, solution, mistakes, facts, first } = after
  const said = first && lesson.options[first.option - 1]
  return (
    <Container header={<StepHeading takesFocus>{t.solved}</StepHeading>}>
      <SpaceBetween size="m">
        <div className="lesson-remember">
          <Drawing body={maskBody('kitsune', genesOf(lesson.id), 'plain', true)} size={64} />
          <p>
            <small>{t.remember}</small>
            {textOf(remember)}
          </p>
        </div>
        <dl className="lesson-said">
          {said !== undefined && (
            <div>
              <dt>{t.youSaid}</dt>
              <dd>
                {textOf(said)}
                {first?.sure === true && ` (${t.wereSure})`}
              </dd>
            </div>
          )}
          <div>
            <dt>{t.belief}</dt>
            <dd>{textOf(belief)}</dd>
          </div>
        </dl>
        <LessonSolution solution={solution} />
        <section>
          <h3>{t.others}</h3>
          <ul>
            {mistakes.map((each) => (
              <li key={each.en}>{textOf(each)}</li>
            ))}
          </ul>
        </section>
        <p>
          {t.rule}: <code lang="en">{facts.join(', ')}</code>
          <br />
          {t.tomorrow}
        </p>
        <SpaceBetween direction="horizontal" size="xs">
          {next !== undefined && (
            <Button variant="primary" onClick={() => navigate(`/learn/${next}`)}>
              {t.next}
            </Button>
          )}
          <Button onClick={() => navigate('/learn')}>{t.back}</Button>
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  )
}

/** The shortest solution. */
export function LessonSolution({
  solution: { documents, commands, fields },
}: {
  readonly solution: Solution
}) {
  const t = useText(learnText)
  return (
    <section className="lesson-solution">
      <h3>{t.shortest}</h3>
      {documents.map(({ name, text }) => (
        <div key={name}>
          {name === 'session' ? t.sessionPolicy : <code lang="en">{name}</code>}
          <pre className="policy-plain policy-whole" lang="en">
            {text}
          </pre>
        </div>
      ))}
      {commands.length > 0 && (
        <pre className="policy-plain policy-whole" lang="en">
          {commands.join('\n')}
        </pre>
      )}
      {fields !== undefined && (
        <p>
          <code lang="en">{fields.join(' · ')}</code>
        </p>
      )}
    </section>
  )
}
