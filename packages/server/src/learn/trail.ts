import type { RunningOmen } from '../index.ts'

/** The most events of a lesson's house that are shown. */
const eventsMost = 50

/** An event of a lesson's house. */
export interface HouseEvent {
  readonly time: string
  readonly name: string
  /** The record, as CloudTrail writes it. */
  readonly record: string
}

/** The newest events of a lesson's house. */
export async function eventsOfHouse({ omen: { deps } }: RunningOmen): Promise<readonly HouseEvent[]> {
  await deps.recorder.flush()
  const { events } = await deps.recorder.lookUp({ account: deps.firstAccount, limit: eventsMost })
  return events.map(({ json }) => {
    const record: unknown = JSON.parse(json)
    const { eventTime, eventName } = record as { eventTime: string; eventName: string } // the recorder wrote it
    return { time: eventTime, name: eventName, record: JSON.stringify(record, null, 2) }
  })
}
