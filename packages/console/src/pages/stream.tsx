import '../ask.css'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { leastPolicy, type ResourceScope, type SeenRequest } from '@omen-iam/policy'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useSearchParams } from 'wouter'
import { type EventRow, useEvents } from '../client/events.ts'
import { shortWho } from '../components/event-list.tsx'
import { Failure } from '../components/failure.tsx'
import { CasesOfEvents, PolicyOfEvents, questionsOf, ScopeChoice } from '../components/made-of-events.tsx'
import { useMessages } from '../components/messages.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Sign } from '../components/sign.tsx'
import { eventsText } from '../text/events.ts'
import { useText } from '../text/language.ts'

/** Calls that stay on the page, and permissions in the policy: beyond that it is no least policy any more. */
const most = { calls: 200, questions: 2_000 } as const

interface Call {
  readonly row: EventRow
  /** Permissions that no call before it needed. */
  readonly needed: number
}

/** The events since the start. */
interface Stream {
  readonly calls: readonly Call[]
  /** Replaced, never changed. */
  readonly questions: Map<string, SeenRequest>
}

const nothing: Stream = { calls: [], questions: new Map() }

/** Calls as they come, and the least policy that they need. */
export default function StreamPage() {
  const t = useText(eventsText)
  const { say } = useMessages()
  const [params, setParams] = useSearchParams()
  const who = params.get('who') ?? ''
  const [typed, setTyped] = useState(who)
  const [running, setRunning] = useState(true)
  const [denied, setDenied] = useState(false)
  const [scope, setScope] = useState<ResourceScope>('exact')
  const [making, setMaking] = useState<'policy' | 'cases'>()
  const { stream, error, clear } = useStream(who, running, denied)
  const questions = useMemo(() => [...stream.questions.values()], [stream.questions])
  const text = useMemo(
    () => (questions.length === 0 ? '' : JSON.stringify(leastPolicy(questions, scope).document, null, 2)),
    [questions, scope],
  )
  const rows = stream.calls.map(({ row }) => row)
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.streamDescription}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setRunning(!running)}>{running ? t.pause : t.start}</Button>
            <Button onClick={clear}>{t.clear}</Button>
            <Button disabled={rows.length === 0} onClick={() => setMaking('cases')}>
              {t.makeCases}
            </Button>
            <Button disabled={questions.length === 0} variant="primary" onClick={() => setMaking('policy')}>
              {t.createPolicy}
            </Button>
          </SpaceBetween>
        }
      >
        {t.streamTitle}
      </Header>
      <div className="filters">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            setParams(typed === '' ? {} : { who: typed }, { replace: true })
          }}
        >
          <FormField label={t.streamWho} description={t.streamWhoHint}>
            <Input
              type="search"
              value={typed}
              onChange={({ detail }) => setTyped(detail.value)}
              onBlur={() => setParams(typed === '' ? {} : { who: typed }, { replace: true })}
            />
          </FormField>
        </form>
        <Toggle checked={denied} onChange={({ detail }) => setDenied(detail.checked)}>
          {t.denied}
        </Toggle>
      </div>
      {error !== undefined && <Failure error={error} />}
      <div className="stream">
        <Container header={<Header variant="h2">{t.streamCalls}</Header>}>
          {stream.calls.length === 0 ? (
            <Box color="text-body-secondary">{t.waiting}</Box>
          ) : (
            <ol className="stream-calls" aria-live="off">
              {stream.calls.map(({ row, needed }) => (
                <li key={row.id} className={needed > 0 ? 'is-needed' : ''}>
                  <b lang="en">{row.name}</b> <span lang="en">{shortWho(row.who)}</span>{' '}
                  {row.errorCode !== undefined && (
                    <span lang="en">
                      <Sign name="no" /> {row.errorCode}
                    </span>
                  )}
                  <small>
                    {needed > 0 ? `+ ${t.needed(needed)}` : t.known}
                    {row.decision !== undefined && (
                      <>
                        {' · '}
                        <PageLink to={`/d/${encodeURIComponent(row.decision)}`}>{t.why}</PageLink>
                      </>
                    )}
                  </small>
                </li>
              ))}
            </ol>
          )}
        </Container>
        <Container
          header={
            <Header
              variant="h2"
              counter={`(${t.questions(questions.length)})`}
              actions={
                <Button
                  disabled={text === ''}
                  onClick={() =>
                    void navigator.clipboard.writeText(text).then(() => say('success', t.copied))
                  }
                >
                  {t.policyCopy}
                </Button>
              }
            >
              {t.streamPolicy}
            </Header>
          }
        >
          <SpaceBetween size="s">
            <ScopeChoice scope={scope} onChange={setScope} />
            {questions.length >= most.questions && (
              <Alert type="warning">{t.questions(most.questions)}</Alert>
            )}
            <pre className="policy-plain policy-whole" lang="en" dir="auto" data-policy>
              {text}
            </pre>
          </SpaceBetween>
        </Container>
      </div>
      {making === 'policy' && <PolicyOfEvents rows={rows} onClose={() => setMaking(undefined)} />}
      {making === 'cases' && <CasesOfEvents rows={rows} onClose={() => setMaking(undefined)} />}
    </SpaceBetween>
  )
}

/** Follows the new events of a principal, each once. */
function useStream(who: string, running: boolean, denied: boolean) {
  const filter = who === '' ? '' : new URLSearchParams({ person: who }).toString()
  const events = useEvents(filter, running)
  const [stream, setStream] = useState<Stream>(nothing)
  const seen = useRef<{ readonly filter: string; newest: EventRow | undefined }>(undefined)
  useEffect(() => {
    if (events.loading) return
    const [newest] = events.rows
    // what was there before does not count
    if (seen.current?.filter !== filter) {
      seen.current = { filter, newest }
      setStream(nothing)
      return
    }
    const known = seen.current.newest?.id
    const at = events.rows.findIndex(({ id }) => id === known)
    const fresh = (at < 0 ? events.rows : events.rows.slice(0, at)).toReversed()
    if (fresh.length === 0) return
    seen.current.newest = newest
    setStream((before) => grown(before, fresh, denied))
  }, [events.rows, events.loading, filter, denied])
  return { stream, error: events.error, clear: () => setStream(nothing) }
}

function grown(before: Stream, fresh: readonly EventRow[], denied: boolean): Stream {
  let questions: Map<string, SeenRequest> = before.questions
  const calls: Call[] = []
  for (const row of fresh) {
    const isRefused = /^(?:AccessDenied|Client\.UnauthorizedOperation)$/.test(row.errorCode ?? '')
    const asked = isRefused && !denied ? [] : questionsOf([row])
    let needed = 0
    for (const one of asked) {
      const key = JSON.stringify([one.action, one.resource, one.passedTo])
      if (questions.has(key) || questions.size >= most.questions) continue
      // the same map as long as nothing is new: the policy is then not computed again
      if (questions === before.questions) questions = new Map(before.questions)
      questions.set(key, one)
      needed++
    }
    calls.unshift({ row, needed })
  }
  return { calls: [...calls, ...before.calls].slice(0, most.calls), questions }
}
