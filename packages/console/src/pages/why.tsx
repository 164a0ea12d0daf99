import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { AwsError } from '../client/aws.ts'
import {
  type Decision,
  type DecisionNow,
  getDecision,
  getDecisionNow,
  type Question,
  type Way,
} from '../client/decisions.ts'
import { Failure } from '../components/failure.tsx'
import { useMessages } from '../components/messages.tsx'
import { Questions } from '../components/questions.tsx'
import { Foreign, Sentence } from '../components/sentence.tsx'
import { Time } from '../components/time.tsx'
import { Ways } from '../components/ways.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { whyText } from '../text/why.ts'

/** Why a call was allowed or denied: the same page for both. Its address can be shared. */
export default function WhyPage() {
  const { id = '' } = useParams()
  const t = useText(whyText)
  const shell = useText(shellText)
  const decision = useQuery({
    queryKey: ['decision', id],
    queryFn: ({ signal }) => getDecision(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (decision.isError) return <Forgotten id={id} error={decision.error} />
  if (decision.data === undefined) return <Spinner size="large" aria-label={shell.loading} />
  if ('failed' in decision.data)
    return (
      <SpaceBetween size="l">
        <Header variant="h1">{t.title}</Header>
        <Alert type="info" header={t.failed}>
          <span lang="en" dir="auto">
            {decision.data.code}: {decision.data.message}
          </span>
        </Alert>
      </SpaceBetween>
    )
  return <Found decision={decision.data} />
}

/** A call whose decision is no longer kept: its event is, so that it can be decided by the policies of now. */
function Forgotten({ id, error }: { readonly id: string; readonly error: unknown }) {
  const t = useText(whyText)
  const isForgotten = error instanceof AwsError && error.status === 404
  const now = useQuery({
    queryKey: ['decision', id, 'now'],
    queryFn: ({ signal }) => getDecisionNow(id, signal),
    enabled: isForgotten,
    retry: false,
  })
  if (isForgotten && now.isPending) return <Spinner size="large" />
  const { event, asked = [], allowed, unknown = [], time = '' } = now.data ?? {}
  if (event === undefined)
    return (
      <SpaceBetween size="l">
        <Header variant="h1">{t.title}</Header>
        {now.data?.gone === true ? <Alert type="info">{t.gone}</Alert> : <Failure error={error} />}
      </SpaceBetween>
    )
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={
          <span lang="en" dir="auto">
            {event.name} · <Time iso={event.time} />
          </span>
        }
      >
        {t.title}: {allowed === true ? t.allowed : t.denied}
      </Header>
      <Alert type="info">
        {t.forgotten} {t.nowAt(timeText(time))}
        {unknown.length > 0 && <div>{t.unknownKeys(unknown.join(', '))}</div>}
      </Alert>
      <Questions questions={asked} />
      {allowed !== true && (
        <Container header={<Header variant="h2">{t.ways}</Header>}>
          <Ways ways={now.data?.ways ?? []} decision={now.data?.decision ?? id} />
        </Container>
      )}
    </SpaceBetween>
  )
}

function Found({ decision }: { readonly decision: Decision }) {
  const t = useText(whyText)
  const { say } = useMessages()
  const [, navigate] = useLocation()
  const [view, setView] = useState<'then' | 'now'>('then')
  const now = useQuery({
    queryKey: ['decision', decision.id, 'now'],
    queryFn: ({ signal }) => getDecisionNow(decision.id, signal),
    staleTime: 0,
  })
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text)
    say('success', t.copied)
  }
  const last = decision.asked.at(-1)
  const isNow = view === 'now' && now.data !== undefined
  const changed = now.data?.allowed !== undefined && now.data.allowed !== decision.allowed
  const shown = isNow ? (now.data?.asked ?? []) : decision.asked
  const tryIt =
    last &&
    `/try?${new URLSearchParams({ who: decision.caller, action: last.action, resource: last.resource })}`
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={<What decision={decision} question={last} />}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {tryIt !== undefined && <Button onClick={() => navigate(tryIt)}>{t.tryIt}</Button>}
            <Button onClick={() => void copy(`${location.origin}/_omen/d/${decision.id}`)}>
              {t.copyLink}
            </Button>
            <Button onClick={() => void copy(asText(decision, t))}>{t.copyText}</Button>
          </SpaceBetween>
        }
      >
        {t.title}: {decision.allowed ? t.allowed : t.denied}
      </Header>
      {decision.letThrough === true && <Alert type="warning">{t.letThrough}</Alert>}
      {last !== undefined && last.sentence !== '' && (
        <Alert type="error" header={t.awsSays}>
          <span className="as-sent" lang="en" dir="auto">
            {last.sentence}
          </span>
        </Alert>
      )}
      <SpaceBetween size="xs">
        <SegmentedControl
          selectedId={view}
          onChange={({ detail }) => setView(detail.selectedId === 'now' ? 'now' : 'then')}
          options={[
            { id: 'then', text: t.wasThen },
            { id: 'now', text: t.now },
          ]}
          label={t.decision}
        />
        <Box color="text-body-secondary">
          {isNow ? t.nowAt(timeText(now.data.time)) : t.thenAt(timeText(decision.time))}
        </Box>
        {changed && <Alert type={now.data?.allowed === true ? 'success' : 'warning'}>{t.changedSince}</Alert>}
        {isNow && now.data.gone === true && <Alert type="info">{t.gone}</Alert>}
        {view === 'now' && now.isError && <Failure error={now.error} />}
      </SpaceBetween>
      <Questions key={view} questions={shown} />
      {!(isNow ? now.data.allowed : decision.allowed) && (
        <Container header={<Header variant="h2">{t.ways}</Header>}>
          <Ways
            ways={waysOf(isNow ? now.data : decision)}
            decision={(isNow ? now.data.decision : undefined) ?? decision.id}
          />
        </Container>
      )}
      {decision.behind?.some(({ outcome }) => outcome !== 'allowed') && (
        <Container header={<Header variant="h2">{t.notEvaluated}</Header>}>
          <ul>
            {decision.behind
              .filter(({ outcome }) => outcome !== 'allowed')
              .map(({ action, resource }) => (
                <li key={`${action} ${resource}`} lang="en" dir="auto">
                  {action} {resource}
                </li>
              ))}
          </ul>
        </Container>
      )}
    </SpaceBetween>
  )
}

