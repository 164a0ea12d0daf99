import '../ask.css'
import Button from '@cloudscape-design/components/button'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import { useState } from 'react'
import { type HouseEvent, step } from '../client/learn.ts'
import { useText } from '../text/language.ts'
import { learnText } from '../text/learn.ts'
import { Failure } from './failure.tsx'

/** The event history of a lesson's house: each record as CloudTrail writes it. */
export function LessonTrail({ id }: { readonly id: string }) {
  const t = useText(learnText)
  const [events, setEvents] = useState<readonly HouseEvent[]>()
  const [error, setError] = useState<unknown>()
  const load = async () => {
    setError(undefined)
    await step<{ readonly events: readonly HouseEvent[] }>(id, 'events')
      .then((found) => setEvents(found.events))
      .catch(setError)
  }
  return (
    <section className="lesson-trail" aria-label={t.trail}>
      <h3>{t.trail}</h3>
      <Button iconName="refresh" onClick={() => void load()}>
        {t.loadTrail}
      </Button>
      {error !== undefined && <Failure error={error} />}
      {events?.length === 0 && <p>{t.noEvents}</p>}
      {events?.map(({ time, name, record }) => (
        <ExpandableSection key={record} variant="inline" headerText={`${name} · ${time}`}>
          <pre className="policy-plain policy-whole" lang="en">
            {record}
          </pre>
        </ExpandableSection>
      ))}
    </section>
  )
}
