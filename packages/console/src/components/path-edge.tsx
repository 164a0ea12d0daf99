import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { parsePolicy } from '@omen-iam/policy'
import { useState } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { pageOfArn } from '../client/arn-page.ts'
import {
  administrator,
  type Edge,
  type Ends,
  type Path,
  type Place,
  type PolicyOf,
  shortName,
  useEdge,
  usePaths,
} from '../client/graph.ts'
import { useLanguage, useText } from '../text/language.ts'
import { pathsText } from '../text/paths.ts'
import { shellText } from '../text/shell.ts'
import { Failure } from './failure.tsx'
import { PageLink } from './page-link.tsx'
import { PathCuts } from './path-cuts.tsx'
import { Conditions, EndedEarly, useTechniqueName, VerdictSign } from './path-words.tsx'

interface EdgeProps {
  readonly pair: readonly [from: string, to: string]
  /** What the page asks about. */
  readonly ends: Ends
  readonly onClose: () => void
}

/** One arrow in full: each way to take it, with both halves and the statements that allow them. */
export function PathEdge({ pair, ends, onClose }: EdgeProps) {
  const t = useText(pathsText)
  const shell = useText(shellText)
  const [from, to] = pair
  const inWords = useTechniqueName()
  const [isBreaking, setBreaking] = useState(false)
  const edge = useEdge(pair, ends, useLanguage())
  const together = useStepTogether(pair, ends, edge.data)
  const ways = edge.data?.ways.length === 0 ? together : (edge.data?.ways ?? [])
  const [best, ...others] = ways
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={edge.data && t.ways(ways.length)}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => setBreaking(true)}>{t.breakThis}</Button>
              <Button iconName="close" ariaLabel={t.closeEdge} onClick={onClose} />
            </SpaceBetween>
          }
        >
          <span dir="auto">{t.edge(shortName(from), shortName(to))}</span>
        </Header>
      }
    >
      <SpaceBetween size="m">
        {edge.isPending && <Spinner aria-label={shell.loading} />}
        {edge.isError && <Failure error={edge.error} />}
        {edge.data !== undefined && best === undefined && <Box>{t.verdictHint[edge.data.verdict]}</Box>}
        {edge.data !== undefined && <EndedEarly incomplete={edge.data.incomplete} />}
        {edge.data !== undefined && best !== undefined && <Way edge={edge.data} way={best} />}
        {edge.data !== undefined &&
          others.map((way, index) => (
            <ExpandableSection
              // biome-ignore lint/suspicious/noArrayIndexKey: ways have no name and never move
              key={index}
              headerText={way.steps.map(({ label }) => inWords(label)).join(', ')}
              headerDescription={t.verdict[way.verdict]}
            >
              {edge.data !== undefined && <Way edge={edge.data} way={way} />}
            </ExpandableSection>
          ))}
        <PageLinks pair={pair} />
        {isBreaking && <PathCuts ends={{ ...ends, from, to }} />}
      </SpaceBetween>
    </Container>
  )
}

/** The step between two principals that others make calls of, if the first one cannot make it by itself. */
function useStepTogether([from, to]: EdgeProps['pair'], ends: Ends, edge: Edge | undefined): readonly Path[] {
  const isNeeded = edge?.ways.length === 0
  const paths = usePaths(isNeeded ? ends : { ...ends, from: '' }, '', useLanguage())
  const steps = paths.data?.paths.flatMap((path) => path.steps) ?? []
  const step = steps.find((each) => each.from === from && each.to === to)
  return step === undefined ? [] : [{ verdict: step.verdict, residual: step.residual, steps: [step] }]
}

function Way({ edge, way }: { readonly edge: Edge; readonly way: Path }) {
  const t = useText(pathsText)
  const facts = way.steps.flatMap((step) => step.facts)
  return (
    <SpaceBetween size="s">
      <VerdictSign verdict={way.verdict} />
      {way.steps.every(({ technique }) => technique === administrator) && <Box>{t.everything}</Box>}
      <ul className="questions">
        {way.steps.flatMap((step, place) =>
          step.requests.map(({ by, action, resource, decision }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: requests have no name and never move
            <li key={`${place} ${index}`} className="path-request">
              <div lang="en" dir="auto">
                {by !== undefined && <>{shortName(by)}: </>}
                <b>{action}</b> {t.on} <code>{resource}</code>{' '}
                <PageLink
                  to={`/try?who=${encodeURIComponent(by ?? step.from)}&action=${encodeURIComponent(action)}&resource=${encodeURIComponent(resource)}`}
                >
                  {t.tryIt}
                </PageLink>
              </div>
              {decision.map((each) => (
                <Half key={each.layer + each.policy + each.line} place={each} documents={edge.documents} />
              ))}
            </li>
          )),
        )}
      </ul>
      {way.steps.map(
        ({ because }) =>
          because !== undefined && (
            <p key={because} dir="auto">
              {because}
            </p>
          ),
      )}
      {way.residual.length > 0 && (
        <section>
          <Header variant="h3">{t.left}</Header>
          <Conditions residual={way.residual} />
        </section>
      )}
      {facts.length > 0 && (
        <ExpandableSection headerText={t.facts}>
          <ul className="plain-list">
            {facts.map(({ fact, value }) => (
              <li key={fact + value} dir="auto">
                <span lang="en">{fact}</span>: {value}
              </li>
            ))}
          </ul>
        </ExpandableSection>
      )}
    </SpaceBetween>
  )
}

/** One half: the layer that says yes, and the statement by which it does. */
function Half({ place, documents }: { readonly place: Place; readonly documents: readonly PolicyOf[] }) {
  const t = useText(pathsText)
  const document = documents.find(({ policy, layer }) => policy === place.policy && layer === place.layer)
  const line = document === undefined ? place.line : place.line - document.line + 1
  const statement = document === undefined ? undefined : statementAt(document.text, line, place.layer)
  const words = Object.entries(t.layer).find(([layer]) => layer === place.layer)?.[1] ?? place.layer
  return (
    <div className="path-half">
      <span className="mark-yes" aria-hidden="true">
        ✓
      </span>{' '}
      {words}: <b dir="auto">{place.policy}</b>{' '}
      <Box variant="small" display="inline">
        {t.line(line)}
      </Box>
      {statement !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long statement is scrolled by keys
        <pre className="policy-plain" lang="en" dir="auto" tabIndex={0}>
          {statement}
        </pre>
      )}
    </div>
  )
}

/** The text of the statement that a line is in. */
function statementAt(text: string, line: number, layer: string): string | undefined {
  const parsed = parsePolicy(text, layer === 'resource' ? 'trust' : 'identity', { lenient: true })
  if (!parsed.ok) return undefined
  const statement =
    parsed.policy.statements.find(({ span }) => span.start.line <= line && line <= span.end.line) ??
    parsed.policy.statements[0]
  if (statement === undefined) return undefined
  const { start, end } = statement.span
  const lines = text.split('\n').slice(start.line - 1, end.line)
  const cut = lines.map((each, index) => {
    const upTo = index === lines.length - 1 ? each.slice(0, end.column - 1) : each
    return index === 0 ? upTo.slice(start.column - 1) : upTo
  })
  const [one] = cut
  // on one line it is laid out anew, so that it can be read
  if (one === undefined || cut.length > 1) return cut.join('\n')
  try {
    return JSON.stringify(JSON.parse(one), undefined, 2)
  } catch {
    return one
  }
}

/** The pages of both ends. */
function PageLinks({ pair }: { readonly pair: readonly [string, string] }) {
  const t = useText(pathsText)
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {pair.flatMap((arn) => {
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
