import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { Question } from '../client/decisions.ts'
import { useText } from '../text/language.ts'
import { whyText } from '../text/why.ts'
import { YesOrNo } from './sign.tsx'
import { RequestContext, Verdict } from './verdict.tsx'

/** The questions of a call, the one that decided open. */
export function Questions({ questions }: { readonly questions: readonly Question[] }) {
  const t = useText(whyText)
  const [chosen, setChosen] = useState<number>()
  const at = Math.min(chosen ?? questions.length - 1, questions.length - 1)
  const question = questions[at]
  if (question === undefined) return null
  return (
    <Container header={<Header variant="h2">{t.gates}</Header>}>
      <SpaceBetween size="m">
        {questions.length > 1 && (
          <ol className="questions" aria-label={t.questions}>
            {questions.map(({ action, resource, outcome }, index) => (
              <li key={`${action} ${resource}`}>
                <button
                  type="button"
                  className="question"
                  aria-pressed={index === at}
                  onClick={() => setChosen(index)}
                  lang="en"
                >
                  <YesOrNo yes={outcome === 'allowed'} /> {action} {resource}
                </button>
              </li>
            ))}
          </ol>
        )}
        <Verdict key={at} question={question} />
        <RequestContext question={question} />
      </SpaceBetween>
    </Container>
  )
}
