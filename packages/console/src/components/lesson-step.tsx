import Header from '@cloudscape-design/components/header'
import { type ReactNode, useEffect, useRef } from 'react'

interface StepHeadingProps {
  readonly children: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  /** Whether the focus comes here when the step appears. */
  readonly takesFocus?: boolean
}

/** The heading of a step of a lesson. A step that follows an answer takes the focus. */
export function StepHeading({ children, description, actions, takesFocus = false }: StepHeadingProps) {
  const place = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (!takesFocus) return
    place.current?.focus({ preventScroll: true })
    place.current?.scrollIntoView({ block: 'start' })
  }, [takesFocus])
  return (
    <Header variant="h2" description={description} actions={actions}>
      <span ref={place} className="lesson-step" tabIndex={-1}>
        {children}
      </span>
    </Header>
  )
}
