import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { carriedIn } from 'omen-iam/views'
import { useState } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { pageOfArn } from '../client/arn-page.ts'
import {
  type Arrow,
  administrator,
  type Edge,
  type Ends,
  type Path,
  type Place,
  type PolicyOf,
  type Step,
  shortName,
  useEdge,
} from '../client/graph.ts'
import { useLanguage, useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'
import { shellText } from '../text/shell.ts'
import { Failure } from './failure.tsx'
import { PageLink } from './page-link.tsx'
import { PathCuts } from './path-cuts.tsx'
import { Conditions, EndedEarly, PathLine, ReadBy, useTechniqueName, VerdictSign } from './path-words.tsx'
import { Sentence } from './sentence.tsx'
import { Sign } from './sign.tsx'

interface EdgeProps {
  readonly arrow: Arrow
  /** The ends of the page's question. */
  readonly ends: Ends
  readonly onClose: () => void
}

/** One arrow in full: each way to take it, with both halves and the statements that allow them. */
export function PathEdge({ arrow, ends, onClose }: EdgeProps) {
  const t = useText(pathsText)
  const shell = useText(shellText)
  const { from, to, start, others = 0 } = arrow
  const inWords = useTechniqueName()
  const [isBreaking, setBreaking] = useState(false)
  const edge = useEdge(arrow, ends, useLanguage())
  const { ways = [], verdict } = edge.data ?? {}
  const [best, ...more] = ways
  const isOpen = verdict === 'proven' || verdict === 'conditional'
  // What others make calls of, or an earlier step has made possible, is broken where the path begins.
  const isPart = best?.alsoHeld !== undefined || best?.before !== undefined
  const made = new Set(
    [...(best?.before ?? []), ...(best?.steps ?? [])].flatMap((step) =>
      /^Create(?:User|Role)$/.test(step.label) ? [step.to] : [],
    ),
  )
  const broken = {
    ...ends,
    from: isPart ? start : from,
    // what does not exist yet is no goal of a cut
    to: made.has(to) ? ends.to : to,
  }
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            edge.data && [t.ways(ways.length), ...(others > 0 ? [t.alike(others)] : [])].join('. ')
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {isOpen && <Button onClick={() => setBreaking(true)}>{t.breakThis}</Button>}
              <Button iconName="close" ariaLabel={t.closeEdge} onClick={onClose} />
            </SpaceBetween>
          }
        >
          <span dir="auto">{t.edge(shortName(from), shortName(to))}</span>
        </Header>
      }
    >
      <span className="visually-hidden" role="status">
        {verdict !== undefined && t.opened(shortName(from), shortName(to), t.verdict[verdict])}
      </span>
      <SpaceBetween size="m">
        {edge.isPending && <Spinner aria-label={shell.loading} />}
        {edge.isError && <Failure error={edge.error} />}
        {edge.data !== undefined && best === undefined && <Box>{t.verdictHint[edge.data.verdict]}</Box>}
        {edge.data !== undefined && <EndedEarly incomplete={edge.data.incomplete} />}
        {edge.data !== undefined && best !== undefined && <Way edge={edge.data} way={best} />}
        {edge.data !== undefined &&
          more.map((way, index) => (
            <ExpandableSection
              // biome-ignore lint/suspicious/noArrayIndexKey: ways have no name and never move
              key={index}
              headerText={way.steps.map(({ label }) => inWords(label)).join(', ')}
              headerDescription={
                way.alsoHeld === undefined
                  ? t.verdict[way.verdict]
                  : `${t.verdict[way.verdict]}. ${t.alsoHeld(way.alsoHeld.map(shortName))}`
              }
            >
              {edge.data !== undefined && <Way edge={edge.data} way={way} />}
            </ExpandableSection>
          ))}
        <PageLinks arns={[from, to].filter((arn) => !made.has(arn))} />
        {isBreaking && <PathCuts ends={broken} />}
      </SpaceBetween>
    </Container>
  )
}

