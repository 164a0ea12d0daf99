import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Asking, Checked, Said } from '../client/learn.ts'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { StepHeading } from './lesson-step.tsx'
import { Foreign } from './sentence.tsx'
import { Verdict } from './verdict.tsx'

interface LessonSaidProps {
  readonly asking: Asking
  readonly said: Said
  readonly takesFocus: boolean
}

/** The learner's answer, and the engine's: AWS's own sentence, and the gates by which it came. */
export function LessonSaid({ asking: { options }, said, takesFocus }: LessonSaidProps) {
  const t = useText(learnText)
  const textOf = useLessonText()
  const { option, sure, right, shown } = said
  const words = (number: number) => {
    const text = options[number - 1]
    return text === undefined ? '' : textOf(text)
  }
  const isRight = option === right
  return (
    <Container header={<StepHeading takesFocus={takesFocus}>{t.engine}</StepHeading>}>
      <SpaceBetween size="m">
        <Alert type={isRight ? 'success' : 'warning'} header={isRight ? t.thatIsSo : t.otherwise}>
          <dl className="lesson-said">
            <div>
              <dt>{t.youSaid}</dt>
              <dd>
                {words(option)}
                {sure && ` (${t.wereSure})`}
              </dd>
            </div>
            {!isRight && (
              <div>
                <dt>{t.engine}</dt>
                <dd>{words(right)}</dd>
              </div>
            )}
          </dl>
        </Alert>
        <ol className="lesson-shown">
          {shown.map((each) => (
            <li key={each.words.en}>
              <Answered checked={each} />
            </li>
          ))}
        </ol>
      </SpaceBetween>
    </Container>
  )
}

function Answered({ checked: { words, sentence, found, path, gates } }: { readonly checked: Checked }) {
  const t = useText(learnText)
  const textOf = useLessonText()
  return (
    <SpaceBetween size="xxs">
      <span>{textOf(words)}</span>
      {[found, sentence, path].map(
        (each) =>
          each !== undefined && (
            <span key={each} className="lesson-sentence">
              <Foreign>{each}</Foreign>
            </span>
          ),
      )}
      {gates !== undefined && (
        <ExpandableSection headerText={t.gates}>
          <Verdict question={gates} />
        </ExpandableSection>
      )}
    </SpaceBetween>
  )
}
