import Alert from '@cloudscape-design/components/alert'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useHistoryState } from 'wouter/use-browser-location'
import { type Answer, type Asking, askWhetherCan } from '../client/decisions.ts'
import { useActions, usePrincipals } from '../client/names.ts'
import { Failure } from '../components/failure.tsx'
import { CasesDialog } from '../components/made-of-events.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Questions } from '../components/questions.tsx'
import { Ways } from '../components/ways.tsx'
import { askText } from '../text/ask.ts'
import { useText } from '../text/language.ts'
import { whyText } from '../text/why.ts'

const fields = ['who', 'chain', 'action', 'resource', 'owner', 'context', 'sessionPolicy'] as const
type Fields = Record<(typeof fields)[number], string>

/** A hypothetical call: who, what, on what, in which context. The address has what was asked. */
export default function TryPage() {
  // another question from the search is another page
  const state = useHistoryState<Asked | null>()
  return <Try key={state?.once ?? ''} state={state} />
}

/** How the page was opened: `once` differs each time, and a question that `asks` is answered at once. */
interface Asked {
  readonly once?: string
  readonly asks?: boolean
}

function Try({ state }: { readonly state: Asked | null }) {
  const t = useText(askText)
  const why = useText(whyText)
  const [params, setParams] = useSearchParams()
  const principals = usePrincipals()
  const [asked, setAsked] = useState<Fields>(() => ({
    who: params.get('who') ?? '',
    chain: params.get('chain') ?? '',
    action: params.get('action') ?? '',
    resource: params.get('resource') ?? '*',
    owner: params.get('owner') ?? '',
    context: params.get('context') ?? '',
    sessionPolicy: '',
  }))
  const actions = useActions(asked.action)
  const [answer, setAnswer] = useState<Answer>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [saving, setSaving] = useState(false)
  const set = (name: keyof Fields) => (value: string) => setAsked((before) => ({ ...before, [name]: value }))
  const badLine = linesOf(asked.context).find((line) => !line.includes('='))
  const run = async () => {
    setBusy(true)
    setError(undefined)
    try {
      setAnswer(await askWhetherCan(askingOf(asked)))
      const { sessionPolicy: _, ...kept } = asked // a document is too long for an address
      setParams(new URLSearchParams(Object.entries(kept).filter(([, value]) => value !== '')), {
        replace: true,
        state: { once: state?.once },
      })
    } catch (reason) {
      setAnswer(undefined)
      setError(reason)
    } finally {
      setBusy(false)
    }
  }
  const incomplete = asked.who === '' || asked.action === '' || asked.resource === '' || badLine !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question is asked once, when the page opens
  useEffect(() => {
    if (state?.asks === true && !incomplete) void run()
  }, [])
  return (
    <SpaceBetween size="l">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!incomplete) void run()
        }}
      >
        <Form
          header={
            <Header variant="h1" description={t.tryDescription}>
              {t.tryTitle}
            </Header>
          }
          actions={
            <Button variant="primary" loading={busy} disabled={incomplete}>
              {t.submit}
            </Button>
          }
        >
          <Container>
            <SpaceBetween size="m">
              <ColumnLayout columns={2}>
                <FormField label={t.who} description={t.whoHint}>
                  <Autosuggest
                    value={asked.who}
                    onChange={({ detail }) => set('who')(detail.value)}
                    options={principals.map((value) => ({ value }))}
                    enteredTextLabel={(text) => text}
                    virtualScroll
                  />
                </FormField>
                <FormField label={t.chain} description={t.chainHint}>
                  <Input value={asked.chain} onChange={({ detail }) => set('chain')(detail.value)} />
                </FormField>
                <FormField label={t.action} description={t.actionHint}>
                  <Autosuggest
                    value={asked.action}
                    onChange={({ detail }) => set('action')(detail.value)}
                    options={actions.map((value) => ({ value }))}
                    enteredTextLabel={(text) => text}
                    virtualScroll
                  />
                </FormField>
                <FormField label={t.resource} description={t.resourceHint}>
                  <Input
                    value={asked.resource}
                    spellcheck={false}
                    onChange={({ detail }) => set('resource')(detail.value)}
                  />
                </FormField>
              </ColumnLayout>
              {hidesOwner.test(asked.resource) && (
                <FormField label={t.owner} description={t.ownerHint}>
                  <Input value={asked.owner} onChange={({ detail }) => set('owner')(detail.value)} />
                </FormField>
              )}
              <FormField
                label={t.context}
                description={t.contextHint}
                errorText={badLine === undefined ? '' : t.badContext(badLine)}
              >
                <Textarea
                  rows={3}
                  value={asked.context}
                  onChange={({ detail }) => set('context')(detail.value)}
                />
              </FormField>
              <ExpandableSection headerText={t.sessionPolicy} defaultExpanded={asked.sessionPolicy !== ''}>
                <FormField label={t.sessionPolicy} description={t.sessionPolicyHint}>
                  <Textarea
                    rows={8}
                    spellcheck={false}
                    value={asked.sessionPolicy}
                    onChange={({ detail }) => set('sessionPolicy')(detail.value)}
                  />
                </FormField>
              </ExpandableSection>
            </SpaceBetween>
          </Container>
        </Form>
      </form>
      {error !== undefined && <Failure error={error} />}
      {answer !== undefined && (
        <SpaceBetween size="m">
          <Alert
            type={answer.allowed ? 'success' : 'error'}
            header={answer.allowed ? t.yes : t.no}
            action={<Button onClick={() => setSaving(true)}>{t.saveCase}</Button>}
          >
            <SpaceBetween size="xs">
              <span className="as-sent" lang="en" dir="auto">
                {answer.asked.at(-1)?.sentence || answer.caller}
              </span>
              <PageLink to={`/d/${answer.id}`}>{t.openDecision}</PageLink>
            </SpaceBetween>
          </Alert>
          <Questions key={answer.id} questions={answer.asked} />
          {!answer.allowed && (
            <Container header={<Header variant="h2">{why.ways}</Header>}>
              <Ways ways={answer.ways} decision={answer.id} />
            </Container>
          )}
        </SpaceBetween>
      )}
      {saving && answer !== undefined && (
        <CasesDialog decisions={[answer.id]} left={0} title={t.caseTitle} onClose={() => setSaving(false)} />
      )}
    </SpaceBetween>
  )
}

/** ARNs that do not say whose the resource is. */
const hidesOwner = /^arn:[^:]*:[^:]*:[^:]*::./

function askingOf({ who, chain, action, resource, owner, context, sessionPolicy }: Fields): Asking {
  const roles = chain
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return {
    who: who.trim(),
    action: action.trim(),
    resource: resource.trim(),
    ...(hidesOwner.test(resource) && owner.trim() !== '' ? { owner: owner.trim() } : {}),
    ...(roles.length === 0 ? {} : { chain: roles }),
    ...(context.trim() === '' ? {} : { context: contextOf(context) }),
    ...(sessionPolicy.trim() === '' ? {} : { sessionPolicy }),
  }
}

/** Lines of `key = value`; a key on several lines has several values. */
function contextOf(text: string): Record<string, string | string[]> {
  const values = new Map<string, string[]>()
  for (const line of linesOf(text)) {
    const at = line.indexOf('=')
    const key = line.slice(0, at).trim()
    values.set(key, [...(values.get(key) ?? []), line.slice(at + 1).trim()])
  }
  return Object.fromEntries(
    [...values].map(([key, list]) => [key, list.length === 1 ? (list[0] ?? '') : list]),
  )
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}