function Way({ edge, way }: { readonly edge: Edge; readonly way: Path }) {
  const t = useText(pathsText)
  const { steps, alsoHeld, before, verdict, residual } = way
  const facts = steps.flatMap((step) => step.facts)
  return (
    <SpaceBetween size="s">
      <VerdictSign verdict={verdict} />
      {alsoHeld !== undefined && <Box fontWeight="bold">{t.alsoHeld(alsoHeld.map(shortName))}</Box>}
      {before !== undefined && (
        <section>
          <Header variant="h3">{t.stepsBefore}</Header>
          <PathLine path={{ ...way, steps: before }} />
        </section>
      )}
      {steps.every(({ technique }) => technique === administrator) && <Box>{t.everything}</Box>}
      <ul className="questions">
        {steps.flatMap((step, place) =>
          step.requests.map((request, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: requests have no name and never move
            <li key={`${place} ${index}`} className="path-request">
              <Call step={step} request={request} />
              {request.decision.map((each) => (
                <Half key={each.layer + each.policy + each.line} place={each} documents={edge.documents} />
              ))}
            </li>
          )),
        )}
      </ul>
      {steps.map(
        ({ because, refused }) =>
          because !== undefined && (
            <div key={because} className="path-half">
              <span className="mark-no">
                <Sign name={verdict === 'blocked' ? 'no' : 'unknown'} />
              </span>{' '}
              <span dir="auto">{because}</span>
              <StatementText text={refused?.deny?.statement} />
            </div>
          ),
      )}
      {residual.length > 0 && (
        <section>
          <Header variant="h3">{t.left}</Header>
          <Conditions residual={residual} />
        </section>
      )}
      {facts.length > 0 && (
        <ExpandableSection headerText={t.facts}>
          <ul className="plain-list">
            {facts.map((each) => (
              <li key={each.fact + each.value} dir="auto">
                {each.name}: {each.value} <ReadBy fact={each} />
                <Box variant="small" display="inline">
                  <code lang="en">{each.fact}</code>
                </Box>
              </li>
            ))}
          </ul>
        </ExpandableSection>
      )}
    </SpaceBetween>
  )
}

/** A call: who makes it, what, and on what. */
function Call({ step, request }: { readonly step: Step; readonly request: Step['requests'][number] }) {
  const t = useText(pathsText)
  const { by = step.from, action, resource, principal } = request
  const carried = carriedIn(request)
  const isService = /\.amazonaws\.com(?:\.cn)?$/.test(principal)
  const to = `/try?who=${encodeURIComponent(by)}&action=${encodeURIComponent(action)}&resource=${encodeURIComponent(resource)}`
  return (
    <div lang="en" dir="auto">
      <Sentence
        text={t.asked}
        parts={{
          who: isService ? principal : shortName(by),
          action: <b>{action}</b>,
          resource: <code>{resource}</code>,
        }}
      />{' '}
      {carried.length > 0 && <code>({carried.join(', ')}) </code>}
      {!isService && <PageLink to={to}>{t.tryIt}</PageLink>}
    </div>
  )
}

/** One half: the layer that says yes, and the statement by which it does. */
function Half({ place, documents }: { readonly place: Place; readonly documents: readonly PolicyOf[] }) {
  const t = useText(pathsText)
  const { policy, layer, line, column, statement } = place
  const document = documents.find((each) => each.policy === policy && each.layer === layer)
  const own = document === undefined ? line : line - document.line + 1
  const isTrust = layer === 'resource' && policy.startsWith('trust of ')
  const words = Object.entries(t.layer).find(([name]) => name === (isTrust ? 'trust' : layer))?.[1] ?? layer
  return (
    <div className="path-half">
      <span className="mark-yes">
        <Sign name="yes" />
      </span>{' '}
      {words}: <b dir="auto">{policy}</b>{' '}
      <Box variant="small" display="inline">
        {t.line(own, column)}
      </Box>
      <StatementText text={statement} />
    </div>
  )
}

/** The text of a statement. If it is on one line, it is laid out anew, so that it can be read. */
function StatementText({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long statement is scrolled by keys
    <pre className="policy-plain" lang="en" dir="auto" tabIndex={0}>
      {text.includes('\n') ? unindented(text) : laidOut(text)}
    </pre>
  )
}

function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

/** Lines without what all but the first are indented by. */
function unindented(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  const indents = rest
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length)
  const least = Math.min(...indents, 1_000)
  return [first, ...rest.map((line) => line.slice(least))].join('\n')
}

/** The pages of both ends. */
function PageLinks({ arns }: { readonly arns: readonly string[] }) {
  const t = useText(pathsText)
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {arns.flatMap((arn) => {
        const page = pageOfArn(arn)
        return page === undefined
          ? []
          : [
              <Button key={arn} onClick={() => navigate(`/_omen${page}`)}>
                {t.openOwner(shortName(arn))}
              </Button>,
            ]
      })}
    </SpaceBetween>
  )
}