function waysOf({ ways }: DecisionNow | Decision): readonly Way[] {
  return ways ?? []
}

function What({
  decision,
  question,
}: {
  readonly decision: Decision
  readonly question: Question | undefined
}) {
  const t = useText(whyText)
  return (
    <span>
      {question === undefined ? (
        <Foreign>{decision.operation}</Foreign>
      ) : (
        <Sentence
          text={t.asked}
          parts={{
            action: <Foreign>{question.action}</Foreign>,
            resource: <Foreign>{question.resource}</Foreign>,
          }}
        />
      )}
      <br />
      <Sentence text={t.by} parts={{ who: <Foreign>{decision.caller}</Foreign> }} /> ·{' '}
      <Time iso={decision.time} /> · <code>{decision.id}</code>
    </span>
  )
}

function timeText(iso: string): string {
  return new Date(iso).toLocaleString(document.documentElement.lang)
}

/** The decision in a few lines, for a message. */
function asText(decision: Decision, t: ReturnType<typeof useText<typeof whyText.en>>): string {
  const last = decision.asked.at(-1)
  return [
    `${decision.allowed ? '✓' : '✗'} ${last?.action} ${last?.resource}`,
    `${t.by.replace('{who}', () => decision.caller)}${t.separator}${decision.time}${t.separator}${decision.id}`,
    ...(last === undefined || last.sentence === '' ? [] : [last.sentence]),
    `${location.origin}/_omen/d/${decision.id}`,
  ].join('\n')
}
