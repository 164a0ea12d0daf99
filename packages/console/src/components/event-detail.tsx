import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { chainOfEvent, type EventRow } from '../client/events.ts'
import { eventsText } from '../text/events.ts'
import { useText } from '../text/language.ts'
import { shortWho } from './event-list.tsx'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'
import { PageLink } from './page-link.tsx'
import { Sign } from './sign.tsx'

interface EventDetailProps {
  readonly row: EventRow
  readonly onClose: () => void
  /** Shows all that a person did, through whichever sessions. */
  readonly onPerson: (who: string) => void
}

/** One event: who really acted, and the record as LookupEvents gives it. */
export function EventDetail({ row, onClose, onPerson }: EventDetailProps) {
  const t = useText(eventsText)
  const { say } = useMessages()
  const chain = useQuery({
    queryKey: ['chain', row.id],
    queryFn: ({ signal }) => chainOfEvent(row.id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const copy = async () => {
    await navigator.clipboard.writeText(row.json)
    say('success', t.copied)
  }
  const [first] = chain.data ?? []
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={row.id}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => void copy()}>{t.copyRecord}</Button>
              <Button iconName="close" variant="icon" ariaLabel={t.close} onClick={onClose} />
            </SpaceBetween>
          }
        >
          <span lang="en">{row.name}</span>
        </Header>
      }
    >
      <SpaceBetween size="m">
        <div>
          <Box variant="h3">{t.really}</Box>
          {chain.isError && <Failure error={chain.error} />}
          <ol className="chain">
            {chain.data?.map((link, index) => (
              <li key={`${link.accessKeyId} ${link.who}`}>
                {index > 0 && <Sign name="right" />}
                <span lang="en" dir="auto">
                  {shortWho(link.who)}
                </span>{' '}
                <small lang="en">
                  {[link.operation, link.accessKeyId].filter((each) => each !== undefined).join(' · ')}
                  {link.mfa === true ? ` · ${t.mfa}` : ''}
                  {link.sourceIdentity === undefined ? '' : ` · ${t.sourceIdentity(link.sourceIdentity)}`}
                </small>
              </li>
            ))}
            <li>
              {chain.data !== undefined && chain.data.length > 0 && <Sign name="right" />}{' '}
              {row.decision === undefined ? (
                t.thisCall
              ) : (
                <PageLink to={`/d/${encodeURIComponent(row.decision)}`}>{t.thisCall}</PageLink>
              )}
            </li>
          </ol>
          {first !== undefined && first.who !== '' && (
            <Button onClick={() => onPerson(first.who)}>{t.onlyPerson(shortWho(first.who))}</Button>
          )}
        </div>
        <div>
          <Box variant="h3">{t.record}</Box>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
          <pre className="record" lang="en" dir="ltr" data-record tabIndex={0}>
            {row.json}
          </pre>
        </div>
      </SpaceBetween>
    </Container>
  )
}
