import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useState } from 'react'
import type { Asking } from '../client/learn.ts'
import { isTyping, useSingleKeys } from '../client/shortcuts.ts'
import { useText } from '../text/language.ts'
import { learnText, useLessonText } from '../text/learn.ts'
import { StepHeading } from './lesson-step.tsx'

interface LessonQuestionProps {
  readonly asking: Asking
  readonly onAnswer: (option: number, sure: boolean) => Promise<void>
}

/** The prediction: one of the options, before anything is shown. */
export function LessonQuestion({ asking: { ask, options }, onAnswer }: LessonQuestionProps) {
  const t = useText(learnText)
  const textOf = useLessonText()
  const singleKeys = useSingleKeys()
  const [option, setOption] = useState<number>()
  const [sure, setSure] = useState(false)
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const answer = async () => {
    if (option === undefined) return setMissing(true)
    setBusy(true)
    await onAnswer(option, sure).finally(() => setBusy(false))
  }
  const choose = (chosen: number) => {
    setOption(chosen)
    setMissing(false)
  }
  useEffect(() => {
    if (!singleKeys) return
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target } = event
      const number = Number(key)
      const isRadio = target instanceof HTMLInputElement && target.type === 'radio'
      if (ctrlKey || metaKey || altKey || (isTyping(target) && !isRadio)) return
      if (!(number >= 1 && number <= options.length)) return
      event.preventDefault()
      setOption(number)
      setMissing(false)
      document.querySelector<HTMLElement>(`.lesson-options input[value="${number}"]`)?.focus()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [singleKeys, options.length])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void answer()
      }}
      onKeyDown={(event) => {
        // a radio button gives no form away by itself
        const { target } = event
        if (event.key !== 'Enter' || !(target instanceof HTMLInputElement)) return
        event.preventDefault()
        void answer()
      }}
    >
      <Container
        header={<StepHeading description={singleKeys ? t.predictHint : undefined}>{t.predict}</StepHeading>}
      >
        <SpaceBetween size="m">
          <div className="lesson-options">
            <FormField label={textOf(ask)} stretch errorText={missing ? t.choose : ''}>
              <RadioGroup
                value={option === undefined ? null : String(option)}
                items={options.map((each, index) => ({ value: String(index + 1), label: textOf(each) }))}
                onChange={({ detail }) => choose(Number(detail.value))}
              />
            </FormField>
          </div>
          <Checkbox checked={sure} onChange={({ detail }) => setSure(detail.checked)}>
            {t.sure}
          </Checkbox>
          <Button variant="primary" loading={busy}>
            {t.answer}
          </Button>
        </SpaceBetween>
      </Container>
    </form>
  )
}
